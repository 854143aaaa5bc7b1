/*
 * A large page that has to go to the swap disk would be lost, or come back with
 * another page's bytes, or take a page from a child that shares it. This is
 * guest-only: it fills a small machine.
 */
// guest: MEM=64M SWAP=256M TIMEOUT=180
#include "large.h"
#include "swap.h"

#define NR_LARGE 45UL

static void fill(char *addr, unsigned long nr_pages, unsigned long salt)
{
	for (unsigned long page = 0; page < nr_pages; page++)
		*(unsigned long *)(addr + page * PAGE_SIZE) = page ^ salt;
}

static void check(const char *addr, unsigned long nr_pages, unsigned long salt)
{
	for (unsigned long page = 0; page < nr_pages; page++)
		CHECK_EQ(*(unsigned long *)(addr + page * PAGE_SIZE),
			 page ^ salt);
}

static void more_than_there_is(void)
{
	char *addr = map_large(NR_LARGE);
	long minor = faults_start();

	fill(addr, NR_LARGE * LARGE_PAGES, 0x5a5a);
	/* Large pages were among them, or there would be one fault for each. */
	CHECK(minor_faults() - minor < (long)(NR_LARGE * LARGE_PAGES));
	check(addr, NR_LARGE * LARGE_PAGES, 0x5a5a);
	CHECK(proc_value(proc_text("/proc/self/status"), "VmSwap") > 0);
	unmap_pages(addr, NR_LARGE * LARGE_PAGES);
}

/* Two views of the same large pages, one of them in pieces, and no room. */
static void shared_with_a_child(void)
{
	char *shared = map_large(8), *other;
	int fds[2];
	pid_t pid;
	char byte;

	fill(shared, 8 * LARGE_PAGES, 77);
	CHECK_EQ(sys(SYS_pipe, fds), 0);
	pid = check_fork();
	if (pid == 0) {
		CHECK_EQ(sys(SYS_read, fds[0], &byte, 1), 1);
		check(shared, 8 * LARGE_PAGES, 77);
		fill(shared, 8 * LARGE_PAGES, 99);
		check(shared, 8 * LARGE_PAGES, 99);
		_exit(0);
	}
	fill(shared + 3 * PAGE_SIZE, 1, 3 ^ 77); /* the same, but written */
	other = map_large(30);
	fill(other, 30 * LARGE_PAGES, 11);
	check(shared, 3, 77);
	CHECK_EQ(sys(SYS_write, fds[1], "", 1), 1);
	check_child(pid);
	check(shared, 8 * LARGE_PAGES, 77);
	check(other, 30 * LARGE_PAGES, 11);
	fill(shared, 8 * LARGE_PAGES, 55);
	check(shared, 8 * LARGE_PAGES, 55);
	unmap_pages(shared, 8 * LARGE_PAGES);
	unmap_pages(other, 30 * LARGE_PAGES);
}

int main(void)
{
	more_than_there_is();
	shared_with_a_child();
	bring_all_back();
	return check_passed();
}
