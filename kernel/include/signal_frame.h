/*
 * A signal handler's frame on the user's stack: what the processor's side of
 * signals does for kernel/task/signal_deliver.c.
 */
#pragma once

#include "signal.h"
#include "types.h"

struct trap_frame;

/* A signal that has been taken and whose handler shall run. */
struct delivery {
	int sig;
	struct siginfo info;
	struct kernel_sigaction action;
	uint64_t mask; /* blocked set that the handler's return brings back */
};

/*
 * Save @frame and the FPU on the user's stack, or the alternate one, and point
 * @frame at the handler. -EFAULT: the stack cannot be written to, or there is
 * no restorer; @frame is as it was.
 */
int signal_frame_push(struct trap_frame *frame,
		      const struct delivery *delivery);

/*
 * rt_sigreturn(2): load what signal_frame_push() saved and the handler may have
 * changed into @frame, the FPU, the blocked set and the alternate stack.
 * -EFAULT: it cannot be read, or the FPU would not take it.
 */
int signal_frame_pop(struct trap_frame *frame);

/*
 * An address that is not canonical must not get into rip: the instruction that
 * returns to user mode would fault in the kernel. Forces a SIGSEGV then.
 */
void signal_frame_check_rip(const struct trap_frame *frame);
