/*
 * Newer thread libraries and posix_spawn() use clone3: its arguments are checked
 * and mean what clone's do; and unshare() takes sharing back.
 */
#include <sched.h>
#include <signal.h>

#include "memory.h"

struct args {
	unsigned long flags, pidfd, child_tid, parent_tid, exit_signal;
	unsigned long stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};

static long clone3(struct args *args, long bytes)
{
	return sys(SYS_clone3, args, bytes);
}

static void check_arguments(void)
{
	static char area[256];
	struct args args = { .exit_signal = SIGCHLD };

	CHECK_EQ(clone3(&args, 56), -EINVAL);
	CHECK_EQ(clone3(&args, 5000), -E2BIG);
	CHECK_EQ(clone3((struct args *)8, sizeof(args)), -EFAULT);
	area[200] = 1;
	CHECK_EQ(clone3((struct args *)area, 256), -E2BIG);
	args.exit_signal = 65;
	CHECK_EQ(clone3(&args, sizeof(args)), -EINVAL);
	args.exit_signal = SIGCHLD;
	args.stack = 4096;
	CHECK_EQ(clone3(&args, sizeof(args)), -EINVAL);
	args.stack = 0;
	args.flags = CLONE_THREAD;
	CHECK_EQ(clone3(&args, sizeof(args)), -EINVAL);
	args.flags = SIGCHLD;	/* has its own place */
	CHECK_EQ(clone3(&args, sizeof(args)), -EINVAL);
}

static void check_child_of_clone3(void)
{
	int tid = 0;
	struct args args = {
		.exit_signal = SIGCHLD,
		.flags = CLONE_PARENT_SETTID,
		.parent_tid = (unsigned long)&tid,
	};
	long pid = clone3(&args, 64);

	if (pid == 0)
		sys(SYS_exit_group, 9);
	CHECK(pid > 0);
	CHECK_EQ(tid, pid);
	CHECK_EQ(check_wait((pid_t)pid), EXITED(9));
}

/* Files are shared with the child until it wants its own. */
static void check_unshare(void)
{
	long pid = sys(SYS_clone, CLONE_FILES | CLONE_FS | SIGCHLD, 0);

	if (pid == 0) {
		CHECK_EQ(sys(SYS_dup2, 1, 40), 40);
		CHECK_EQ(sys(SYS_unshare, CLONE_FILES | CLONE_FS), 0);
		CHECK_EQ(sys(SYS_dup2, 1, 41), 41);
		CHECK_EQ(sys(SYS_chdir, "/proc"), 0);
		_exit(0);
	}
	check_child((pid_t)pid);
	CHECK_EQ(sys(SYS_close, 40), 0);
	CHECK_EQ(sys(SYS_close, 41), -EBADF);
	CHECK_EQ(sys(SYS_close_range, 50, 40, 0), -EINVAL);
	CHECK_EQ(sys(SYS_dup2, 1, 50), 50);
	CHECK_EQ(sys(SYS_close_range, 40, 60, 0), 0);
	CHECK_EQ(sys(SYS_close, 50), -EBADF);
}

int main(void)
{
	check_arguments();
	check_child_of_clone3();
	check_unshare();
	return check_passed();
}
