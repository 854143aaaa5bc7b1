/*
 * ELF64 executables: what the file says, checked before anything is believed.
 *
 * Logic only: it reads two arrays of bytes and maps nothing, so that tests can
 * feed it every kind of broken file.
 */
#pragma once

#include <uapi/elf.h>

#include "arch.h"
#include "types.h"

/* The program headers of one file fit in a page; programs have about ten. */
#define ELF_MAX_PHDRS (PAGE_SIZE / sizeof(Elf64_Phdr))
#define ELF_MAX_SEGMENTS 16

/*
 * A part of the file that becomes memory:
 *
 *	vaddr        + file_bytes         + mem_bytes
 *	  |== from the file ==|.... zeros ....|
 *
 * vaddr and file_offset are equal within a page, so that pages can be mapped.
 */
struct elf_segment {
	vaddr_t vaddr; /* in a position-independent file: from its base on */
	uint64_t file_offset, file_bytes, mem_bytes;
	unsigned int access; /* enum access */
};

struct elf_image {
	bool position_independent; /* ET_DYN: add a base to every address */
	bool executable_stack;
	vaddr_t entry;
	vaddr_t phdrs; /* where the program headers will lie; 0: nowhere */
	unsigned int nr_phdrs;
	vaddr_t low, high; /* [low, high) contains all segments; page aligned */
	vaddr_t end;       /* exact end of the highest: the heap comes after */
	vaddr_t start_code, end_code, start_data, end_data;
	unsigned int nr_segments;
	struct elf_segment segments[ELF_MAX_SEGMENTS]; /* ascending, disjoint */
};

/*
 * Whether the first bytes of a file of @file_bytes are the header of a program
 * for this machine, whose e_phnum headers at e_phoff lie in the file. 0, or
 * -ENOEXEC.
 */
int elf_check_header(const Elf64_Ehdr *header, uint64_t file_bytes);

/*
 * Fill @image from a checked @header and its @phdrs. -ENOEXEC: segments that
 * overlap, are out of order, misaligned, outside of user space or of the file; too
 * many or none; an entry point outside of them; a program that wants an
 * interpreter (dynamic linking).
 */
int elf_parse(const Elf64_Ehdr *header, const Elf64_Phdr *phdrs,
	      uint64_t file_bytes, struct elf_image *image);
