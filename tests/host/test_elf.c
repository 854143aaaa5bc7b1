/*
 * The ELF parser believes nothing: every broken file is -ENOEXEC, and whatever
 * it accepts can be mapped safely. If it did not, a file that anybody may write
 * would decide where the kernel maps pages.
 */
// build: tests/host/support/host.c kernel/task/elf.c -Itests/host/support
#include <string.h>

#include <uapi/errno.h>

#include "elf.h"
#include "host.h"

#define NR_PHDRS 5
#define FILE_BYTES 0x6000UL
#define NR_MUTATIONS 300000

/* A program as the linker makes it: code, constants, data with bss. */
struct sample {
	Elf64_Ehdr header;
	Elf64_Phdr phdrs[NR_PHDRS];
	uint64_t file_bytes;
};

static const struct sample good = {
	.header = {
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB,
			     EV_CURRENT },
		.e_type = ET_EXEC,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_entry = 0x401020,
		.e_phoff = sizeof(Elf64_Ehdr),
		.e_ehsize = sizeof(Elf64_Ehdr),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = NR_PHDRS,
	},
	.phdrs = {
		{ .p_type = PT_LOAD, .p_flags = PF_R, .p_offset = 0,
		  .p_vaddr = 0x400000, .p_filesz = 0x300, .p_memsz = 0x300,
		  .p_align = 0x1000 },
		{ .p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_offset = 0x1000,
		  .p_vaddr = 0x401000, .p_filesz = 0x1234, .p_memsz = 0x1234,
		  .p_align = 0x1000 },
		{ .p_type = PT_LOAD, .p_flags = PF_R | PF_W, .p_offset = 0x3e10,
		  .p_vaddr = 0x404e10, .p_filesz = 0x400, .p_memsz = 0x2100,
		  .p_align = 0x1000 },
		{ .p_type = PT_TLS, .p_flags = PF_R, .p_offset = 0x3e10,
		  .p_vaddr = 0x404e10, .p_filesz = 0x10, .p_memsz = 0x40 },
		{ .p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W },
	},
	.file_bytes = FILE_BYTES,
};

static int load(const struct sample *sample, struct elf_image *image)
{
	int err = elf_check_header(&sample->header, sample->file_bytes);

	/* The sample holds NR_PHDRS headers; a real file would hold them all. */
	if (err || sample->header.e_phnum > NR_PHDRS)
		return -ENOEXEC;
	return elf_parse(&sample->header, sample->phdrs, sample->file_bytes,
			 image);
}

static void good_file_is_understood(void)
{
	struct elf_image image;

	CHECK(load(&good, &image) == 0);
	CHECK(!image.position_independent && !image.executable_stack);
	CHECK(image.entry == 0x401020);
	CHECK(image.phdrs == 0x400040 && image.nr_phdrs == NR_PHDRS);
	CHECK(image.low == 0x400000 && image.high == 0x407000);
	CHECK(image.end == 0x406f10);
	CHECK(image.nr_segments == 3);
	CHECK(image.segments[1].access == (ACCESS_READ | ACCESS_EXEC));
	CHECK(image.segments[2].file_bytes == 0x400);
	CHECK(image.segments[2].mem_bytes == 0x2100);
	CHECK(image.start_code == 0x401000 && image.end_code == 0x402234);
	CHECK(image.start_data == 0x404e10 && image.end_data == 0x405210);
}

static void variants_are_understood(void)
{
	struct sample sample = good;
	struct elf_image image;

	sample.phdrs[4].p_flags |= PF_X;
	CHECK(load(&sample, &image) == 0 && image.executable_stack);

	sample = good;
	sample.phdrs[2].p_filesz = 0; /* bss alone */
	CHECK(load(&sample, &image) == 0);

	sample = good;
	sample.phdrs[0].p_type = PT_NULL; /* the headers are not loaded */
	CHECK(load(&sample, &image) == 0 && image.phdrs == 0);

	sample = good;
	sample.header.e_type = ET_DYN;
	for (int i = 0; i < 3; i++)
		sample.phdrs[i].p_vaddr -= 0x400000; /* from 0 on */
	sample.header.e_entry -= 0x400000;
	CHECK(load(&sample, &image) == 0 && image.position_independent);
	CHECK(image.low == 0 && image.phdrs == 0x40);
	sample.header.e_type = ET_EXEC; /* the null page is not for programs */
	CHECK(load(&sample, &image) == -ENOEXEC);
}

/* Set one field of a good file to @value; the file must be refused. */
#define REFUSED(field, value)                               \
	do {                                                \
		struct sample sample = good;                \
		struct elf_image image;                     \
							    \
		sample.field = (value);                     \
		CHECK(load(&sample, &image) == -ENOEXEC);   \
	} while (0)

static void broken_headers_are_refused(void)
{
	for (int i = 0; i <= EI_VERSION; i++)
		REFUSED(header.e_ident[i], 0x55);
	REFUSED(header.e_type, ET_REL);
	REFUSED(header.e_type, ET_CORE);
	REFUSED(header.e_machine, EM_386);
	REFUSED(header.e_phentsize, 32);
	REFUSED(header.e_phentsize, 0);
	REFUSED(header.e_phnum, 0);
	REFUSED(header.e_phnum, 0xffff);
	REFUSED(header.e_phoff, FILE_BYTES - 8);
	REFUSED(header.e_phoff, ~0UL - 8);
	REFUSED(header.e_entry, 0);
	REFUSED(header.e_entry, 0x406f10);
	REFUSED(header.e_entry, ~0UL);
	REFUSED(file_bytes, 0);
	REFUSED(file_bytes, sizeof(Elf64_Ehdr) - 1);
	REFUSED(file_bytes, sizeof(Elf64_Ehdr) + 8);
}

