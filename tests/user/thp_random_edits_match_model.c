/*
 * Any sequence of calls on memory with large pages must leave each small page
 * with the contents that a plain array predicts: splitting, sharing and joining
 * would lose or mix up data in combinations that nobody thought of.
 *
 * The seed is printed; the same seed as an argument repeats the run.
 */
// guest: TIMEOUT=180
#include "large.h"

#define NR_LARGE 6UL
#define NR_PAGES (NR_LARGE * LARGE_PAGES)
#define ROUNDS 1500
#define CHECK_EVERY 10

static struct model {
	char mapped;
	char prot;		/* PROT_READ | PROT_WRITE */
	char value;		/* first byte of the page */
} model[NR_PAGES];

static char *area;
static unsigned long seed = 20260103;

static unsigned long next_random(unsigned long below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (seed >> 11) % below;
}

struct range {
	unsigned long first, nr;
};

/* Often whole large pages, else anything. */
static struct range random_range(void)
{
	struct range r;

	if (next_random(3)) {
		r.first = next_random(NR_LARGE) * LARGE_PAGES;
		r.nr = LARGE_PAGES;
		if (r.first && next_random(3) == 0)
			r.nr = 2 * LARGE_PAGES;
	} else {
		r.first = next_random(NR_PAGES);
		r.nr = 1 + next_random(next_random(2) ? 8 : 900);
	}
	if (r.nr > NR_PAGES - r.first)
		r.nr = NR_PAGES - r.first;
	return r;
}

static char *at(unsigned long page)
{
	return area + page * PAGE_SIZE;
}

static int all_mapped(struct range r)
{
	for (unsigned long i = r.first; i < r.first + r.nr; i++)
		if (!model[i].mapped)
			return 0;
	return 1;
}

static void set(struct range r, struct model to)
{
	for (unsigned long i = r.first; i < r.first + r.nr; i++)
		model[i] = to;
}

static void map(struct range r)
{
	map_fixed(at(r.first), r.nr, RW);
	CHECK_EQ(sys(SYS_madvise, at(r.first), r.nr * PAGE_SIZE,
		     next_random(8) ? MADV_HUGEPAGE : MADV_NOHUGEPAGE), 0);
	set(r, (struct model){ 1, RW, 0 });
}

static void unmap(struct range r)
{
	unmap_pages(at(r.first), r.nr);
	set(r, (struct model){ 0, 0, 0 });
}

static void protect(struct range r)
{
	static const char prots[] = { PROT_NONE, PROT_READ, RW, RW };
	char prot = prots[next_random(4)];

	if (!all_mapped(r))
		return;
	CHECK_EQ(sys(SYS_mprotect, at(r.first), r.nr * PAGE_SIZE, prot), 0);
	for (unsigned long i = r.first; i < r.first + r.nr; i++)
		model[i].prot = prot;
}

static void drop(struct range r)
{
	if (!all_mapped(r))
		return;
	CHECK_EQ(sys(SYS_madvise, at(r.first), r.nr * PAGE_SIZE, MADV_DONTNEED),
		 0);
	for (unsigned long i = r.first; i < r.first + r.nr; i++)
		model[i].value = 0;
}

/* A note in the VMA, whose border cuts. */
static void advise(struct range r)
{
	if (all_mapped(r))
		CHECK_EQ(sys(SYS_madvise, at(r.first), r.nr * PAGE_SIZE,
			     next_random(2) ? MADV_DONTDUMP : MADV_DODUMP), 0);
}

static void write_some(struct range r)
{
	char value = (char)next_random(256);

	for (unsigned long i = r.first; i < r.first + r.nr; i++)
		if (model[i].mapped && model[i].prot & PROT_WRITE) {
			*(volatile char *)at(i) = value;
			model[i].value = value;
		}
}

/* Only where source and target do not overlap and the source is one VMA. */
static void move(struct range r)
{
	struct range to = random_range();

	if (to.first + r.nr > NR_PAGES || !all_mapped(r) ||
	    (to.first < r.first + r.nr && r.first < to.first + r.nr))
		return;
	to.nr = r.nr;
	if (sys(SYS_mremap, at(r.first), r.nr * PAGE_SIZE, r.nr * PAGE_SIZE,
		MREMAP_MAYMOVE | MREMAP_FIXED, at(to.first)) < 0) {
		/* Several VMAs; what MREMAP_FIXED names is gone all the same. */
		unmap(to);
		return;
	}
	for (unsigned long i = 0; i < r.nr; i++)
		model[to.first + i] = model[r.first + i];
	set(r, (struct model){ 0, 0, 0 });
}

static void check_all(void)
{
	for (unsigned long i = 0; i < NR_PAGES; i++)
		if (model[i].mapped && model[i].prot & PROT_READ)
			CHECK_EQ(*(volatile char *)at(i), model[i].value);
}

/* The child changes its copy, and finds it changed; both go on for a while. */
static void share(struct range r)
{
	pid_t pid = check_fork();

	if (pid == 0) {
		write_some(r);
		write_some(random_range());
		check_all();
		if (next_random(2))
			unmap(random_range());
		check_all();
		_exit(0);
	}
	if (next_random(2))
		write_some(random_range());
	check_child(pid);
}

static void (*const steps[])(struct range) = {
	map, map, unmap, protect, protect, drop, advise, write_some, write_some,
	write_some, move, share,
};

int main(int argc, char **argv)
{
	if (argc > 1)
		seed = strtoul(argv[1], NULL, 0);
	printf("seed %lu\n", seed);
	fflush(stdout);
	area = map_large(NR_LARGE);
	set((struct range){ 0, NR_PAGES }, (struct model){ 1, RW, 0 });
	for (int i = 0; i < ROUNDS; i++) {
		steps[next_random(sizeof(steps) / sizeof(*steps))](
			random_range());
		if (i % CHECK_EVERY == 0)
			check_all();
	}
	check_all();
	return check_passed();
}
