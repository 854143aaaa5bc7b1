/*
 * ELF parsing: see elf.h. Every sum is checked before it is made, since all
 * numbers come from a file that anybody may have written.
 */
#include "elf.h"

#include <uapi/errno.h>

/* Whether [start, start + bytes) ends at or before @limit, overflow included. */
static bool range_within(uint64_t start, uint64_t bytes, uint64_t limit)
{
	return bytes <= limit && start <= limit - bytes;
}

static bool ident_ok(const unsigned char *ident)
{
	return ident[EI_MAG0] == ELFMAG0 && ident[EI_MAG1] == ELFMAG1 &&
	       ident[EI_MAG2] == ELFMAG2 && ident[EI_MAG3] == ELFMAG3 &&
	       ident[EI_CLASS] == ELFCLASS64 &&
	       ident[EI_DATA] == ELFDATA2LSB && ident[EI_VERSION] == EV_CURRENT;
}

int elf_check_header(const Elf64_Ehdr *header, uint64_t file_bytes)
{
	if (file_bytes < sizeof(*header) || !ident_ok(header->e_ident))
		return -ENOEXEC;
	if (header->e_machine != EM_X86_64 ||
	    (header->e_type != ET_EXEC && header->e_type != ET_DYN))
		return -ENOEXEC;
	if (header->e_phentsize != sizeof(Elf64_Phdr) || !header->e_phnum ||
	    header->e_phnum > ELF_MAX_PHDRS)
		return -ENOEXEC;
	if (!range_within(header->e_phoff,
			  header->e_phnum * sizeof(Elf64_Phdr), file_bytes))
		return -ENOEXEC;
	return 0;
}

static unsigned int access_of(uint32_t p_flags)
{
	unsigned int access = 0;

	if (p_flags & PF_R)
		access |= ACCESS_READ;
	if (p_flags & PF_W)
		access |= ACCESS_WRITE;
	if (p_flags & PF_X)
		access |= ACCESS_EXEC;
	return access;
}

/* Whether @phdr, taken alone, can be mapped. */
static bool segment_ok(const Elf64_Phdr *phdr, uint64_t file_bytes)
{
	uint64_t file_end = phdr->p_vaddr + phdr->p_filesz;

	if (phdr->p_filesz > phdr->p_memsz ||
	    !range_within(phdr->p_offset, phdr->p_filesz, file_bytes) ||
	    !range_within(phdr->p_vaddr, phdr->p_memsz, USER_END))
		return false;
	if ((phdr->p_vaddr - phdr->p_offset) % PAGE_SIZE)
		return false;
	/* Zeros behind the file's bytes are written into the same page. */
	if (phdr->p_filesz && phdr->p_filesz < phdr->p_memsz &&
	    !page_aligned(file_end) && !(phdr->p_flags & PF_W))
		return false;
	return true;
}

/* What /proc/PID/stat calls code and data, by the same rules as Linux. */
static void note_code_and_data(struct elf_image *image,
			       const struct elf_segment *segment)
{
	vaddr_t start = segment->vaddr;
	vaddr_t end = start + segment->file_bytes;

	if (segment->access & ACCESS_EXEC) {
		if (!image->end_code || start < image->start_code)
			image->start_code = start;
		if (end > image->end_code)
			image->end_code = end;
	}
	if (start > image->start_data)
		image->start_data = start;
	if (end > image->end_data)
		image->end_data = end;
}

static int add_segment(struct elf_image *image, const Elf64_Phdr *phdr,
		       uint64_t file_bytes)
{
	struct elf_segment *segment = &image->segments[image->nr_segments];

	if (!phdr->p_memsz)
		return 0;
	if (image->nr_segments == ELF_MAX_SEGMENTS ||
	    !segment_ok(phdr, file_bytes))
		return -ENOEXEC;
	if (image->nr_segments && page_align_down(phdr->p_vaddr) < image->high)
		return -ENOEXEC; /* out of order, or on a page of the last one */
	*segment = (struct elf_segment){
		.vaddr = phdr->p_vaddr,
		.file_offset = phdr->p_offset,
		.file_bytes = phdr->p_filesz,
		.mem_bytes = phdr->p_memsz,
		.access = access_of(phdr->p_flags),
	};
	if (!image->nr_segments)
		image->low = page_align_down(phdr->p_vaddr);
	image->end = phdr->p_vaddr + phdr->p_memsz;
	image->high = page_align_up(image->end);
	image->nr_segments++;
	note_code_and_data(image, segment);
	return 0;
}

static int add_phdr(struct elf_image *image, const Elf64_Phdr *phdr,
		    uint64_t file_bytes)
{
	switch (phdr->p_type) {
	case PT_LOAD:
		return add_segment(image, phdr, file_bytes);
	case PT_INTERP:
		return -ENOEXEC;
	case PT_GNU_STACK:
		image->executable_stack = phdr->p_flags & PF_X;
		return 0;
	default:
		return 0;
	}
}

/* The address at which the program will find its own program headers, or 0. */
static vaddr_t find_phdrs(const struct elf_image *image,
			  const Elf64_Ehdr *header)
{
	for (unsigned int i = 0; i < image->nr_segments; i++) {
		const struct elf_segment *segment = &image->segments[i];
		uint64_t into = header->e_phoff - segment->file_offset;

		if (header->e_phoff >= segment->file_offset &&
		    into < segment->file_bytes)
			return segment->vaddr + into;
	}
	return 0;
}

int elf_parse(const Elf64_Ehdr *header, const Elf64_Phdr *phdrs,
	      uint64_t file_bytes, struct elf_image *image)
{
	*image = (struct elf_image){
		.position_independent = header->e_type == ET_DYN,
		.entry = header->e_entry,
		.nr_phdrs = header->e_phnum,
	};
	for (unsigned int i = 0; i < header->e_phnum; i++) {
		int err = add_phdr(image, &phdrs[i], file_bytes);

		if (err)
			return err;
	}
	if (!image->nr_segments || image->entry < image->low ||
	    image->entry >= image->end)
		return -ENOEXEC;
	if (!image->position_independent && image->low < MMAP_MIN_ADDR)
		return -ENOEXEC;
	image->phdrs = find_phdrs(image, header);
	return 0;
}
