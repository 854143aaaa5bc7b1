/*
 * guest-only: it prepares, damages and switches swap disks.
 * A disk that mkswap did not prepare must not be swapped to: what is on it would
 * be lost. And whoever switches swap off must get back what is there.
 */
// guest: MEM=64M SWAP=16M TIMEOUT=120
#include <fcntl.h>

#include "swap.h"

#define SWAP_FLAG_PREFER 0x8000

static char header[PAGE_SIZE], first_header[PAGE_SIZE];

static void write_header(void)
{
	long fd = sys(SYS_open, DISK, O_RDWR);

	CHECK_EQ(sys(SYS_pwrite64, fd, header, PAGE_SIZE, 0), PAGE_SIZE);
	sys(SYS_close, fd);
}

static void read_header(void)
{
	long fd = sys(SYS_open, DISK, O_RDONLY);

	CHECK_EQ(sys(SYS_pread64, fd, header, PAGE_SIZE, 0), PAGE_SIZE);
	sys(SYS_close, fd);
}

static uint32_t *word(unsigned long offset)
{
	return (uint32_t *)(header + offset);
}

#define VERSION 1024
#define LAST_PAGE 1028
#define NR_BAD 1032
#define BAD_PAGES 1536
#define SIGNATURE (PAGE_SIZE - 10)

/* With the header changed at @offset to @value, what does swapon say? */
static long swapon_with(unsigned long offset, uint32_t value)
{
	uint32_t old = *word(offset);
	long result;

	*word(offset) = value;
	write_header();
	result = sys(SYS_swapon, DISK, 0);
	*word(offset) = old;
	write_header();
	return result;
}

static long swap_total(void)
{
	return proc_value(proc_text("/proc/meminfo"), "SwapTotal");
}

static void errors_are_linux(void)
{
	CHECK_EQ(sys(SYS_swapon, DISK, 0), -EBUSY);
	CHECK_EQ(sys(SYS_swapon, DISK, 1 << 30), -EINVAL);
	CHECK_EQ(sys(SYS_swapon, "/nowhere", 0), -ENOENT);
	CHECK_EQ(sys(SYS_swapon, "", 0), -ENOENT);
	CHECK_EQ(sys(SYS_swapon, "/tmp", 0), -EISDIR);
	CHECK_EQ(sys(SYS_swapon, check_self(), 0), -EINVAL);
	CHECK_EQ(sys(SYS_swapon, "/dev/null", 0), -EINVAL);
	CHECK_EQ(sys(SYS_swapon, KERNEL_ADDR, 0), -EFAULT);
	CHECK_EQ(sys(SYS_swapoff, KERNEL_ADDR), -EFAULT);
	CHECK_EQ(sys(SYS_swapoff, "/nowhere"), -ENOENT);
	CHECK_EQ(sys(SYS_swapoff, check_self()), -EINVAL);
}

static void headers_are_checked(void)
{
	uint32_t last = *word(LAST_PAGE);

	CHECK_EQ(sys(SYS_swapoff, DISK), 0);
	CHECK_EQ(sys(SYS_swapoff, DISK), -EINVAL);
	CHECK_EQ(swap_total(), 0);
	CHECK_EQ(swapon_with(SIGNATURE, 0), -EINVAL);
	CHECK_EQ(swapon_with(VERSION, 2), -EINVAL);
	CHECK_EQ(swapon_with(LAST_PAGE, 0), -EINVAL);
	CHECK_EQ(swapon_with(LAST_PAGE, last + 1), -EINVAL);
	CHECK_EQ(swapon_with(LAST_PAGE, 0xffffffff), -EINVAL);
	CHECK_EQ(swapon_with(NR_BAD, 0xffffffff), -EINVAL);
	CHECK_EQ(swapon_with(NR_BAD, 1), -EINVAL); /* page 0 is the header */
	*word(BAD_PAGES) = last + 1;
	CHECK_EQ(swapon_with(NR_BAD, 1), -EINVAL);
	CHECK_EQ(swap_total(), 0);
}

/* A bad page and a shorter area are honoured, and so is a priority. */
static void good_headers_are_obeyed(void)
{
	char *pages;

	*word(BAD_PAGES) = 5;
	*word(BAD_PAGES + 4) = 9;
	*word(NR_BAD) = 2;
	*word(LAST_PAGE) = 100;
	write_header();
	CHECK_EQ(sys(SYS_swapon, DISK, SWAP_FLAG_PREFER | 77), 0);
	CHECK_EQ(swap_total(), 98 * 4);
	CHECK_STR(proc_text("/proc/swaps"),
		  "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
		  "/dev/vda                                partition\t392\t\t0"
		  "\t\t77\n");
	pages = map_pages(200, RW);
	fill_pages(pages, 200);
	page_out(pages, 200);
	CHECK_EQ(swap_used(), 98);
	CHECK_EQ(nr_swapped(pages, 200), 98);
	check_pages(pages, 200);
	unmap_pages(pages, 200);
	CHECK_EQ(swap_used(), 0);
}

static char *pages;

static void child(int ready, int go)
{
	char byte = 0;

	CHECK_EQ(sys(SYS_write, ready, &byte, 1), 1);
	CHECK_EQ(sys(SYS_read, go, &byte, 1), 1);
	check_pages(pages, 90);
	fill_page(pages, 1);
	CHECK_EQ(nr_swapped(pages, 90), 0);
	_exit(0);
}

static void swapoff_brings_everything_back(void)
{
	int ready[2], go[2];
	char byte = 0;
	pid_t pid;

	pages = map_pages(90, RW);
	fill_pages(pages, 90);
	page_out(pages, 90);
	CHECK_EQ(sys(SYS_mprotect, pages + 10 * PAGE_SIZE, 10 * PAGE_SIZE,
		     PROT_NONE), 0);
	CHECK_EQ(sys(SYS_pipe, ready), 0);
	CHECK_EQ(sys(SYS_pipe, go), 0);
	pid = check_fork();
	if (pid == 0) {
		sys(SYS_mprotect, pages, 90 * PAGE_SIZE, RW);
		child(ready[1], go[0]);
	}
	CHECK_EQ(sys(SYS_read, ready[0], &byte, 1), 1);
	CHECK_EQ(sys(SYS_swapoff, DISK), 0);
	CHECK_EQ(swap_total(), 0);
	CHECK_EQ(nr_swapped(pages, 90), 0);
	CHECK_EQ(sys(SYS_mprotect, pages, 90 * PAGE_SIZE, RW), 0);
	CHECK_EQ(sys(SYS_write, go[1], &byte, 1), 1);
	check_child(pid);
	check_pages(pages, 90);
	fill_page(pages, 3);
	unmap_pages(pages, 90);
}

int main(void)
{
	read_header();
	memcpy(first_header, header, PAGE_SIZE);
	errors_are_linux();
	headers_are_checked();
	good_headers_are_obeyed();
	swapoff_brings_everything_back();
	memcpy(header, first_header, PAGE_SIZE);
	write_header();
	CHECK_EQ(sys(SYS_swapon, DISK, 0), 0);
	return check_passed();
}
