/*
 * guest-only: see swap.h.
 * Shared memory and files of tmpfs are in memory only, so without swap they can
 * starve programs. With it they must go, too, and come back as one content for
 * all: for every process that maps them, for read(2) and write(2), cut off where
 * the file is cut off, and no slot may be left when they are removed.
 */
// guest: MEM=64M SWAP=128M TIMEOUT=180
#include <fcntl.h>
#include <uapi/shm.h>

#include "swap.h"

#define SHARED (MAP_SHARED | MAP_ANONYMOUS)
#define NR 200UL

static char *map_shared(unsigned long nr)
{
	long addr = sys(SYS_mmap, 0, nr * PAGE_SIZE, RW, SHARED, -1, 0);

	CHECK(addr > 0);
	return (char *)addr;
}

/* Slots go when the pages are wanted again: how many pages are out. */
static unsigned long nr_out(const char *pages)
{
	return (unsigned long)proc_value(smaps_of(pages), "Swap") / 4;
}

static void pressure(void)
{
	unsigned long nr = ram_pages();
	char *pages = map_pages(nr, RW);

	fill_pages(pages, nr);
	check_pages(pages, nr);
	_exit(0);
}

static void apply_pressure(void)
{
	CHECK_EQ(check_in_child(pressure), EXITED(0));
}

static void shared_by_two(void)
{
	char *pages = map_shared(NR);
	long major;
	pid_t pid;

	fill_pages(pages, NR);
	apply_pressure();
	CHECK(nr_out(pages) > NR / 2);
	CHECK_EQ(proc_value(proc_text("/proc/self/status"), "VmSwap") > 2000, 0);
	major = major_faults();
	pid = check_fork();
	if (pid == 0) {
		check_pages(pages, NR);
		fill_page(pages + 100 * PAGE_SIZE, 7777);
		_exit(0);
	}
	check_child(pid);
	CHECK(page_is_right(pages + 100 * PAGE_SIZE, 7777));
	fill_page(pages + 100 * PAGE_SIZE, 100);
	check_pages(pages, NR);
	CHECK_EQ(nr_out(pages), 0);
	apply_pressure();
	check_pages(pages, NR);
	CHECK(major_faults() > major);
	unmap_pages(pages, NR);
}

static void page_out_of_shared(void)
{
	char *pages = map_shared(NR);

	fill_pages(pages, NR);
	page_out(pages, NR);
	CHECK_EQ(nr_out(pages), NR);
	check_pages(pages, NR);
	page_out(pages, NR);
	unmap_pages(pages, NR); /* with all of it on disk */
}

static void larger_than_memory(void)
{
	unsigned long nr = ram_pages() + ram_pages() / 4;
	char *pages = map_shared(nr);
	unsigned long i = 0;

	/* tmpfs has its limit, half of RAM: behind it there is SIGBUS. */
	for (; i < ram_pages() * 2 / 5; i++)
		fill_page(pages + i * PAGE_SIZE, i);
	apply_pressure();
	check_pages(pages, i);
	unmap_pages(pages, nr);
}

static void file_is_read_written_and_cut(void)
{
	static char buf[2 * PAGE_SIZE];
	long fd = sys(SYS_open, "/tmp/swapped", O_CREAT | O_RDWR, 0600);
	char *pages = map_pages(NR, RW);

	CHECK(fd >= 0);
	fill_pages(pages, NR);
	CHECK_EQ(sys(SYS_write, fd, pages, NR * PAGE_SIZE), NR * PAGE_SIZE);
	apply_pressure();
	for (unsigned long i = 0; i < NR; i++) {
		CHECK_EQ(sys(SYS_pread64, fd, buf, PAGE_SIZE, i * PAGE_SIZE),
			 PAGE_SIZE);
		CHECK(page_is_right(buf, i));
	}
	apply_pressure();
	CHECK_EQ(sys(SYS_pwrite64, fd, "x", 1, 50 * PAGE_SIZE + 1), 1);
	CHECK_EQ(sys(SYS_pread64, fd, buf, PAGE_SIZE, 50 * PAGE_SIZE),
		 PAGE_SIZE);
	CHECK_EQ(buf[1], 'x');
	CHECK_EQ(buf[0], pages[50 * PAGE_SIZE]);
	CHECK_EQ(memcmp(buf + 2, pages + 50 * PAGE_SIZE + 2, PAGE_SIZE - 2), 0);
	apply_pressure();
	CHECK_EQ(sys(SYS_ftruncate, fd, 100 * PAGE_SIZE + 10), 0);
	CHECK_EQ(sys(SYS_ftruncate, fd, NR * PAGE_SIZE), 0);
	CHECK_EQ(sys(SYS_pread64, fd, buf, 2 * PAGE_SIZE, 100 * PAGE_SIZE),
		 2 * PAGE_SIZE);
	CHECK_EQ(memcmp(buf, pages + 100 * PAGE_SIZE, 10), 0);
	for (unsigned long i = 10; i < 2 * PAGE_SIZE; i++)
		CHECK_EQ(buf[i], 0);
	apply_pressure();
	sys(SYS_unlink, "/tmp/swapped");
	sys(SYS_close, fd);
	unmap_pages(pages, NR);
}

static void segment_outlives_its_process(void)
{
	long id = sys(SYS_shmget, IPC_PRIVATE, NR * PAGE_SIZE, 0600);
	char *pages = (char *)sys(SYS_shmat, id, 0, 0);

	CHECK((long)pages > 0);
	fill_pages(pages, NR);
	CHECK_EQ(sys(SYS_shmdt, pages), 0);
	apply_pressure();
	pages = (char *)sys(SYS_shmat, id, 0, 0);
	CHECK(nr_out(pages) > NR / 2);
	check_pages(pages, NR);
	apply_pressure();
	CHECK_EQ(sys(SYS_shmctl, id, SHM_LOCK, 0), 0);
	check_pages(pages, NR);
	page_out(pages, NR);
	CHECK_EQ(nr_out(pages), 0);
	CHECK_EQ(sys(SYS_shmctl, id, SHM_UNLOCK, 0), 0);
	check_pages(pages, NR);
	page_out(pages, NR);
	CHECK_EQ(nr_out(pages), NR);
	CHECK_EQ(sys(SYS_shmctl, id, IPC_RMID, 0), 0);
	CHECK_EQ(sys(SYS_shmdt, pages), 0);
}

static void swapoff_brings_it_back(void)
{
	char *pages = map_shared(NR);

	fill_pages(pages, NR);
	page_out(pages, NR);
	CHECK_EQ(nr_out(pages), NR);
	/* Also what of the system's own files is out by now. */
	CHECK_EQ(sys(SYS_swapoff, DISK), 0);
	CHECK_EQ(swap_used(), 0);
	CHECK_EQ(nr_out(pages), 0);
	check_pages(pages, NR);
	unmap_pages(pages, NR);
	CHECK_EQ(sys(SYS_swapon, DISK, 0), 0);
}

int main(void)
{
	shared_by_two();
	page_out_of_shared();
	larger_than_memory();
	file_is_read_written_and_cut();
	segment_outlives_its_process();
	swapoff_brings_it_back();
	bring_all_back();
	return check_passed();
}
