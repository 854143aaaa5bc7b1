/*
 * malloc would miscalculate its heap: the break is exact to the byte, a
 * refusal leaves it alone, and pages come and go whole.
 */
#include "memory.h"

static char *set_brk(char *to)
{
	return (char *)sys(SYS_brk, to);
}

int main(void)
{
	char *start = set_brk(NULL);
	char *page = (char *)(((long)start + 4095) & -4096L);

	/* One byte is a whole page below, but the break stays exact. */
	CHECK_EQ(set_brk(page + 1), page + 1);
	CHECK_EQ(set_brk(NULL), page + 1);
	page[0] = page[PAGE_SIZE - 1] = 'x';
	CHECK_EQ(probe(page + PAGE_SIZE), NOTHING);

	CHECK_EQ(set_brk(page + PAGE_SIZE), page + PAGE_SIZE);
	CHECK_EQ(probe(page + PAGE_SIZE), NOTHING);
	CHECK_EQ(set_brk(page + PAGE_SIZE + 1), page + PAGE_SIZE + 1);
	CHECK_EQ(probe(page + PAGE_SIZE), CAN_BOTH);

	/* Down within the page keeps it; below it, it goes, and comes back clean. */
	CHECK_EQ(set_brk(page + 1), page + 1);
	CHECK_EQ(page[PAGE_SIZE - 1], 'x');
	CHECK_EQ(set_brk(page), page);
	CHECK_EQ(probe(page), NOTHING);
	CHECK_EQ(set_brk(page + PAGE_SIZE), page + PAGE_SIZE);
	CHECK_EQ(page[0], 0);

	/* Refused: below the start, above user space, nonsense. */
	CHECK_EQ(set_brk(start - 1), page + PAGE_SIZE);
	CHECK_EQ(set_brk((char *)1), page + PAGE_SIZE);
	CHECK_EQ(set_brk((char *)USER_END + 1), page + PAGE_SIZE);
	CHECK_EQ(set_brk((char *)-1L), page + PAGE_SIZE);
	CHECK_EQ(set_brk(KERNEL_ADDR), page + PAGE_SIZE);
	CHECK_EQ(set_brk(start), start);
	return check_passed();
}
