/*
 * The ledger: what every frame of RAM is used for.
 *
 * A frame has exactly one purpose at a time, and a counter per purpose is kept
 * where frames change hands, so that at any moment
 *
 *	sum of ledger.frames[purpose] over all purposes == ledger.total
 *
 * FRAME_FREE counts what the buddy allocator and its per-CPU lists hold.
 *
 * When a program has ended, everything is as before it started. How many frames
 * the kernel heap holds then depends on where its objects happen to lie and on
 * what it keeps for the next; how many objects it has handed out does not. So
 * `ledger --used`, which every test compares, shows the frames in use outside the
 * heap (and outside the tables that map it), and the objects in it.
 */
#pragma once

#include "types.h"

enum frame_purpose {
	FRAME_HOLE, /* not RAM: metadata exists, the frame does not; uncounted */
	FRAME_FREE,
	FRAME_KERNEL,   /* the kernel image and its boot-time tables */
	FRAME_METADATA, /* struct frame of all frames */
	FRAME_INITRD,   /* the initramfs, until it is unpacked */
	FRAME_KHEAP,    /* kmalloc */
	FRAME_KSTACK,   /* kernel stacks */
	FRAME_PGTABLE,  /* page tables of programs and kernel windows */
	FRAME_ZERO,     /* the one shared zero frame */
	FRAME_ANON,     /* private memory of programs */
	FRAME_SWAP,     /* the same, with a slot on a swap disk: the swap cache */
	FRAME_FILE,     /* contents of files that are in memory only */
	FRAME_CACHE,    /* contents of files that are on a disk too */
	FRAME_PIPE,     /* contents of pipes */
	NR_FRAME_PURPOSES,
};

struct ledger {
	uint64_t total; /* frames of RAM that the memory map called usable */
	uint64_t frames[NR_FRAME_PURPOSES];
};

/* Written by kernel/mm/frame.c and early.c only; anybody may read it. */
extern struct ledger ledger;

/* A short lower-case name for @purpose, such as "page tables". */
const char *ledger_name(enum frame_purpose purpose);

/* Whether the equation above holds. */
bool ledger_balanced(void);
