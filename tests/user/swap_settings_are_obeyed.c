/*
 * guest-only: it needs a machine of its own, and a disc at /cdrom.
 * An administrator who sets swappiness to 0 wants programs left in memory as long
 * as there are pages of files to give up; at 200 it is the other way round. And
 * min_free_kbytes is what must be free for the kernel at any time.
 */
// guest: MEM=64M SWAP=128M TIMEOUT=180
#include <fcntl.h>

#include "swap.h"

#define BIG_FILE "/cdrom/efi.img"
#define MIN_FREE "/proc/sys/vm/min_free_kbytes"
#define SWAPPINESS "/proc/sys/vm/swappiness"

static char *file;
static unsigned long file_pages;

static void set(const char *path, const char *value)
{
	CHECK(proc_write(path, value) > 0);
}

/*
 * Take what is free and 200 pages more, then look at the file, which is mapped, so
 * that half of it would fit. How many pages went to the disk, and came from it?
 */
static void squeeze(long *swapped, long *major)
{
	unsigned long nr = free_pages() + 200;
	char *pages = map_pages(nr, RW);
	long out = vmstat("pswpout");

	*major = major_faults();
	for (unsigned long i = 0; i < nr; i++) {
		fill_page(pages + i * PAGE_SIZE, i);
		if (i % 16 == 0) /* the file is in use as well, now and then */
			read_pages(file + i / 16 % file_pages * PAGE_SIZE, 1);
	}
	*swapped = vmstat("pswpout") - out;
	*major = major_faults() - *major;
}

static void swappiness_0_spares_programs(void)
{
	long swapped, major;

	set(SWAPPINESS, "0");
	squeeze(&swapped, &major);
	CHECK_EQ(swapped, 0);
	CHECK(major > 0);
	_exit(0);
}

static void swappiness_200_spares_files(void)
{
	long swapped, major;

	set(SWAPPINESS, "200");
	squeeze(&swapped, &major);
	CHECK(swapped > 100);
	_exit(0);
}

/* When nothing else is left, 0 does not mean never. */
static void swappiness_0_is_not_never(void)
{
	unsigned long nr = ram_pages();
	char *pages = map_pages(nr, RW);

	set(SWAPPINESS, "0");
	fill_pages(pages, nr);
	check_pages(pages, nr);
	_exit(0);
}

static void min_free_is_kept_free(void)
{
	unsigned long nr = ram_pages();
	char *pages = map_pages(nr, RW);

	set(MIN_FREE, "8192");
	for (unsigned long i = 0; i < nr; i++) {
		fill_page(pages + i * PAGE_SIZE, i);
		if (i % 64 == 0 && i > nr * 3 / 4)
			CHECK(free_pages() * 4 > 8192 - 256);
	}
	check_pages(pages, nr);
	_exit(0);
}

int main(void)
{
	long fd = sys(SYS_open, BIG_FILE, O_RDONLY);
	char before[32];

	CHECK(fd >= 0);
	file_pages = (unsigned long)sys(SYS_lseek, fd, 0, SEEK_END) / PAGE_SIZE;
	file = (char *)sys(SYS_mmap, 0, file_pages * PAGE_SIZE, PROT_READ,
			   MAP_PRIVATE, fd, 0);
	CHECK((long)file > 0);
	read_pages(file, file_pages);
	CHECK_EQ(check_in_child(swappiness_0_spares_programs), EXITED(0));
	read_pages(file, file_pages);
	CHECK_EQ(check_in_child(swappiness_200_spares_files), EXITED(0));
	CHECK_EQ(check_in_child(swappiness_0_is_not_never), EXITED(0));
	set(SWAPPINESS, "60");
	snprintf(before, sizeof(before), "%s", proc_text(MIN_FREE));
	CHECK_EQ(check_in_child(min_free_is_kept_free), EXITED(0));
	set(MIN_FREE, before);
	unmap_pages(file, file_pages);
	sys(SYS_close, fd);
	set("/proc/sys/vm/drop_caches", "3");
	bring_all_back();
	return check_passed();
}
