/*
 * A read fault on a file maps what is cached around it, 64 KiB at a time; if it
 * did not, a program would pay sixteen faults where Linux charges one, and no
 * count of faults could be compared. A write maps its own page alone.
 */
#include <fcntl.h>

#include "memory.h"

#define WINDOW 16UL /* pages */
#define NR_PAGES (4 * WINDOW)
#define FILE_NAME "/tmp/fault_file_maps_around"

/* Aligned to the window, so that windows of file and memory coincide. */
static char *map_file(int fd)
{
	char *room = map_pages(NR_PAGES + WINDOW, PROT_NONE);
	unsigned long window = WINDOW * PAGE_SIZE;
	char *addr = (char *)(((unsigned long)room + window - 1) & -window);

	CHECK_EQ(sys(SYS_mmap, addr, NR_PAGES * PAGE_SIZE, RW,
		     MAP_PRIVATE | MAP_FIXED, fd, 0), addr);
	return addr;
}

static long faults_of_reading(const char *addr, unsigned long nr_pages)
{
	long before = faults_start();

	for (unsigned long page = 0; page < nr_pages; page++)
		(void)*(const volatile char *)(addr + page * PAGE_SIZE);
	return minor_faults() - before;
}

int main(void)
{
	static char page[PAGE_SIZE] = "x";
	int fd = (int)sys(SYS_open, FILE_NAME, O_RDWR | O_CREAT | O_TRUNC, 0600);
	long before;
	char *addr;

	CHECK(fd >= 0);
	for (unsigned long i = 0; i < NR_PAGES; i++)
		CHECK_EQ(sys(SYS_write, fd, page, PAGE_SIZE), PAGE_SIZE);
	addr = map_file(fd);

	CHECK_EQ(faults_of_reading(addr + 3 * PAGE_SIZE, 1), 1);
	CHECK_EQ(faults_of_reading(addr, WINDOW), 0);
	CHECK_EQ(faults_of_reading(addr, NR_PAGES), NR_PAGES / WINDOW - 1);

	addr = map_file(fd);
	before = faults_start();
	write_pages(addr + 5 * PAGE_SIZE, 2, 1);
	CHECK_EQ(minor_faults() - before, 2);
	/* What was written stays; the rest of the window comes around it. */
	CHECK_EQ(faults_of_reading(addr, WINDOW), 1);
	CHECK_EQ(addr[5 * PAGE_SIZE], 1);
	CHECK_EQ(addr[0], 'x');
	CHECK_EQ(sys(SYS_unlink, FILE_NAME), 0);
	return check_passed();
}
