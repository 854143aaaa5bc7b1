/*
 * A write to constants would go unnoticed, or a legal access would be killed.
 * Also: a JIT may map memory writable and executable, as on Linux.
 */
#include "memory.h"

static const unsigned char return_42[] = {
	0xb8, 42, 0, 0, 0,	/* mov eax, 42 */
	0xc3,			/* ret */
};

static char *page;

static int call_page(void)
{
	int (*function)(void) = (int (*)(void))(void *)page;

	return function();
}

static void read_page(void)
{
	read_pages(page, 1);
}

static void write_page(void)
{
	write_pages(page, 1, 1);
}

static void run_page(void)
{
	call_page();
}

int main(void)
{
	page = map_pages(1, PROT_NONE);
	CHECK_EQ(check_in_child(read_page), KILLED(11));
	CHECK_EQ(check_in_child(write_page), KILLED(11));

	page = map_pages(1, PROT_READ);
	CHECK_EQ(check_in_child(read_page), EXITED(0));
	CHECK_EQ(check_in_child(write_page), KILLED(11));
	CHECK_EQ(check_in_child(run_page), KILLED(11));

	/* x86 has no write-only pages: what can be written can be read. */
	page = map_pages(1, PROT_WRITE);
	CHECK_EQ(check_in_child(read_page), EXITED(0));
	CHECK_EQ(check_in_child(write_page), EXITED(0));

	page = map_pages(1, RW);
	memcpy(page, return_42, sizeof(return_42));
	CHECK_EQ(check_in_child(run_page), KILLED(11));

	page = map_pages(1, RW | PROT_EXEC);
	memcpy(page, return_42, sizeof(return_42));
	CHECK_EQ(call_page(), 42);
	return check_passed();
}
