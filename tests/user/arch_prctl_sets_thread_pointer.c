/*
 * errno and every __thread variable are found through FS: another process's
 * would be used after a switch, or the kernel's base replaced by a program.
 */
#include "memory.h"

#define ARCH_SET_FS 0x1002
#define ARCH_GET_FS 0x1003

static __thread volatile int own = 1;

int main(void)
{
	unsigned long base = 0, again = 0;
	pid_t pid;

	CHECK_EQ(sys(SYS_arch_prctl, ARCH_GET_FS, &base), 0);
	CHECK_EQ(base, (unsigned long)__builtin_thread_pointer());

	/* Kept across fork, switches and preemption; each has its own copy. */
	pid = check_fork();
	own = pid ? 2 : 3;
	for (int i = 0; i < 1000; i++) {
		CHECK_EQ(own, pid ? 2 : 3);
		sys(SYS_sched_yield);
	}
	CHECK_EQ(sys(SYS_arch_prctl, ARCH_GET_FS, &again), 0);
	CHECK_EQ(again, base);
	if (pid == 0)
		_exit(0);
	check_child(pid);

	CHECK_EQ(sys(SYS_arch_prctl, ARCH_SET_FS, KERNEL_ADDR), -EPERM);
	CHECK_EQ(sys(SYS_arch_prctl, ARCH_SET_FS, 1UL << 63), -EPERM);
	CHECK_EQ(sys(SYS_arch_prctl, 0x9999, &base), -EINVAL);
	CHECK_EQ(own, 2);
	return check_passed();
}
