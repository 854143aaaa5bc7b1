/*
 * Segments and the TSS: what 64-bit mode has left of them.
 */
#pragma once

#include "types.h"

/*
 * Selectors. syscall loads CS and SS from one base, KERNEL_CS and the entry
 * after it; sysret likewise from SYSRET_BASE, SS at +8 and CS at +16.
 */
#define KERNEL_CS 0x08
#define KERNEL_SS 0x10
#define SYSRET_BASE 0x10
#define USER_SS 0x1b /* 0x18, ring 3 */
#define USER_CS 0x23 /* 0x20, ring 3 */
#define TSS_SELECTOR 0x28

/*
 * Stacks that the CPU switches to for exceptions whose own stack may be the
 * problem, or that may strike before the entry code has switched. 1-based: 0 in
 * a gate means "no switch".
 */
enum ist {
	IST_NONE,
	IST_DOUBLE_FAULT,
	IST_NMI,
	IST_MACHINE_CHECK,
	IST_DEBUG,
	NR_IST,
};

struct tss {
	uint32_t reserved0;
	uint64_t rsp[3]; /* rsp[0]: stack for entries from user mode */
	uint64_t reserved1;
	uint64_t ist[7];
	uint64_t reserved2;
	uint16_t reserved3;
	uint16_t io_map_base; /* beyond the limit: no port for user code */
} __attribute__((packed));

_Static_assert(sizeof(struct tss) == 104, "the CPU's layout");
