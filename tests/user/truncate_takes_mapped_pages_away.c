/*
 * A program that maps a file relies on it: what is cut off must be gone from
 * every mapping at once (a touch is SIGBUS, not old bytes), and what comes back
 * when the file grows again is zeros. Private copies of such pages go as well.
 */
#include <setjmp.h>
#include <signal.h>
#include <sys/stat.h>

#include "memory.h"

#define PAGES 4

static sigjmp_buf back;
static int fd;

static void jump(int sig)
{
	siglongjmp(back, sig);
}

/* The byte at @addr, or minus the signal that reading it raised. */
static int look(const char *addr)
{
	volatile const char *byte = addr;
	int sig = sigsetjmp(back, 1);

	return sig ? -sig : *byte;
}

static char *map_file(int flags)
{
	long addr = sys(SYS_mmap, 0, PAGES * PAGE_SIZE, RW, flags, fd, 0);

	CHECK(addr > 0);
	return (char *)addr;
}

static void check_pages(const char *what, const char *addr,
			const int want[PAGES])
{
	for (int i = 0; i < PAGES; i++)
		check_eq(what, look(addr + i * PAGE_SIZE), want[i], __LINE__);
}

static long blocks(void)
{
	struct stat stat;

	CHECK_EQ(sys(SYS_fstat, fd, &stat), 0);
	return stat.st_blocks;
}

int main(void)
{
	static const int cut[PAGES] = { 'a', 'a', -SIGBUS, -SIGBUS };
	static const int cut_copy[PAGES] = { 'c', 'a', -SIGBUS, -SIGBUS };
	static const int grown[PAGES] = { 'a', 'a', 0, 0 };
	static const int grown_copy[PAGES] = { 'c', 'a', 0, 0 };
	char *shared, *own;
	unsigned char there[PAGES];

	signal(SIGBUS, jump);
	fd = (int)sys(SYS_memfd_create, "cut", 0);
	CHECK_EQ(sys(SYS_ftruncate, fd, PAGES * PAGE_SIZE), 0);
	shared = map_file(MAP_SHARED);
	own = map_file(MAP_PRIVATE);
	memset(shared, 'a', PAGES * PAGE_SIZE);
	own[0] = own[3 * PAGE_SIZE] = 'c';
	CHECK_EQ(look(own + 2 * PAGE_SIZE), 'a');
	CHECK_EQ(blocks(), 32);

	CHECK_EQ(sys(SYS_ftruncate, fd, PAGE_SIZE + 100), 0);
	CHECK_EQ(sys(SYS_mincore, shared, sizeof(there) * PAGE_SIZE, there), 0);
	CHECK_EQ(there[1] & 1, 1);
	CHECK_EQ(there[2] & 1, 0);
	check_pages("shared, cut", shared, cut);
	check_pages("private, cut", own, cut_copy);
	CHECK_EQ(look(shared + PAGE_SIZE + 99), 'a');
	CHECK_EQ(look(shared + PAGE_SIZE + 100), 0);
	CHECK_EQ(blocks(), 16);

	CHECK_EQ(sys(SYS_ftruncate, fd, PAGES * PAGE_SIZE), 0);
	check_pages("shared, grown", shared, grown);
	check_pages("private, grown", own, grown_copy);
	shared[3 * PAGE_SIZE] = 'n';
	CHECK_EQ(look(own + 3 * PAGE_SIZE), 'n');
	return check_passed();
}
