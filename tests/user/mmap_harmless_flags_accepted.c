/*
 * musl and glibc map thread stacks with MAP_STACK and arenas with
 * MAP_NORESERVE; they would not start.
 */
#include "memory.h"

int main(void)
{
	static const int flags[] = { MAP_STACK, MAP_NORESERVE,
				     MAP_STACK | MAP_NORESERVE };

	for (unsigned int i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		long addr = sys(SYS_mmap, 0, 16 * PAGE_SIZE, RW,
				ANON | flags[i], -1, 0);

		CHECK(addr > 0);
		write_pages((char *)addr, 16, 1);
	}
	/* An anonymous mapping does not look at its descriptor. */
	CHECK(sys(SYS_mmap, 0, PAGE_SIZE, RW, ANON, 77, 0) > 0);
	return check_passed();
}
