/*
 * guest-only: Linux has /proc/self/fail-nth only in kernels built for tests.
 * Every allocation and every disk request of a system call or a fault fails once,
 * one after the other. Whatever fails, the answer must be a proper error or
 * success, nothing may be lost or half done, and the next attempt works.
 */
// guest: MEM=64M SWAP=64M TIMEOUT=240
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>

#include "large.h"
#include "swap.h"

#define NR 48UL
#define MAX_FAILURES 2000

static int knob;
static unsigned long in_use = 2 * NR; /* pages of the step, and its child's */
static char *pages;

static long arm(long nth)
{
	char text[16];

	snprintf(text, sizeof(text), "%ld", nth);
	return sys(SYS_pwrite64, knob, text, strlen(text), 0);
}

/*
 * Did the failure that was asked for happen, and not only while we ask? Our own
 * call may be the one that is hit; then what was tested had no more to fail.
 */
static int has_failed(void)
{
	char text[16] = "";
	long n = sys(SYS_pread64, knob, text, sizeof(text) - 1, 0);

	while (arm(0) < 0)
		;
	return n > 0 && strtol(text, NULL, 10) == 0;
}

/*
 * Run @step with its first, second, ... failure. It returns 0 or an error, and
 * checks for itself that the rest is as it should be.
 */
static long count_failures(long (*step)(void), const long *errors)
{
	for (long nth = 1; nth < MAX_FAILURES; nth++) {
		unsigned long used = swap_used();
		long result;
		int known = 0;

		CHECK(arm(nth) > 0);
		result = step();
		if (!has_failed()) {
			CHECK_EQ(result, 0);
			return nth - 1;
		}
		for (const long *error = errors; *error; error++)
			known |= result == *error;
		if (result)
			CHECK_EQ(known ? 0 : result, 0);
		CHECK(swap_used() <= used + in_use);
	}
	CHECK(!"this never ends");
	return 0;
}

/* ---- steps ---- */

/* munmap() may need memory, to split what it leaves; the failure is used up then. */
static void drop(long addr, unsigned long nr)
{
	if (sys(SYS_munmap, addr, nr * PAGE_SIZE))
		CHECK_EQ(sys(SYS_munmap, addr, nr * PAGE_SIZE), 0);
}

static const long no_memory[] = { -ENOMEM, -EAGAIN, 0 };
static const long no_memory_or_disk[] = { -ENOMEM, -EAGAIN, -EIO, -EFAULT, 0 };

static long step_map(void)
{
	long addr = sys(SYS_mmap, 0, 64 * PAGE_SIZE, RW, ANON, -1, 0);

	if (addr < 0)
		return addr;
	write_pages((char *)addr, 64, 1);
	drop(addr, 64);
	return 0;
}

static long step_populate(void)
{
	long addr = sys(SYS_mmap, 0, 64 * PAGE_SIZE, RW, ANON | MAP_POPULATE,
			-1, 0);

	if (addr < 0)
		return addr;
	drop(addr, 64);
	return 0;
}

/* Splits, rights and moves: what was there must be there afterwards. */
static long step_edit(void)
{
	long err = sys(SYS_mprotect, pages + PAGE_SIZE, PAGE_SIZE, PROT_READ);
	long err2 = sys(SYS_mprotect, pages + PAGE_SIZE, PAGE_SIZE, RW);
	long moved = sys(SYS_mremap, pages, NR * PAGE_SIZE, NR * PAGE_SIZE,
			 MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0);

	if (moved > 0) {
		check_pages((char *)moved, NR);
		drop((long)pages, NR);
		pages = (char *)moved;
	}
	check_pages(pages, NR);
	return err ? err : err2 ? err2 : moved < 0 ? moved : 0;
}

static long step_fork(void)
{
	long pid = sys(SYS_fork);

	if (pid == 0) {
		check_pages(pages, NR);
		fill_page(pages, 99);
		sys(SYS_exit_group, 0);
	}
	if (pid < 0)
		return pid;
	CHECK_EQ(check_wait((pid_t)pid), 0);
	check_pages(pages, NR);
	return 0;
}

/* ---- the same with large pages ---- */

static char *large;

static void check_large(void)
{
	for (unsigned long page = 0; page < 2 * LARGE_PAGES; page++)
		CHECK_EQ(large[page * PAGE_SIZE], (char)(page % 251 + 1));
}

/* Afresh, without tables of former times. 0 or an error. */
static long fill_large(void)
{
	long addr = sys(SYS_mmap, large, 2 * LARGE, RW, ANON | MAP_FIXED, -1, 0);
	long err;

	if (addr < 0)
		return addr;
	err = sys(SYS_madvise, large, 2 * LARGE, MADV_HUGEPAGE);
	for (unsigned long page = 0; page < 2 * LARGE_PAGES; page++)
		large[page * PAGE_SIZE] = (char)(page % 251 + 1);
	return err;
}

/* A large page that cannot be had is 512 small ones; one that is cut, too. */
static long step_large(void)
{
	long err = fill_large(), err2;

	if (err)
		return err;
	err = sys(SYS_mprotect, large + 7 * PAGE_SIZE, PAGE_SIZE, PROT_READ);
	err2 = sys(SYS_mprotect, large + 7 * PAGE_SIZE, PAGE_SIZE, RW);
	check_large();
	return err ? err : err2;
}

