/* The heap would grow over a mapping, and malloc hand out its bytes. */
#include "memory.h"

int main(void)
{
	char *start = (char *)sys(SYS_brk, 0);
	char *wall = (char *)(((long)start + 4095) & -4096L) + 64 * PAGE_SIZE;

	map_fixed(wall, 1, RW);
	wall[0] = 'w';

	/* Linux keeps one more page free in front of a mapping: not asked. */
	CHECK_EQ(sys(SYS_brk, wall + 1), start);
	CHECK_EQ(sys(SYS_brk, wall + 100 * PAGE_SIZE), start);
	CHECK_EQ(sys(SYS_brk, wall - 2 * PAGE_SIZE), wall - 2 * PAGE_SIZE);
	write_pages(wall - 3 * PAGE_SIZE, 1, 'h');
	CHECK_EQ(wall[0], 'w');

	unmap_pages(wall, 1);
	CHECK_EQ(sys(SYS_brk, wall + PAGE_SIZE), wall + PAGE_SIZE);
	CHECK_EQ(wall[0], 0);
	return check_passed();
}
