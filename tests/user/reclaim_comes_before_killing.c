/*
 * guest-only: it needs nearly all memory of the machine, and a disc at /cdrom.
 * If what is cached of a disk were not given back when memory runs out, a
 * program would be killed for memory that nobody needs: pages that were read
 * once, and pages that somebody has mapped and does not look at.
 */
// guest: MEM=64M TIMEOUT=120
#include <fcntl.h>
#include <stdlib.h>
#include <sys/sysinfo.h>

#include "memory.h"

#define BIG_FILE "/cdrom/efi.img"
#define MARGIN_PAGES 350 /* more than is free; the file has twice as many */

static char *file;
static unsigned long file_pages;

static unsigned long free_pages(void)
{
	static struct sysinfo info;

	CHECK_EQ(sys(SYS_sysinfo, &info), 0);
	return info.freeram * info.mem_unit / PAGE_SIZE;
}

static unsigned long checksum(void)
{
	const unsigned long *words = (const unsigned long *)file;
	unsigned long sum = 0;

	for (unsigned long i = 0; i < file_pages * PAGE_SIZE / 8; i++)
		sum = sum * 31 + words[i];
	return sum;
}

/* Touch more than is free, and find in it what was written. */
static void hog(unsigned long nr_pages)
{
	char *pages = map_pages(nr_pages, RW);

	for (unsigned long i = 0; i < nr_pages; i++)
		*(volatile unsigned long *)(pages + i * PAGE_SIZE) = ~i;
	for (unsigned long i = 0; i < nr_pages; i++)
		CHECK_EQ(*(volatile unsigned long *)(pages + i * PAGE_SIZE),
			 ~i);
}

static void hog_survives(void)
{
	unsigned long nr_pages = free_pages() + MARGIN_PAGES;
	pid_t pid = check_fork();

	if (pid == 0) {
		hog(nr_pages);
		_exit(0);
	}
	CHECK_EQ(check_wait(pid), EXITED(0));
}

static long major_faults(void)
{
	static struct rusage usage;

	CHECK_EQ(sys(SYS_getrusage, RUSAGE_SELF, &usage), 0);
	return usage.ru_majflt;
}

static void drop_caches(void)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY);

	CHECK(fd >= 0);
	CHECK_EQ(sys(SYS_write, fd, "3\n", 2), 2);
	sys(SYS_close, fd);
}

int main(void)
{
	int fd = open(BIG_FILE, O_RDONLY);
	unsigned long before, free_before;
	long major;

	CHECK(fd >= 0);
	file_pages = (unsigned long)sys(SYS_lseek, fd, 0, SEEK_END) / PAGE_SIZE;
	CHECK(file_pages > 2 * MARGIN_PAGES);
	file = (char *)sys(SYS_mmap, 0, file_pages * PAGE_SIZE, PROT_READ,
			   MAP_PRIVATE, fd, 0);
	CHECK((long)file > 0);

	major = major_faults();
	before = checksum();
	CHECK(major_faults() > major);
	major = major_faults();
	CHECK_EQ(checksum(), before);
	CHECK_EQ(major_faults(), major);

	hog_survives(); /* takes pages out of our mapping */
	CHECK_EQ(checksum(), before);
	CHECK(major_faults() > major);

	unmap_pages(file, file_pages);
	hog_survives(); /* takes pages that nobody has mapped */

	sys(SYS_close, fd);
	free_before = free_pages();
	drop_caches();
	CHECK(free_pages() > free_before);
	return check_passed();
}
