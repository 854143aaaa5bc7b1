#pragma once

#include <uapi/signal.h>

/*
 * The registers that a signal handler finds on its stack and that
 * rt_sigreturn(2) loads again. Layout of Linux on x86-64:
 *
 *	struct ucontext, then struct siginfo, above the restorer's address;
 *	fpstate points to 512 bytes as FXSAVE writes them, or more (XSAVE).
 */
struct sigcontext {
	unsigned long r8, r9, r10, r11, r12, r13, r14, r15;
	unsigned long rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp;
	unsigned long rip;
	unsigned long eflags;
	unsigned short cs, gs, fs, ss;
	unsigned long err;		/* the CPU's error code */
	unsigned long trapno;		/* the vector */
	unsigned long oldmask;
	unsigned long cr2;
	void *fpstate;
	unsigned long __reserved[8];
};

struct ucontext {
	unsigned long uc_flags;
	struct ucontext *uc_link;
	struct sigaltstack uc_stack;
	struct sigcontext uc_mcontext;
	sigset_t uc_sigmask;
};

_Static_assert(sizeof(struct sigcontext) == 256, "sigcontext as in Linux");
_Static_assert(__builtin_offsetof(struct ucontext, uc_mcontext) == 40, "mc");
_Static_assert(__builtin_offsetof(struct ucontext, uc_sigmask) == 296, "mask");
