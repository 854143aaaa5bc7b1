/*
 * Granting writes later would make the shared frame of zeros writable: from then
 * on, "fresh" memory of every program would hold this program's data.
 */
#include "memory.h"

int main(void)
{
	char *first = map_pages(4, PROT_READ);
	char *second = map_pages(4, RW);

	CHECK_EQ(read_pages(first, 4), 0);
	CHECK_EQ(read_pages(second, 4), 0);
	CHECK_EQ(sys(SYS_mprotect, first, 4 * PAGE_SIZE, RW), 0);
	write_pages(first, 4, 'x');
	CHECK_EQ(read_pages(second, 4), 0);
	CHECK_EQ(read_pages(map_pages(4, RW), 4), 0);
	CHECK_EQ(read_pages(first, 4), 4 * 'x');
	return check_passed();
}
