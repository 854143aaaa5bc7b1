/*
 * What the boot loader told us, checked and copied.
 *
 * boot_info_init() is the only reader of the loader's own structures; they lie
 * in memory that counts as free and are overwritten soon afterwards.
 */
#pragma once

#include "range_list.h"
#include "types.h"

#define BOOT_CMDLINE_BYTES 256

enum boot_display {
	BOOT_DISPLAY_NONE,
	BOOT_DISPLAY_TEXT, /* VGA text memory at .addr, .width x .height cells */
	BOOT_DISPLAY_RGB,  /* linear framebuffer of .bits_per_pixel */
};

struct boot_framebuffer {
	enum boot_display kind;
	paddr_t addr;
	uint32_t pitch_bytes, width, height;
	uint8_t bits_per_pixel;
};

struct boot_info {
	struct range_list usable;        /* RAM, whole pages */
	paddr_t initramfs_start, initramfs_end; /* bytes; equal: there is none */
	char cmdline[BOOT_CMDLINE_BYTES];
	struct boot_framebuffer framebuffer;
};

extern struct boot_info boot_info;

/* The TSC as the boot loader jumped to the kernel. */
extern uint64_t boot_tsc_entry;

/* The kernel image in memory, from its first to behind its last page. */
extern char kernel_start[], kernel_end[];

/*
 * Read the loader's structure at @mbi, which is still mapped, into boot_info.
 * Panics when @magic is wrong or there is no usable memory.
 */
void boot_info_init(uint32_t magic, paddr_t mbi);

/* main.c, called by multiboot.asm with what the loader left in eax and ebx. */
_Noreturn void kernel_main(uint32_t magic, paddr_t mbi);
