/*
 * guest-only: it needs a file on a disk at /cdrom.
 * Whoever says MADV_WILLNEED expects not to wait for the disk page by page later:
 * the pages must be in the cache, and touching them no major faults.
 */
#include <fcntl.h>

#include "proc.h"

#define BIG_FILE "/cdrom/efi.img"
#define NR 100UL

static long major_faults(void)
{
	static struct rusage usage;

	sys(SYS_getrusage, RUSAGE_SELF, &usage);
	return usage.ru_majflt;
}

int main(void)
{
	long fd = sys(SYS_open, BIG_FILE, O_RDONLY), major;
	static unsigned char vector[NR];
	char *file;

	CHECK(fd >= 0);
	CHECK(proc_write("/proc/sys/vm/drop_caches", "3") > 0);
	file = (char *)sys(SYS_mmap, 0, NR * PAGE_SIZE, PROT_READ, MAP_PRIVATE,
			   fd, 0);
	CHECK((long)file > 0);
	CHECK_EQ(sys(SYS_mincore, file, NR * PAGE_SIZE, vector), 0);
	CHECK_EQ(vector[NR / 2], 0);
	CHECK_EQ(sys(SYS_madvise, file, NR * PAGE_SIZE, MADV_WILLNEED), 0);
	CHECK_EQ(sys(SYS_mincore, file, NR * PAGE_SIZE, vector), 0);
	for (unsigned long i = 0; i < NR; i++)
		CHECK_EQ(vector[i], 1);
	major = major_faults();
	read_pages(file, NR);
	CHECK_EQ(major_faults(), major);
	unmap_pages(file, NR);
	sys(SYS_close, fd);
	CHECK(proc_write("/proc/sys/vm/drop_caches", "3") > 0);
	return check_passed();
}
