/*
 * Any sequence of map, unmap, protect, touch and fork must leave each page with
 * the rights and the contents that a plain array predicts: every allocator and
 * loader relies on combinations that nobody thought of.
 *
 * The seed is printed; the same seed as an argument repeats the run.
 */
// guest: TIMEOUT=180
#include <stdlib.h>

#include "memory.h"

#define NR_PAGES 96
#define ROUNDS 6000
#define CHECK_EVERY 40

static struct model {
	char mapped;
	char prot;		/* PROT_READ | PROT_WRITE */
	char value;		/* first byte of the page */
} model[NR_PAGES];

static char *area;
static unsigned long seed = 20260102;

static unsigned long next_random(unsigned long below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (seed >> 11) % below;
}

static char *page_at(unsigned long page)
{
	return area + page * PAGE_SIZE;
}

static int random_prot(void)
{
	static const int prots[] = { PROT_NONE, PROT_READ, RW, RW };

	return prots[next_random(4)];
}

static int all_mapped(unsigned long first, unsigned long nr)
{
	for (unsigned long i = first; i < first + nr; i++)
		if (!model[i].mapped)
			return 0;
	return 1;
}

static int any_mapped(unsigned long first, unsigned long nr)
{
	for (unsigned long i = first; i < first + nr; i++)
		if (model[i].mapped)
			return 1;
	return 0;
}

static void do_map(unsigned long first, unsigned long nr)
{
	int prot = random_prot();
	int populate = next_random(4) ? 0 : MAP_POPULATE;

	CHECK_EQ(sys(SYS_mmap, page_at(first), nr * PAGE_SIZE, prot,
		     ANON | MAP_FIXED | populate, -1, 0), page_at(first));
	for (unsigned long i = first; i < first + nr; i++)
		model[i] = (struct model){ 1, (char)prot, 0 };
}

static void do_map_noreplace(unsigned long first, unsigned long nr)
{
	long got = sys(SYS_mmap, page_at(first), nr * PAGE_SIZE, RW,
		       ANON | MAP_FIXED_NOREPLACE, -1, 0);

	if (any_mapped(first, nr)) {
		CHECK_EQ(got, -EEXIST);
		return;
	}
	CHECK_EQ(got, page_at(first));
	for (unsigned long i = first; i < first + nr; i++)
		model[i] = (struct model){ 1, RW, 0 };
}

static void do_unmap(unsigned long first, unsigned long nr)
{
	unmap_pages(page_at(first), nr);
	memset(&model[first], 0, nr * sizeof(model[0]));
}

/* At a hole it stops with -ENOMEM; the pages in front of it have changed. */
static void do_protect(unsigned long first, unsigned long nr)
{
	int prot = random_prot();

	CHECK_EQ(sys(SYS_mprotect, page_at(first), nr * PAGE_SIZE, prot),
		 all_mapped(first, nr) ? 0 : -ENOMEM);
	for (unsigned long i = first; i < first + nr && model[i].mapped; i++)
		model[i].prot = (char)prot;
}

static void do_touch(unsigned long first, unsigned long nr)
{
	for (unsigned long i = first; i < first + nr; i++) {
		char *page = page_at(i);

		if (model[i].prot & PROT_READ)
			CHECK_EQ(*page, model[i].value);
		if (!(model[i].prot & PROT_WRITE) || next_random(3) == 0)
			continue;
		*page = model[i].value = (char)next_random(256);
	}
}

static void check_all(void)
{
	for (unsigned long i = 0; i < NR_PAGES; i++) {
		CHECK_EQ(probe(page_at(i)), model[i].mapped ? model[i].prot : 0);
		if (model[i].prot & PROT_READ)
			CHECK_EQ(*page_at(i), model[i].value);
	}
}

/* The child scribbles over its copy; ours must not change, nor its rights. */
static void do_fork(unsigned long first, unsigned long nr)
{
	pid_t pid = check_fork();

	if (pid == 0) {
		check_all();
		do_touch(first, nr);
		do_map(first, nr);
		do_unmap(0, NR_PAGES / 2);
		check_all();
		_exit(0);
	}
	if (next_random(2))
		do_touch(first, nr);
	check_child(pid);
}

static void random_step(void)
{
	static void (*const steps[])(unsigned long, unsigned long) = {
		do_map, do_map, do_map_noreplace, do_unmap, do_protect,
		do_protect, do_touch, do_touch, do_touch,
	};
	unsigned long first = next_random(NR_PAGES);
	unsigned long nr = 1 + next_random(next_random(2) ? 4 : 32);

	if (nr > NR_PAGES - first)
		nr = NR_PAGES - first;
	if (next_random(100) == 0)
		do_fork(first, nr);
	else
		steps[next_random(sizeof(steps) / sizeof(*steps))](first, nr);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		seed = strtoul(argv[1], NULL, 10);
	dprintf(1, "seed %lu\n", seed);

	/* A hole in the middle of a reserve: no neighbour merges with it. */
	area = map_pages(NR_PAGES + 2, PROT_NONE) + PAGE_SIZE;
	unmap_pages(area, NR_PAGES);
	for (int round = 0; round < ROUNDS; round++) {
		random_step();
		if (round % CHECK_EVERY == 0)
			check_all();
	}
	check_all();
	return check_passed();
}