static long step_large_fork(void)
{
	long pid = sys(SYS_fork);

	if (pid == 0) {
		check_large();
		large[LARGE + 9 * PAGE_SIZE] = 'c';
		sys(SYS_exit_group, 0);
	}
	if (pid < 0)
		return pid;
	CHECK_EQ(check_wait((pid_t)pid), 0);
	check_large();
	return 0;
}

static void large_pages_fail_well(void)
{
	large = map_large(2);
	in_use = 4 * LARGE_PAGES;
	CHECK(count_failures(step_large, no_memory) >= 2);
	CHECK_EQ(fill_large(), 0);
	CHECK_EQ(large_kib(large), 2 * LARGE / 1024);
	CHECK(count_failures(step_large_fork, no_memory) >= 10);
	unmap_pages(large, 2 * LARGE_PAGES);
	in_use = 2 * NR;
}

static const char *exec_args[] = { "exec", "exit", NULL };

/* The child arms itself: the counter is a task's own. */
static long step_exec(long nth)
{
	pid_t pid = check_fork();
	int status;

	if (pid == 0) {
		long err;

		knob = (int)sys(SYS_open, "/proc/self/fail-nth", O_RDWR);
		CHECK(arm(nth) > 0);
		err = sys(SYS_execve, check_self(), exec_args, exec_args + 2);
		sys(SYS_exit_group, err == -ENOMEM || err == -EIO ? 7 : 8);
	}
	status = check_wait(pid);
	/* Behind the point of no return there is only SIGKILL. */
	CHECK(status == EXITED(0) || status == EXITED(7) ||
	      status == KILLED(SIGKILL));
	return status;
}

static void exec_fails_at_every_point(void)
{
	int in_a_row = 0;

	/* Two dozen successes in a row: there is nothing left to hit. */
	for (long nth = 1; nth < MAX_FAILURES && in_a_row < 24; nth++)
		in_a_row = step_exec(nth) == EXITED(0) ? in_a_row + 1 : 0;
	CHECK_EQ(in_a_row, 24);
}

static long step_file(void)
{
	long fd = sys(SYS_open, "/tmp/fail", O_CREAT | O_RDWR | O_TRUNC, 0600);
	long n;

	if (fd < 0)
		return fd == -ENOSPC ? -ENOMEM : fd;
	n = sys(SYS_write, fd, pages, 8 * PAGE_SIZE);
	sys(SYS_close, fd);
	sys(SYS_unlink, "/tmp/fail");
	return n < 0 ? n : 0;
}

/* Writing out may fail, and the pages stay where they are, or in the cache. */
static long step_swap_out(void)
{
	long err = sys(SYS_madvise, pages, NR * PAGE_SIZE, MADV_PAGEOUT);

	check_pages(pages, NR);
	fill_pages(pages, NR);
	return err;
}

static volatile sig_atomic_t nr_sigbus;

static void on_sigbus(int sig)
{
	(void)sig;
	nr_sigbus = nr_sigbus + 1;
}

/* A system call hears of a broken disk by -EFAULT, and of no memory never. */
static long step_swap_in(void)
{
	int fds[2];
	long n;

	n = sys(SYS_pipe, fds);
	if (n)
		return n;
	n = sys(SYS_write, fds[1], pages, 2 * PAGE_SIZE);
	sys(SYS_close, fds[0]);
	sys(SYS_close, fds[1]);
	page_out(pages, NR);
	return n < 0 ? n : 0;
}

/*
 * The program itself gets SIGBUS from a broken disk, and is not killed when there
 * is no memory for a moment. The next touch finds everything as it was. Of a
 * cluster that cannot be read the one page is tried again, hence page-cluster.
 */
static void disk_errors_are_sigbus(void)
{
	struct sigaction action = { .sa_handler = on_sigbus };
	int nr_failures = 0;

	CHECK_EQ(sigaction(SIGBUS, &action, NULL), 0);
	CHECK(proc_write("/proc/sys/vm/page-cluster", "0") > 0);
	for (long nth = 1; nth < 20; nth++) {
		page_out(pages, NR);
		CHECK(arm(nth) > 0);
		check_pages(pages, NR);
		nr_failures += has_failed();
	}
	CHECK(nr_failures == 19);
	CHECK(nr_sigbus > 5 && nr_sigbus < 15);
	CHECK(proc_write("/proc/sys/vm/page-cluster", "3") > 0);
	CHECK(arm(0) > 0);
	nr_sigbus = 0;
	page_out(pages, NR);
	check_pages(pages, NR);
	CHECK_EQ(nr_sigbus, 0);
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return 0; /* step_exec() */
	knob = (int)sys(SYS_open, "/proc/self/fail-nth", O_RDWR);
	CHECK(knob >= 0);
	pages = map_pages(NR, RW);
	fill_pages(pages, NR);

	CHECK(count_failures(step_map, no_memory) >= 1);
	CHECK(count_failures(step_populate, no_memory) >= 1);
	CHECK(count_failures(step_edit, no_memory) >= 3);
	CHECK(count_failures(step_fork, no_memory) >= 8);
	large_pages_fail_well();
	CHECK(count_failures(step_file, no_memory) >= 3);
	exec_fails_at_every_point();
	CHECK(count_failures(step_swap_out, no_memory_or_disk) >= 1);
	page_out(pages, NR);
	CHECK(count_failures(step_swap_in, no_memory_or_disk) >= 1);
	check_pages(pages, NR);
	page_out(pages, NR);
	CHECK(count_failures(step_fork, no_memory) >= 8);
	disk_errors_are_sigbus();
	bring_all_back();
	return check_passed();
}
