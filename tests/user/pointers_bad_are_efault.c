/*
 * A program that passes a wild pointer would crash the kernel, or make it
 * read or overwrite the kernel's own memory on the program's behalf.
 */
#include <fcntl.h>

#include "memory.h"

#define GET_FS 0x1003

static int zero_fd, pipe_fds[2];

/* Calls that write to, or read from, the memory at @bad: all must refuse. */
static void check_outputs(char *bad)
{
	CHECK_EQ(sys(SYS_uname, bad), -EFAULT);
	CHECK_EQ(sys(SYS_pipe, bad), -EFAULT);
	CHECK_EQ(sys(SYS_pipe2, bad, O_CLOEXEC), -EFAULT);
	CHECK_EQ(sys(SYS_fstat, zero_fd, bad), -EFAULT);
	CHECK_EQ(sys(SYS_newfstatat, AT_FDCWD, "/", bad, 0), -EFAULT);
	CHECK_EQ(sys(SYS_getrusage, RUSAGE_SELF, bad), -EFAULT);
	CHECK_EQ(sys(SYS_clock_gettime, 0, bad), -EFAULT);
	CHECK_EQ(sys(SYS_gettimeofday, bad, 0), -EFAULT);
	CHECK_EQ(sys(SYS_times, bad), -EFAULT);
	CHECK_EQ(sys(SYS_sysinfo, bad), -EFAULT);
	CHECK_EQ(sys(SYS_getcwd, bad, 4096), -EFAULT);
	CHECK_EQ(sys(SYS_prlimit64, 0, RLIMIT_STACK, 0, bad), -EFAULT);
	CHECK_EQ(sys(SYS_rt_sigaction, 10, 0, bad, 8), -EFAULT);
	CHECK_EQ(sys(SYS_rt_sigprocmask, 0, 0, bad, 8), -EFAULT);
	CHECK_EQ(sys(SYS_arch_prctl, GET_FS, bad), -EFAULT);
}

static void check_inputs(char *bad)
{
	char *const no_args[] = { NULL };

	CHECK_EQ(sys(SYS_write, pipe_fds[1], bad, 64), -EFAULT);
	CHECK_EQ(sys(SYS_writev, pipe_fds[1], bad, 2), -EFAULT);
	CHECK_EQ(sys(SYS_open, bad, O_RDONLY), -EFAULT);
	CHECK_EQ(sys(SYS_openat, AT_FDCWD, bad, O_RDONLY), -EFAULT);
	CHECK_EQ(sys(SYS_chdir, bad), -EFAULT);
	CHECK_EQ(sys(SYS_newfstatat, AT_FDCWD, bad, 0, 0), -EFAULT);
	CHECK_EQ(sys(SYS_nanosleep, bad, 0), -EFAULT);
	CHECK_EQ(sys(SYS_prlimit64, 0, RLIMIT_STACK, bad, 0), -EFAULT);
	CHECK_EQ(sys(SYS_rt_sigaction, 10, bad, 0, 8), -EFAULT);
	CHECK_EQ(sys(SYS_rt_sigprocmask, 0, bad, 0, 8), -EFAULT);
	CHECK_EQ(sys(SYS_execve, bad, no_args, no_args), -EFAULT);
	CHECK_EQ(sys(SYS_execve, check_self(), bad, no_args), -EFAULT);
}

/* The child is reaped although its status cannot be told, as on Linux. */
static void check_wait_status(char *bad)
{
	pid_t pid = check_fork();

	if (pid == 0)
		_exit(0);
	CHECK_EQ(sys(SYS_wait4, pid, bad, 0, 0), -EFAULT);
	CHECK_EQ(sys(SYS_wait4, pid, 0, 0, 0), -ECHILD);
}

static void check_all(char *bad)
{
	CHECK_EQ(sys(SYS_read, zero_fd, bad, 64), -EFAULT);
	CHECK_EQ(sys(SYS_getrandom, bad, 64, 0), -EFAULT);
	check_outputs(bad);
	check_inputs(bad);
	check_wait_status(bad);
}

/* Only the first byte is good: these two may say how far they came. */
static void check_straddling(char *last)
{
	CHECK_EQ(sys(SYS_read, zero_fd, last, 64), 1);
	CHECK_EQ(sys(SYS_getrandom, last, 64, 0), 1);
	check_outputs(last);
	check_wait_status(last);
}

int main(void)
{
	char *read_only = map_pages(1, PROT_READ);

	zero_fd = (int)sys(SYS_openat, AT_FDCWD, "/dev/zero", O_RDONLY);
	CHECK(zero_fd >= 0);
	CHECK_EQ(sys(SYS_pipe, pipe_fds), 0);

	check_all((char *)1);
	check_all(KERNEL_ADDR);
	check_all((char *)0xffff800000001000UL);	/* the kernel's view of RAM */
	check_all((char *)(1UL << 47));			/* just above user space */
	check_all((char *)(1UL << 63));			/* not canonical */
	check_all((char *)-8L);				/* wraps around */
	check_all(map_pages(1, PROT_NONE));
	check_all(end_of_page());
	check_straddling(end_of_page() - 1);
	check_outputs(read_only);
	check_wait_status(read_only);
	return check_passed();
}
