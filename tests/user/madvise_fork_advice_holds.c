/*
 * Keys and random pools are wiped in a child, device buffers are not given to
 * it: WIPEONFORK and DONTFORK keep secrets, so each must hold, and be undone.
 */
#include "maps.h"

static char *area; /* keep, wipe, gone, wiped and kept again */

static void advise(unsigned long page, int advice)
{
	CHECK_EQ(sys(SYS_madvise, area + page * PAGE_SIZE, PAGE_SIZE, advice),
		 0);
}

static void check_in_grandchild(void)
{
	/* The advice to wipe is inherited, so each generation is wiped. */
	pid_t pid;

	area[PAGE_SIZE] = 'y';
	pid = check_fork();
	if (pid == 0) {
		CHECK_EQ(area[PAGE_SIZE], 0);
		_exit(0);
	}
	check_child(pid);
	CHECK_EQ(area[PAGE_SIZE], 'y');
}

int main(void)
{
	pid_t pid;

	area = map_pages(6, PROT_NONE);
	map_fixed(area, 4, RW);
	write_pages(area, 4, 'x');
	advise(1, MADV_WIPEONFORK);
	advise(2, MADV_DONTFORK);
	advise(3, MADV_WIPEONFORK);
	advise(3, MADV_DONTFORK);
	advise(3, MADV_KEEPONFORK);
	advise(3, MADV_DOFORK);

	pid = check_fork();
	if (pid == 0) {
		CHECK_EQ(area[0], 'x');
		CHECK_EQ(area[PAGE_SIZE], 0);
		CHECK_EQ(probe(area + 2 * PAGE_SIZE), NOTHING);
		CHECK_EQ(area[3 * PAGE_SIZE], 'x');
		CHECK_EQ(maps_draw(area, 4)[2], '.');
		check_in_grandchild();
		_exit(0);
	}
	check_child(pid);
	for (int page = 0; page < 4; page++)
		CHECK_EQ(area[(unsigned long)page * PAGE_SIZE], 'x');
	return check_passed();
}
