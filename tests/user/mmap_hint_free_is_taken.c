/*
 * Language runtimes ask for an address near their own and would not get it
 * although it is free; or would lose a mapping that is already there.
 */
#include "memory.h"

static char *map_hint(char *hint)
{
	long addr = sys(SYS_mmap, hint, PAGE_SIZE, RW, ANON, -1, 0);

	CHECK(addr > 0);
	return (char *)addr;
}

int main(void)
{
	char *room = map_pages(8, RW);
	char *other;

	room[0] = 'x';
	unmap_pages(room + PAGE_SIZE, 7);

	/* Free: taken as it is, or rounded down to a page. */
	CHECK_EQ(map_hint(room + 2 * PAGE_SIZE), room + 2 * PAGE_SIZE);
	CHECK_EQ(map_hint(room + 5 * PAGE_SIZE - 1), room + 4 * PAGE_SIZE);

	/* In use: somewhere else, and nothing happens to what is there. */
	other = map_hint(room);
	CHECK(other != room);
	CHECK_EQ(other[0], 0);
	CHECK_EQ(room[0], 'x');

	/* No address at all: a hint may be nonsense. */
	CHECK(map_hint(KERNEL_ADDR) < (char *)USER_END);
	CHECK(map_hint((char *)(USER_END - PAGE_SIZE)) < (char *)USER_END);
	return check_passed();
}
