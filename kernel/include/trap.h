/*
 * What the CPU and the entry code leave on the kernel stack.
 *
 * Every way into the kernel, exception, interrupt or system call, builds the
 * same frame, so that signals, fork and exec see one shape:
 *
 *	high    ss
 *	        rsp          what the CPU pushes (syscall entry: what it
 *	        rflags       would have pushed)
 *	        cs
 *	        rip
 *	        error        error code; the number, for a system call
 *	        vector       which of the VEC_* it was
 *	        rax ... r15  pushed by the entry code
 *	low     <- struct trap_frame *
 */
#pragma once

#include "types.h"

struct trap_frame {
	uint64_t r15, r14, r13, r12, rbp, rbx;
	uint64_t r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi;
	uint64_t vector;
	uint64_t error;
	uint64_t rip, cs, rflags, rsp, ss;
};

enum trap_vector {
	VEC_DIVIDE = 0,
	VEC_DEBUG = 1,
	VEC_NMI = 2,
	VEC_BREAKPOINT = 3,
	VEC_OVERFLOW = 4,
	VEC_BOUND = 5,
	VEC_INVALID_OPCODE = 6,
	VEC_NO_FPU = 7,
	VEC_DOUBLE_FAULT = 8,
	VEC_INVALID_TSS = 10,
	VEC_SEGMENT = 11,
	VEC_STACK_SEGMENT = 12,
	VEC_PROTECTION = 13,
	VEC_PAGE_FAULT = 14,
	VEC_X87 = 16,
	VEC_ALIGNMENT = 17,
	VEC_MACHINE_CHECK = 18,
	VEC_SIMD = 19,
	VEC_IRQ_BASE = 32, /* 32..47: the lines of the two 8259s */
	VEC_SYSCALL = 0x100, /* not a vector of the CPU: the syscall entry */
	VEC_SIGRETURN = 0x101, /* nor this: what rt_sigreturn(2) has loaded */
};

/* Whether the frame interrupted user code: the privilege bits of CS. */
static inline bool trap_from_user(const struct trap_frame *frame)
{
	return frame->cs & 3;
}

/* Load the IDT; from here on exceptions are reported. Needs the GDT. */
void trap_init(void);

/* Called by trap_entry, in C, with interrupts off. */
void trap_dispatch(struct trap_frame *frame);
