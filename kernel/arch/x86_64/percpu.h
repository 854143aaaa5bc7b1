/*
 * What belongs to one CPU.
 *
 * In the kernel GS points to this CPU's struct cpu; in user mode it is the
 * user's, and swapgs at each border exchanges the two. The first fields are
 * known to the entry code by their offsets (layout.inc).
 */
#pragma once

#include "types.h"

struct task;
struct tss;

struct cpu {
	struct task *running;
	uint64_t kernel_sp; /* kstack_top of running: where entries begin */
	uint64_t user_sp;   /* scratch of the first instructions of syscall */
	struct tss *tss;    /* constant; its rsp0 is a copy of kernel_sp */
};

extern struct cpu boot_cpu;

/* GDT, TSS and GS of the boot CPU. First thing in kernel_main(). */
void cpu_init(void);

/* Entries from user mode start at stack pointer @kernel_sp from now on. */
void cpu_set_kernel_sp(uint64_t kernel_sp);

/* Features: control registers, NX, syscall. Before paging_init(). */
void cpu_features_init(void);

/*
 * The stack of the boot thread or of an exception that has its own (IST) which
 * contains @addr: its bounds, or false.
 */
bool cpu_stack_bounds(uint64_t addr, uint64_t *start, uint64_t *end);

/* Whether @addr lies in the guard page below one of those stacks. */
bool cpu_is_stack_guard(uint64_t addr);

/* The guard pages below those stacks, for paging_init() to leave unmapped. */
size_t cpu_stack_guards(const char *guards[], size_t max);
