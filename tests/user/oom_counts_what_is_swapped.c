/*
 * guest-only: it fills memory and swap.
 * When swap is full as well somebody has to go, and it must be the one whose
 * pages fill it, though few of them are in memory: not a bystander, whose pages
 * come back as they were. All slots of the one who went are free at once.
 */
// guest: MEM=48M SWAP=32M TIMEOUT=180
#include <signal.h>

#include "swap.h"

#define NR 512UL

static long oom_score(void)
{
	return strtol(proc_text("/proc/self/oom_score"), NULL, 10);
}

static void hog(void)
{
	unsigned long nr = ram_pages() + 16384;
	char *pages = map_pages(nr, RW);

	write_pages(pages, nr, 1);
	_exit(0); /* it cannot have touched them all */
}

int main(void)
{
	char *pages = map_pages(NR, RW);
	long score, kills = vmstat("oom_kill");
	unsigned long used;

	fill_pages(pages, NR);
	score = oom_score();
	page_out(pages, NR);
	CHECK_EQ(nr_swapped(pages, NR), NR);
	CHECK_EQ(oom_score(), score);

	used = swap_used();
	for (int i = 0; i < 3; i++) {
		CHECK_EQ(check_in_child(hog), KILLED(SIGKILL));
		CHECK(swap_used() < used + 2048); /* files */
	}
	CHECK_EQ(vmstat("oom_kill"), kills + 3);
	check_pages(pages, NR);
	bring_all_back();
	return check_passed();
}
