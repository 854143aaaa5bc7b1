/*
 * memory.h - mapping, touching and probing pages, for tests about memory.
 *
 * Counting faults: getrusage() itself must not fault while it counts, so its
 * buffer is static and faults_start() calls it once in vain. After fork() that
 * matters most, because even the stack page is then shared.
 */
#pragma once

#include <sys/mman.h>
#include <sys/resource.h>

#include "check.h"

#define PAGE_SIZE 4096UL
#define RW (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)

/* The highest address a program may have, exclusive, and one in the kernel. */
#define USER_END 0x7ffffffff000UL
#define KERNEL_ADDR ((char *)0xffffffff80100000UL)

static inline long minor_faults(void)
{
	static struct rusage usage;

	sys(SYS_getrusage, RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

static inline long faults_start(void)
{
	minor_faults();
	return minor_faults();
}

static inline char *map_pages(unsigned long nr_pages, int prot)
{
	long addr = sys(SYS_mmap, 0, nr_pages * PAGE_SIZE, prot, ANON, -1, 0);

	CHECK(addr > 0);
	return (char *)addr;
}

/* Exactly at @addr, over whatever is there. */
static inline void map_fixed(char *addr, unsigned long nr_pages, int prot)
{
	CHECK_EQ(sys(SYS_mmap, addr, nr_pages * PAGE_SIZE, prot,
		     ANON | MAP_FIXED, -1, 0), addr);
}

static inline void unmap_pages(char *addr, unsigned long nr_pages)
{
	CHECK_EQ(sys(SYS_munmap, addr, nr_pages * PAGE_SIZE), 0);
}

static inline void write_pages(char *addr, unsigned long nr_pages, char value)
{
	for (unsigned long page = 0; page < nr_pages; page++)
		*(volatile char *)(addr + page * PAGE_SIZE) = value;
}

/* The sum of the first bytes; reading is what it is for. */
static inline long read_pages(const char *addr, unsigned long nr_pages)
{
	long sum = 0;

	for (unsigned long page = 0; page < nr_pages; page++)
		sum += *(const volatile char *)(addr + page * PAGE_SIZE);
	return sum;
}

/* A page that is followed by an unmapped one; returns the end of the first. */
static inline char *end_of_page(void)
{
	char *page = map_pages(2, RW);

	write_pages(page, 1, 0);
	unmap_pages(page + PAGE_SIZE, 1);
	return page + PAGE_SIZE;
}

/*
 * Can the byte at @addr be read, and written? Asked of the kernel, which
 * answers -EFAULT where we would die: the byte goes through a pipe and back.
 */
enum rights { NOTHING, CAN_READ = 1, CAN_WRITE = 2, CAN_BOTH = 3 };

static inline int probe(char *addr)
{
	static int fds[2];
	int rights = NOTHING;
	char byte = 0;

	if (fds[1] == 0)
		CHECK_EQ(sys(SYS_pipe, fds), 0);
	if (sys(SYS_write, fds[1], addr, 1) == 1)
		rights |= CAN_READ;
	else
		CHECK_EQ(sys(SYS_write, fds[1], &byte, 1), 1);
	if (sys(SYS_read, fds[0], addr, 1) == 1)
		return rights | CAN_WRITE;
	CHECK_EQ(sys(SYS_read, fds[0], &byte, 1), 1);
	return rights;
}
