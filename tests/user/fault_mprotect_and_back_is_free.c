/*
 * A collector that protects and unprotects its heap would pay a fault per
 * page, although the pages are its own and were never away.
 */
#include "memory.h"

#define NR_PAGES 32

/* A child has shared them: who owns a page is for its next write to find out. */
static void check_after_fork(char *addr)
{
	pid_t pid = check_fork();
	long before;

	if (pid == 0)
		_exit(0);
	check_child(pid);
	CHECK_EQ(sys(SYS_mprotect, addr, NR_PAGES * PAGE_SIZE, PROT_NONE), 0);
	CHECK_EQ(sys(SYS_mprotect, addr, NR_PAGES * PAGE_SIZE, RW), 0);
	before = faults_start();
	write_pages(addr, NR_PAGES, 'f');
	CHECK_EQ(minor_faults() - before, NR_PAGES);
	CHECK_EQ(sys(SYS_mprotect, addr, NR_PAGES * PAGE_SIZE, PROT_READ), 0);
	CHECK_EQ(sys(SYS_mprotect, addr, NR_PAGES * PAGE_SIZE, RW), 0);
	before = faults_start();
	write_pages(addr, NR_PAGES, 'g');
	CHECK_EQ(minor_faults() - before, 0);
}

int main(void)
{
	char *addr = map_pages(NR_PAGES, RW);
	long before;

	write_pages(addr, NR_PAGES, 'x');
	CHECK_EQ(sys(SYS_mprotect, addr, NR_PAGES * PAGE_SIZE, PROT_READ), 0);
	CHECK_EQ(sys(SYS_mprotect, addr, NR_PAGES * PAGE_SIZE, RW), 0);
	before = faults_start();
	write_pages(addr, NR_PAGES, 'y');
	CHECK_EQ(minor_faults() - before, 0);

	CHECK_EQ(sys(SYS_mprotect, addr, NR_PAGES * PAGE_SIZE, PROT_NONE), 0);
	CHECK_EQ(sys(SYS_mprotect, addr, NR_PAGES * PAGE_SIZE, RW), 0);
	before = faults_start();
	write_pages(addr, NR_PAGES, 'z');
	CHECK_EQ(minor_faults() - before, 0);
	check_after_fork(addr);
	return check_passed();
}
