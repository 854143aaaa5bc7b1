/*
 * guest-only: some calls would change the machine that builds.
 * Nothing that a program does may panic the kernel, hang it or cost it memory:
 * children make random system calls with arguments that look right, are nearly
 * right, or are nonsense. The seed is printed.
 */
// guest: TIMEOUT=180
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "memory.h"

#define NR_CHILDREN 100
#define CALLS_PER_CHILD 400
#define NR_MAX 460

static unsigned long seed = 20260104;
static char *pages;	/* four good ones, then a hole */

/*
 * Calls that would reach beyond the child: to other processes, to files, or to a
 * segment of shared memory, which outlives it.
 */
static const short forbidden[] = {
	SYS_kill, SYS_tkill, SYS_tgkill, SYS_rt_sigqueueinfo,
	SYS_rt_tgsigqueueinfo, SYS_fork, SYS_vfork, SYS_clone, SYS_clone3,
	SYS_reboot, SYS_unlink, SYS_unlinkat, SYS_rmdir, SYS_rename,
	SYS_renameat, SYS_renameat2, SYS_mkdir, SYS_mkdirat, SYS_mknod,
	SYS_mknodat, SYS_link, SYS_linkat, SYS_symlink, SYS_symlinkat,
	SYS_creat, SYS_truncate, SYS_chmod, SYS_fchmodat, SYS_chown,
	SYS_lchown, SYS_fchownat, SYS_mount, SYS_umount2, SYS_swapon,
	SYS_chroot, SYS_pivot_root, SYS_shmget,
};

static unsigned long next_random(unsigned long below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (seed >> 11) % below;
}

static int is_forbidden(unsigned long nr)
{
	for (unsigned int i = 0; i < sizeof(forbidden) / sizeof(*forbidden); i++)
		if (forbidden[i] == (short)nr)
			return 1;
	return 0;
}

static unsigned long random_address(void)
{
	static const char *const paths[] = { "/dev/zero", "/dev/null", "",
					     "/no/such", "/dev/null/x" };

	switch (next_random(6)) {
	case 0:
		return (unsigned long)paths[next_random(5)];
	case 1:
		return next_random(1UL << 53) << 11;
	case 2:
		return (unsigned long)KERNEL_ADDR + next_random(1 << 20);
	default:
		return (unsigned long)pages + next_random(5 * PAGE_SIZE);
	}
}

static unsigned long random_argument(void)
{
	static const unsigned long odd[] = {
		0, 1, -1UL, 1UL << 63, (1UL << 63) - 1, 1UL << 47,
		(1UL << 47) - 4096, 1UL << 32, (1UL << 31) - 1, 1UL << 31,
		4096, 4095, 0xfff, 8, 16, 0x1000000, -4096UL, -4095UL,
	};

	switch (next_random(5)) {
	case 0:
		return odd[next_random(sizeof(odd) / sizeof(*odd))];
	case 1:
		return next_random(16);			/* a descriptor, a flag */
	case 2:
		return 1UL << next_random(64);
	default:
		return random_address();
	}
}

static void make_random_calls(void)
{
	int fds[2];

	pages = map_pages(5, RW);
	for (unsigned long i = 0; i < 4 * PAGE_SIZE; i++)
		pages[i] = (char)next_random(256);
	unmap_pages(pages + 4 * PAGE_SIZE, 1);
	sys(SYS_open, "/dev/zero", O_RDWR);
	sys(SYS_pipe2, fds, O_NONBLOCK);
	for (int fd = 0; fd < 3; fd++)		/* nothing to be seen */
		sys(SYS_dup2, fds[0] - 1, fd);
	for (int i = 0; i < CALLS_PER_CHILD; i++) {
		unsigned long nr = next_random(NR_MAX);

		if (!is_forbidden(nr))
			sys(nr, random_argument(), random_argument(),
			    random_argument(), random_argument(),
			    random_argument(), random_argument());
	}
	_exit(0);
}

/* A call may well sleep for ever: then the child is killed in its sleep. */
static void run_child(unsigned long number)
{
	struct timespec tick = { .tv_nsec = 5000000 };
	pid_t pid;

	pid = check_fork();
	if (pid == 0) {		/* each has a sequence of its own */
		seed ^= number * 0x9e3779b97f4a7c15UL;
		make_random_calls();
	}
	for (int i = 0; i < 20; i++) {
		if (sys(SYS_wait4, pid, 0, WNOHANG, 0) == pid)
			return;
		sys(SYS_nanosleep, &tick, 0);
	}
	CHECK_EQ(sys(SYS_kill, pid, SIGKILL), 0);
	CHECK_EQ(sys(SYS_wait4, pid, 0, 0, 0), pid);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		seed = strtoul(argv[1], NULL, 10);
	dprintf(1, "seed %lu\n", seed);
	for (unsigned long i = 0; i < NR_CHILDREN; i++)
		run_child(i);
	write_pages(map_pages(64, RW), 64, 1);
	return check_passed();
}
