/*
 * guest-only: on Linux this would take down the machine that builds.
 * The classic statement: twice the memory there is can be promised, and whoever
 * touches it meets the OOM killer; unless there is swap, and then everything is
 * found as it was left. Here is the first half; tests/boot/swap.py runs
 *
 *	oom_promise_comes_due MIB	promise, touch, look at all of it
 *
 * on machines of its own, with swap and without.
 */
// guest: MEM=64M TIMEOUT=180
#include <signal.h>

#include "swap.h"

/* The words of page @i: the first and the last tell that it is that page. */
static void mark(unsigned long *page, unsigned long i)
{
	page[0] = i * 0x9e3779b97f4a7c15u;
	page[PAGE_SIZE / 8 - 1] = ~i;
}

static int is_marked(const volatile unsigned long *page, unsigned long i)
{
	return page[0] == i * 0x9e3779b97f4a7c15u &&
	       page[PAGE_SIZE / 8 - 1] == ~i;
}

static int promise_and_pay(unsigned long mib)
{
	unsigned long nr = mib << 8;
	char *pages = (char *)sys(SYS_mmap, 0, mib << 20, RW,
				  ANON | MAP_NORESERVE, -1, 0);

	if ((long)pages < 0) {
		printf("no promise: %ld\n", (long)pages);
		return 1;
	}
	for (unsigned long i = 0; i < nr; i++)
		mark((unsigned long *)(pages + i * PAGE_SIZE), i);
	for (unsigned long i = 0; i < nr; i++)
		CHECK(is_marked((unsigned long *)(pages + i * PAGE_SIZE), i));
	printf("all %lu pages are right, %s major faults\n", nr,
	       major_faults() ? "with" : "without");
	return 0;
}

static void pay_twice_the_ram(void)
{
	promise_and_pay(2 * ram_pages() >> 8);
}

int main(int argc, char **argv)
{
	unsigned long free;

	if (argc > 1)
		return promise_and_pay((unsigned long)atol(argv[1]));
	free = free_pages();
	for (int i = 0; i < 3; i++)
		CHECK_EQ(check_in_child(pay_twice_the_ram), KILLED(SIGKILL));
	CHECK(free_pages() + 64 >= free);
	return check_passed();
}
