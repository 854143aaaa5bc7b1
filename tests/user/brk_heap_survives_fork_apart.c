/* A child's malloc would move its parent's heap end. */
#include "memory.h"

static char *start;

static void grow_in_child(void)
{
	CHECK_EQ(sys(SYS_brk, start + 16 * PAGE_SIZE), start + 16 * PAGE_SIZE);
	CHECK_EQ(start[0], 'p');
	memset(start, 'c', 16 * PAGE_SIZE);
}

int main(void)
{
	start = (char *)sys(SYS_brk, 0);
	CHECK_EQ(sys(SYS_brk, start + PAGE_SIZE), start + PAGE_SIZE);
	start[0] = 'p';
	CHECK_EQ(check_in_child(grow_in_child), EXITED(0));
	CHECK_EQ(sys(SYS_brk, 0), start + PAGE_SIZE);
	CHECK_EQ(start[0], 'p');
	return check_passed();
}
