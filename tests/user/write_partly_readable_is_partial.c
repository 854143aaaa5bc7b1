/*
 * A buffer that runs into an unmapped page: the good pages in front of it are
 * written and counted, as on Linux, and no byte of what follows.
 */
#include "memory.h"

int main(void)
{
	char *end = end_of_page();
	char *page = end - PAGE_SIZE;
	static char buf[2 * PAGE_SIZE];
	int fds[2];

	memset(page, 'x', PAGE_SIZE);
	CHECK_EQ(sys(SYS_pipe, fds), 0);
	CHECK_EQ(sys(SYS_write, fds[1], page, 2 * PAGE_SIZE), PAGE_SIZE);
	CHECK_EQ(sys(SYS_read, fds[0], buf, sizeof(buf)), PAGE_SIZE);
	CHECK_EQ(buf[0], 'x');
	CHECK_EQ(buf[PAGE_SIZE - 1], 'x');
	CHECK_EQ(buf[PAGE_SIZE], 0);
	CHECK_EQ(sys(SYS_write, fds[1], end, 1), -EFAULT);
	return check_passed();
}
