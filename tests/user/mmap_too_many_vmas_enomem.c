/*
 * One program could fill the kernel's memory with VMAs; with the limit it gets
 * -ENOMEM, and what it had stays usable.
 */
// guest: TIMEOUT=120
#include "memory.h"

#define MAX_MAP_COUNT 65530

int main(void)
{
	unsigned long nr_pages = 2 * MAX_MAP_COUNT;
	char *start = map_pages(nr_pages, RW);
	unsigned long page;
	long err = 0;

	for (page = 0; page < nr_pages && !err; page += 2)
		err = sys(SYS_mprotect, start + page * PAGE_SIZE, PAGE_SIZE,
			  PROT_READ);
	CHECK_EQ(err, -ENOMEM);
	CHECK(page * 1UL > MAX_MAP_COUNT - 100);

	/* A hole in the middle would be one more; unmapping an end is not. */
	CHECK_EQ(sys(SYS_munmap, start + (nr_pages - 100) * PAGE_SIZE,
		     PAGE_SIZE), -ENOMEM);
	CHECK_EQ(sys(SYS_munmap, start, nr_pages * PAGE_SIZE), 0);
	CHECK(map_pages(1, RW) != NULL);
	return check_passed();
}
