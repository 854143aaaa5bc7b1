/*
 * memmap_*: a firmware map with a mistake in it makes the kernel hand out
 * memory that the firmware or a device uses, or lose memory.
 */
// build: tests/host/support/host.c kernel/arch/x86_64/memmap.c kernel/mm/range_list.c -Itests/host/support
#include "memmap.h"

#include "host.h"

#define PAGE 0x1000UL
#define LIMIT (1UL << 40)
#define MODEL_PAGES 64UL
#define RANDOM_ROUNDS 5000

static int failures;

static void verdict(const char *name, bool ok, const struct range_list *list)
{
	printf("%s %s", ok ? "PASS" : "FAIL", name);
	if (!ok) {
		printf(": got");
		for (size_t i = 0; i < list->nr; i++)
			printf(" [%lx,%lx)", list->range[i].start,
			       list->range[i].end);
		failures++;
	}
	printf("\n");
}

/* @want: nr_want ranges. */
static void check(const char *name, const struct memmap_entry *entries,
		  size_t nr, const struct early_range *want, size_t nr_want)
{
	struct range_list list;
	bool ok;

	memmap_normalise(entries, nr, LIMIT, &list);
	ok = list.nr == nr_want;
	for (size_t i = 0; ok && i < nr_want; i++)
		ok = list.range[i].start == want[i].start &&
		     list.range[i].end == want[i].end;
	verdict(name, ok, &list);
}

#define ENTRIES(...) ((struct memmap_entry[]){ __VA_ARGS__ }), \
	sizeof((struct memmap_entry[]){ __VA_ARGS__ }) / \
	sizeof(struct memmap_entry)
#define RANGES(...) ((struct early_range[]){ __VA_ARGS__ }), \
	sizeof((struct early_range[]){ __VA_ARGS__ }) / \
	sizeof(struct early_range)
#define NOTHING NULL, 0

static void test_cases(void)
{
	check("memmap_unsorted_comes_out_sorted",
	      ENTRIES({ 0x300000, 0x1000, true }, { 0x100000, 0x1000, true }),
	      RANGES({ 0x100000, 0x101000 }, { 0x300000, 0x301000 }));
	check("memmap_overlapping_usable_merges",
	      ENTRIES({ 0x100000, 0x3000, true }, { 0x102000, 0x3000, true }),
	      RANGES({ 0x100000, 0x105000 }));
	check("memmap_touching_usable_merges",
	      ENTRIES({ 0x101000, 0x1000, true }, { 0x100000, 0x1000, true }),
	      RANGES({ 0x100000, 0x102000 }));
	check("memmap_reserved_wins_inside_usable",
	      ENTRIES({ 0x102000, 0x1000, false }, { 0x100000, 0x5000, true }),
	      RANGES({ 0x100000, 0x102000 }, { 0x103000, 0x105000 }));
	check("memmap_usable_shrinks_to_pages",
	      ENTRIES({ 0x100001, 0x2fff, true }),
	      RANGES({ 0x101000, 0x103000 }));
	check("memmap_reserved_grows_to_pages",
	      ENTRIES({ 0x100000, 0x4000, true }, { 0x101fff, 2, false }),
	      RANGES({ 0x100000, 0x101000 }, { 0x103000, 0x104000 }));
	check("memmap_less_than_a_page_is_nothing",
	      ENTRIES({ 0x100800, 0xfff, true }), NOTHING);
	check("memmap_zero_length_is_nothing",
	      ENTRIES({ 0x100000, 0, true }, { 0x200000, 0x1000, true },
		      { 0x200800, 0, false }),
	      RANGES({ 0x200000, 0x201000 }));
	check("memmap_frame_0_is_never_used",
	      ENTRIES({ 0, 0x9fc00, true }), RANGES({ 0x1000, 0x9f000 }));
	check("memmap_only_frame_0_is_nothing",
	      ENTRIES({ 0, 0x1000, true }), NOTHING);
	check("memmap_length_wraps_ends_at_limit",
	      ENTRIES({ 0x100000, UINT64_MAX, true }),
	      RANGES({ 0x100000, LIMIT }));
	check("memmap_above_limit_is_dropped",
	      ENTRIES({ LIMIT, 0x1000, true }, { UINT64_MAX - 5, 100, true },
		      { LIMIT - PAGE, 2 * PAGE, true }),
	      RANGES({ LIMIT - PAGE, LIMIT }));
	check("memmap_reserved_wraps_cuts_to_limit",
	      ENTRIES({ 0x100000, 0x4000, true },
		      { 0x102000, UINT64_MAX, false }),
	      RANGES({ 0x100000, 0x102000 }));
	check("memmap_all_reserved_is_nothing",
	      ENTRIES({ 0x100000, 0x4000, true }, { 0, LIMIT, false }),
	      NOTHING);
}

/* More holes than the list can hold: memory is lost, reserved memory is not. */
static void test_full_list(void)
{
	static struct memmap_entry entries[2 * RANGE_LIST_MAX + 1];
	size_t nr = sizeof(entries) / sizeof(entries[0]);
	struct range_list list;
	bool ok = true;

	entries[0] = (struct memmap_entry){ PAGE, LIMIT / 2, true };
	for (size_t i = 1; i < nr; i++)
		entries[i] = (struct memmap_entry){ i * 16 * PAGE, PAGE, false };
	memmap_normalise(entries, nr, LIMIT, &list);
	for (size_t i = 1; i < nr; i++)
		for (size_t k = 0; k < list.nr; k++)
			if (list.range[k].start < entries[i].start + PAGE &&
			    list.range[k].end > entries[i].start)
				ok = false;
	verdict("memmap_full_list_keeps_reserved_out", ok && list.nr > 0, &list);
}

/* Whether a page is usable, asked of every entry: slow, and plainly right. */
static bool model_usable(const struct memmap_entry *entries, size_t nr,
			 uint64_t page)
{
	bool usable = false;

	for (size_t i = 0; i < nr; i++) {
		uint64_t start = entries[i].start;
		uint64_t end = start + entries[i].length;

		if (entries[i].usable) {
			if (start <= page && end >= page + PAGE)
				usable = true;
		} else if (start < end && start < page + PAGE && end > page) {
			return false;
		}
	}
	return usable && page != 0;
}

static bool listed(const struct range_list *list, uint64_t page)
{
	for (size_t i = 0; i < list->nr; i++)
		if (page >= list->range[i].start && page < list->range[i].end)
			return true;
	return false;
}

static bool random_round(struct range_list *list)
{
	struct memmap_entry entries[12];
	size_t nr = 1 + host_below(12);

	for (size_t i = 0; i < nr; i++) {
		uint64_t start = host_below(MODEL_PAGES * 4);
		uint64_t length = host_below(MODEL_PAGES * 4 - start);

		entries[i] = (struct memmap_entry){ start * PAGE / 4,
						    length * PAGE / 4,
						    host_below(3) != 0 };
	}
	memmap_normalise(entries, nr, MODEL_PAGES * PAGE, list);
	for (uint64_t page = 0; page < MODEL_PAGES * PAGE; page += PAGE)
		if (listed(list, page) != model_usable(entries, nr, page))
			return false;
	return true;
}

static void test_random(void)
{
	struct range_list list = { 0 };
	bool ok = true;

	host_seed();
	for (int i = 0; ok && i < RANDOM_ROUNDS; i++)
		ok = random_round(&list);
	verdict("memmap_random_matches_model", ok, &list);
}

int main(void)
{
	test_cases();
	test_full_list();
	test_random();
	return failures != 0;
}