static void broken_segments_are_refused(void)
{
	REFUSED(phdrs[1].p_filesz, 0x1235);           /* larger than memsz */
	REFUSED(phdrs[1].p_offset, 0x1004);           /* not congruent */
	REFUSED(phdrs[1].p_offset, ~0xfffUL);         /* offset + size wraps */
	REFUSED(phdrs[1].p_offset, 0x5000);           /* behind the file's end */
	REFUSED(phdrs[1].p_vaddr, ~0xfffUL);          /* vaddr + size wraps */
	REFUSED(phdrs[1].p_vaddr, USER_END - 0x1000); /* over the end */
	REFUSED(phdrs[1].p_vaddr, KERNEL_BASE);
	REFUSED(phdrs[1].p_vaddr, 0x400000);          /* on the first one */
	REFUSED(phdrs[1].p_vaddr, 0x300000);          /* out of order */
	REFUSED(phdrs[1].p_memsz, 0x4000);            /* reaches the next one */
	REFUSED(phdrs[1].p_memsz, 0x1300);            /* zeros, but read-only */
	REFUSED(phdrs[2].p_memsz, ~0UL);
	REFUSED(phdrs[2].p_memsz, USER_END);
	REFUSED(phdrs[3].p_type, PT_INTERP);
	REFUSED(file_bytes, 0x2000);                  /* cut off */
}

static void nothing_to_load_is_refused(void)
{
	struct sample sample = good;
	struct elf_image image;

	for (int i = 0; i < 3; i++)
		sample.phdrs[i].p_type = PT_NOTE;
	CHECK(load(&sample, &image) == -ENOEXEC);
}

static void too_many_segments_are_refused(void)
{
	Elf64_Phdr phdrs[ELF_MAX_SEGMENTS + 1];
	Elf64_Ehdr header = good.header;
	struct elf_image image;

	for (size_t i = 0; i <= ELF_MAX_SEGMENTS; i++) {
		phdrs[i] = good.phdrs[1];
		phdrs[i].p_vaddr += i * 0x10000;
	}
	header.e_phnum = ELF_MAX_SEGMENTS;
	CHECK(elf_parse(&header, phdrs, FILE_BYTES, &image) == 0);
	header.e_phnum = ELF_MAX_SEGMENTS + 1;
	CHECK(elf_parse(&header, phdrs, FILE_BYTES, &image) == -ENOEXEC);
}

/* What exec relies on when it maps an image. */
static void check_promises(const struct sample *sample,
			   const struct elf_image *image)
{
	vaddr_t border = 0;

	CHECK(image->nr_segments >= 1 &&
	      image->nr_segments <= ELF_MAX_SEGMENTS);
	CHECK(page_aligned(image->low) && page_aligned(image->high));
	CHECK(image->low < image->high && image->high <= USER_END);
	CHECK(image->position_independent || image->low >= MMAP_MIN_ADDR);
	CHECK(image->entry >= image->low && image->entry < image->end);
	for (unsigned int i = 0; i < image->nr_segments; i++) {
		const struct elf_segment *s = &image->segments[i];

		CHECK(s->file_bytes <= s->mem_bytes && s->mem_bytes);
		CHECK(s->file_offset + s->file_bytes >= s->file_offset);
		CHECK(s->file_offset + s->file_bytes <= sample->file_bytes);
		CHECK((s->vaddr - s->file_offset) % PAGE_SIZE == 0);
		CHECK(page_align_down(s->vaddr) >= border);
		CHECK(s->vaddr + s->mem_bytes > s->vaddr);
		border = page_align_up(s->vaddr + s->mem_bytes);
	}
	CHECK(border == image->high);
}

/* Numbers at which checks tend to be wrong by one. */
static uint64_t edge_value(void)
{
	static const uint64_t edges[] = {
		0, 1, 0xfff, 0x1000, FILE_BYTES, USER_END, MMAP_MIN_ADDR,
		0x7fffffffffffffff, 0x8000000000000000, ~0UL, ~0xfffUL,
	};

	return edges[host_below(ARRAY_SIZE(edges))] + host_below(3) - 1;
}

static void mutate(struct sample *sample)
{
	unsigned char *bytes = (unsigned char *)sample;
	size_t at = host_below(sizeof(*sample) - 8);
	uint64_t value = edge_value();

	switch (host_below(3)) {
	case 0:
		bytes[at] ^= 1u << host_below(8);
		break;
	case 1:
		memcpy(bytes + (at & ~7UL), &value, sizeof(value));
		break;
	default:
		bytes[at] = (unsigned char)host_below(256);
	}
}

static void mutated_files_are_refused_or_safe(void)
{
	unsigned int accepted = 0, refused = 0;

	for (int i = 0; i < NR_MUTATIONS && !host_failures; i++) {
		struct sample sample = good;
		struct elf_image image;
		int err;

		for (uint64_t n = 1 + host_below(3); n; n--)
			mutate(&sample);
		err = load(&sample, &image);
		CHECK(err == 0 || err == -ENOEXEC);
		if (err) {
			refused++;
		} else {
			accepted++;
			check_promises(&sample, &image);
		}
	}
	/* A fuzzer that only ever sees one answer tests nothing. */
	CHECK(accepted > NR_MUTATIONS / 100 && refused > NR_MUTATIONS / 100);
}

int main(void)
{
	host_seed();
	good_file_is_understood();
	variants_are_understood();
	host_report("elf_good_file_is_understood");
	broken_headers_are_refused();
	broken_segments_are_refused();
	nothing_to_load_is_refused();
	too_many_segments_are_refused();
	host_report("elf_broken_file_is_refused");
	mutated_files_are_refused_or_safe();
	host_report("elf_mutated_file_is_refused_or_safe");
	return host_status();
}
