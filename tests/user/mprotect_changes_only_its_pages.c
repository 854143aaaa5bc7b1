/*
 * A guard page would be open, or its neighbours closed: overflows pass, or
 * good programs die.
 */
#include "memory.h"

static char *addr;

static void write_sealed(void)
{
	addr[PAGE_SIZE] = 1;
}

static void read_guard(void)
{
	read_pages(addr + 2 * PAGE_SIZE, 1);
}

int main(void)
{
	addr = map_pages(4, RW);
	write_pages(addr, 4, 'x');
	CHECK_EQ(sys(SYS_mprotect, addr + PAGE_SIZE, PAGE_SIZE, PROT_READ), 0);
	CHECK_EQ(sys(SYS_mprotect, addr + 2 * PAGE_SIZE, PAGE_SIZE, PROT_NONE),
		 0);

	CHECK_EQ(check_in_child(write_sealed), KILLED(11));
	CHECK_EQ(check_in_child(read_guard), KILLED(11));
	CHECK_EQ(addr[PAGE_SIZE], 'x');
	addr[0] = addr[3 * PAGE_SIZE] = 'y';

	/* Opened again: the contents have survived. */
	CHECK_EQ(sys(SYS_mprotect, addr, 4 * PAGE_SIZE, RW), 0);
	CHECK_EQ(read_pages(addr, 4), 2 * 'x' + 2 * 'y');
	write_pages(addr, 4, 'z');
	CHECK_EQ(read_pages(addr, 4), 4 * 'z');
	return check_passed();
}
