/*
 * The alternate stack of sigaltstack(2), on which a handler can run when the
 * task's own stack is the problem.
 */
#include <uapi/errno.h>

#include "signal.h"
#include "task.h"

bool altstack_holds(const struct sigaltstack *stack, vaddr_t sp)
{
	vaddr_t start = (vaddr_t)stack->ss_sp;

	return stack->ss_size && sp > start && sp - start <= stack->ss_size;
}

/* A stack that is disarmed while in use may be replaced at any time. */
bool altstack_in_use(const struct sigaltstack *stack, vaddr_t sp)
{
	return !((unsigned int)stack->ss_flags & SS_AUTODISARM) &&
	       altstack_holds(stack, sp);
}

int altstack_set(const struct sigaltstack *stack, vaddr_t sp)
{
	unsigned int mode = (unsigned int)stack->ss_flags & ~SS_AUTODISARM;

	if (altstack_in_use(&current->altstack, sp))
		return -EPERM;
	if (mode != 0 && mode != SS_ONSTACK && mode != SS_DISABLE)
		return -EINVAL;
	if (mode == SS_DISABLE) {
		current->altstack = (struct sigaltstack){
			.ss_flags = stack->ss_flags };
		return 0;
	}
	if (stack->ss_size < MINSIGSTKSZ)
		return -ENOMEM;
	current->altstack = *stack;
	return 0;
}
