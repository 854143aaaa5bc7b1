/*
 * After fork, mprotect to writable would let parent and child write to the
 * same frame: each would see the other's changes.
 */
#include "memory.h"

static char *addr;

static void reopen_and_write(void)
{
	CHECK_EQ(sys(SYS_mprotect, addr, 4 * PAGE_SIZE, PROT_READ), 0);
	CHECK_EQ(sys(SYS_mprotect, addr, 4 * PAGE_SIZE, RW), 0);
	write_pages(addr, 4, 'c');
	CHECK_EQ(read_pages(addr, 4), 4 * 'c');
}

int main(void)
{
	addr = map_pages(4, RW);
	write_pages(addr, 4, 'p');
	CHECK_EQ(check_in_child(reopen_and_write), EXITED(0));
	CHECK_EQ(read_pages(addr, 4), 4 * 'p');
	return check_passed();
}
