/*
 * guest-only: it needs a machine of its own.
 * Many processes want more memory than there is, all at once, and
 * fork, page out, free, move and share it while others do. Each page must be
 * what its owner last wrote, nobody may be killed, since swap has room for all,
 * and nothing may wait for ever.
 */
// guest: MEM=48M SWAP=256M TIMEOUT=300
#include <stdlib.h>

#include "swap.h"

#define NR_WORKERS 6
#define NR_PAGES 3000UL /* each; six of them are 72 MiB */
#define NR_STEPS 12000
#define FIRST_SEED 20260108

static unsigned long state;

static unsigned long next_random(void)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return state >> 33;
}

/* What each page holds: the number it was filled with, 0: zeros. */
static unsigned long value[NR_PAGES];
static char *pages;
static char *shared; /* all workers read it, nobody writes */

static void write_one(unsigned long i)
{
	value[i] = next_random() + 1;
	fill_page(pages + i * PAGE_SIZE, value[i]);
}

static void check_one(unsigned long i)
{
	const char *page = pages + i * PAGE_SIZE;

	if (value[i])
		CHECK(page_is_right(page, value[i]));
	else
		CHECK_EQ(read_pages(page, 1), 0);
}

static void child_checks(void)
{
	for (int n = 0; n < 100; n++) {
		unsigned long i = next_random() % NR_PAGES;

		check_one(i);
		if (n % 4 == 0)
			write_one(i);
	}
	_exit(0);
}

/* A run of pages, not too long, from @i on. */
static unsigned long run_from(unsigned long i)
{
	unsigned long nr = 1 + next_random() % 64;

	return nr < NR_PAGES - i ? nr : NR_PAGES - i;
}

static void step(void)
{
	unsigned long what = next_random() % 1000;
	unsigned long i = next_random() % NR_PAGES, nr = run_from(i);
	char *at = pages + i * PAGE_SIZE;
	pid_t pid;

	if (what < 450) {
		write_one(i);
	} else if (what < 900) {
		check_one(i);
	} else if (what < 940) {
		page_out(at, nr);
	} else if (what < 960) {
		CHECK_EQ(sys(SYS_madvise, at, nr * PAGE_SIZE, MADV_DONTNEED), 0);
		memset(value + i, 0, nr * sizeof(*value));
	} else if (what < 980) {
		CHECK_EQ(sys(SYS_madvise, at, nr * PAGE_SIZE, MADV_WILLNEED), 0);
		CHECK(page_is_right(shared + i % 500 * PAGE_SIZE, i % 500));
	} else if (what < 990) {
		CHECK_EQ(sys(SYS_mprotect, at, nr * PAGE_SIZE, PROT_READ), 0);
		check_one(i);
		CHECK_EQ(sys(SYS_mprotect, at, nr * PAGE_SIZE, RW), 0);
	} else if (what < 995) {
		pid = check_fork();
		if (pid == 0)
			child_checks();
		check_child(pid);
	} else {
		long moved = sys(SYS_mremap, pages, NR_PAGES * PAGE_SIZE,
				 NR_PAGES * PAGE_SIZE,
				 MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0);

		CHECK(moved > 0);
		unmap_pages(pages, NR_PAGES);
		pages = (char *)moved;
	}
}

static void work(unsigned long seed, unsigned long worker)
{
	state = seed + worker;
	pages = map_pages(NR_PAGES, RW);
	if (worker % 3 == 2) /* some of it in large pages */
		CHECK_EQ(sys(SYS_madvise, pages, NR_PAGES * PAGE_SIZE,
			     MADV_HUGEPAGE), 0);
	for (unsigned long i = 0; i < NR_PAGES; i++)
		write_one(i);
	for (int n = 0; n < NR_STEPS; n++)
		step();
	for (unsigned long i = 0; i < NR_PAGES; i++)
		check_one(i);
	_exit(0);
}

/* A number as argument is another seed. */
int main(int argc, char **argv)
{
	unsigned long seed = argc > 1 ? (unsigned long)atol(argv[1]) : FIRST_SEED;
	pid_t pids[NR_WORKERS];

	shared = (char *)sys(SYS_mmap, 0, 500 * PAGE_SIZE, RW,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	fill_pages(shared, 500);
	for (unsigned long i = 0; i < NR_WORKERS; i++) {
		pids[i] = check_fork();
		if (pids[i] == 0)
			work(seed, i);
	}
	for (unsigned long i = 0; i < NR_WORKERS; i++)
		check_child(pids[i]);
	check_pages(shared, 500);
	bring_all_back();
	return check_passed();
}
