/*
 * Tools that study memory read pagemap: which pages are there, whose frame it
 * is, and whether it is shared.
 */
// linux: zero-frame
#include <stdint.h>

#include "proc.h"

#define PRESENT (1UL << 63)
#define FILE_PAGE (1UL << 61)
#define EXCLUSIVE (1UL << 56)
#define FRAME ((1UL << 55) - 1)

static uint64_t entry(const void *addr)
{
	long fd = sys(SYS_open, "/proc/self/pagemap", O_RDONLY);
	uint64_t word = 0;

	CHECK(fd >= 0);
	CHECK_EQ(sys(SYS_pread64, fd, &word, 8, (uintptr_t)addr / PAGE_SIZE * 8),
		 8);
	sys(SYS_close, fd);
	return word;
}

static void child(char *page, uint64_t frame)
{
	CHECK_EQ(entry(page) & FRAME, frame);
	CHECK_EQ(entry(page) & EXCLUSIVE, 0);
	write_pages(page, 1, 2);
	CHECK((entry(page) & FRAME) != frame);
	CHECK_EQ(entry(page) & EXCLUSIVE, EXCLUSIVE);
	_exit(0);
}

static void check_errors(void)
{
	static uint64_t words[2];
	long fd = sys(SYS_open, "/proc/self/pagemap", O_RDONLY);

	CHECK_EQ(sys(SYS_pread64, fd, words, 7, 0), -EINVAL);
	CHECK_EQ(sys(SYS_pread64, fd, words, 8, 4), -EINVAL);
	CHECK_EQ(sys(SYS_pread64, fd, words, 16, 0), 16);
	CHECK_EQ(words[0], 0);
	CHECK_EQ(words[1], 0);
	CHECK_EQ(sys(SYS_pread64, fd, words, 8, 1L << 56), 0);
	sys(SYS_close, fd);
}

int main(void)
{
	char *page = map_pages(3, RW);
	uint64_t frame;
	pid_t pid;

	CHECK_EQ(entry(page) & PRESENT, 0);
	write_pages(page, 1, 1);
	read_pages(page + PAGE_SIZE, 2);
	frame = entry(page) & FRAME;
	CHECK(frame != 0);
	CHECK_EQ(entry(page) & (PRESENT | EXCLUSIVE | FILE_PAGE),
		 PRESENT | EXCLUSIVE);
	/* The frame of zeros is one and everybody's. */
	CHECK_EQ(entry(page + PAGE_SIZE) & FRAME,
		 entry(page + 2 * PAGE_SIZE) & FRAME);
	CHECK_EQ(entry(page + PAGE_SIZE) & (PRESENT | EXCLUSIVE), PRESENT);
	CHECK_EQ(entry((void *)main) & (PRESENT | FILE_PAGE),
		 PRESENT | FILE_PAGE);
	pid = check_fork();
	if (pid == 0)
		child(page, frame);
	check_child(pid);
	CHECK_EQ(entry(page) & FRAME, frame);
	check_errors();
	return check_passed();
}
