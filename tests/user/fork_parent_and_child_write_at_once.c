/*
 * Copy-on-write under fire: four processes write to the same pages at the same
 * time, preempted anywhere. One lost copy and somebody reads foreign bytes.
 */
#include "memory.h"

#define NR_PAGES 128
#define NR_CHILDREN 4
#define ROUNDS 20

static char *pages;

static void write_and_check(char value)
{
	for (int round = 0; round < ROUNDS; round++) {
		char now = (char)(value + round);

		write_pages(pages, NR_PAGES, now);
		if (round % 4 == 0)
			sys(SYS_sched_yield);
		CHECK_EQ(read_pages(pages, NR_PAGES), NR_PAGES * (long)now);
	}
}

int main(void)
{
	pid_t pids[NR_CHILDREN];

	pages = map_pages(NR_PAGES, RW);
	write_pages(pages, NR_PAGES, 'p');
	for (int i = 0; i < NR_CHILDREN; i++) {
		pids[i] = check_fork();
		if (pids[i] == 0) {
			CHECK_EQ(read_pages(pages, NR_PAGES), NR_PAGES * 'p');
			write_and_check((char)(i * ROUNDS));
			_exit(0);
		}
	}
	CHECK_EQ(read_pages(pages, NR_PAGES), NR_PAGES * 'p');
	for (int i = 0; i < NR_CHILDREN; i++)
		check_child(pids[i]);
	CHECK_EQ(read_pages(pages, NR_PAGES), NR_PAGES * 'p');
	return check_passed();
}
