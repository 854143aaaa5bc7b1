/*
 * The machine's memory: free, drop_caches, buddyinfo, ledger, kheap, faults, validate.
 */
#include "commands.h"

#include "drop_caches.h"
#include "frame.h"
#include "kmalloc.h"
#include "ledger.h"
#include "mm.h"
#include "pgtable.h"
#include "printk.h"
#include "string.h"
#include "swap.h"
#include "task.h"

#define PAGE_KIB (PAGE_SIZE / 1024)

/* ---- free ---- */

/*
 * Files of tmpfs live in memory only: they are shared memory and cache at once,
 * as on Linux, and cannot be given up. What is cached of a disk can, so it is
 * available. All in KiB.
 */
struct memory_numbers {
	uint64_t total, used, free, shared, cache, available;
};

static struct memory_numbers memory_numbers(void)
{
	struct memory_numbers numbers = {
		.total = ledger.total * PAGE_KIB,
		.free = ledger.frames[FRAME_FREE] * PAGE_KIB,
		.shared = ledger.frames[FRAME_FILE] * PAGE_KIB,
		.cache = (ledger.frames[FRAME_FILE] +
			  ledger.frames[FRAME_CACHE]) * PAGE_KIB,
	};

	numbers.available = numbers.free +
			    ledger.frames[FRAME_CACHE] * PAGE_KIB;
	numbers.used = numbers.total - numbers.available;
	return numbers;
}

enum unit { UNIT_BYTES, UNIT_KIB, UNIT_MIB, UNIT_GIB, UNIT_HUMAN };

#define CELL_BYTES 24

/*
 * procps' rule: at most three digits and a unit, with one decimal place as long
 * as that fits ("9.9Mi", "10Mi"); whole numbers are cut off, not rounded.
 */
static void human_cell(char *cell, uint64_t kib)
{
	static const char prefixes[] = "KMGTP";
	uint64_t unit = 1;

	if (!kib) {
		strlcpy(cell, "0B", CELL_BYTES);
		return;
	}
	for (const char *prefix = prefixes; *prefix; prefix++, unit *= 1024) {
		uint64_t tenths = (kib * 20 + unit) / (2 * unit);

		if (tenths < 100)
			snprintf(cell, CELL_BYTES, "%lu.%lu%ci", tenths / 10,
				 tenths % 10, *prefix);
		else
			snprintf(cell, CELL_BYTES, "%lu%ci", kib / unit,
				 *prefix);
		if (strlen(cell) <= 5)
			return;
	}
}

static void print_cell(struct shell_io *io, enum unit unit, uint64_t kib)
{
	char cell[CELL_BYTES];

	switch (unit) {
	case UNIT_BYTES:
		snprintf(cell, sizeof(cell), "%lu", kib * 1024);
		break;
	case UNIT_KIB:
		snprintf(cell, sizeof(cell), "%lu", kib);
		break;
	case UNIT_MIB:
		snprintf(cell, sizeof(cell), "%lu", kib >> 10);
		break;
	case UNIT_GIB:
		snprintf(cell, sizeof(cell), "%lu", kib >> 20);
		break;
	case UNIT_HUMAN:
		human_cell(cell, kib);
		break;
	}
	shell_printf(io, " %11s", cell);
}

static void print_free_row(struct shell_io *io, enum unit unit,
			   const char *label, const uint64_t *kib, size_t nr)
{
	shell_printf(io, "%-8s", label);
	for (size_t i = 0; i < nr; i++)
		print_cell(io, unit, kib[i]);
	shell_puts(io, "\n");
}

static void print_free(struct shell_io *io, enum unit unit, bool wide,
		       bool totals)
{
	struct memory_numbers now = memory_numbers();
	const uint64_t narrow_row[] = { now.total,  now.used,  now.free,
					now.shared, now.cache, now.available };
	const uint64_t wide_row[] = { now.total,  now.used, now.free,
				      now.shared, 0,        now.cache,
				      now.available };
	const uint64_t swap_total = swap_total_pages() * PAGE_KIB;
	const uint64_t swap_free = swap_free_pages() * PAGE_KIB;
	const uint64_t swap[] = { swap_total, swap_total - swap_free,
				  swap_free };
	const uint64_t sums[] = { now.total + swap[0], now.used + swap[1],
				  now.free + swap[2] };

	shell_puts(io, "               total        used        free      "
		       "shared");
	shell_puts(io, wide ? "     buffers       cache" : "  buff/cache");
	shell_puts(io, "   available\n");
	if (wide)
		print_free_row(io, unit, "Mem:", wide_row, 7);
	else
		print_free_row(io, unit, "Mem:", narrow_row, 6);
	print_free_row(io, unit, "Swap:", swap, 3);
	if (totals)
		print_free_row(io, unit, "Total:", sums, 3);
}

int cmd_free(struct shell_io *io, int argc, char **argv)
{
	struct options options = { 0 };
	enum unit unit = UNIT_KIB;
	bool wide = false, totals = false;
	int letter;

	while ((letter = option_next(&options, io, argc, argv, "bkmghwt"))) {
		if (letter < 0)
			return EXIT_FAILED;
		else if (letter == 'w')
			wide = true;
		else if (letter == 't')
			totals = true;
		else
			unit = letter == 'b'   ? UNIT_BYTES
			       : letter == 'k' ? UNIT_KIB
			       : letter == 'm' ? UNIT_MIB
			       : letter == 'g' ? UNIT_GIB
					       : UNIT_HUMAN;
	}
	if (options.index < argc) {
		shell_usage_error(io, argv, "unexpected '%s'",
				  argv[options.index]);
		return EXIT_FAILED;
	}
	print_free(io, unit, wide, totals);
	return EXIT_OK;
}

/* ---- drop_caches ---- */

int cmd_drop_caches(struct shell_io *io, int argc, char **argv)
{
	if (argc > 1)
		return shell_usage_error(io, argv, "unexpected '%s'", argv[1]);
	drop_caches(DROP_PAGES | DROP_INODES);
	return EXIT_OK;
}

/* ---- buddyinfo ---- */

int cmd_buddyinfo(struct shell_io *io, int argc, char **argv)
{
	uint64_t counts[NR_ORDERS];

	if (argc > 1)
		return shell_usage_error(io, argv, "unexpected '%s'", argv[1]);
	frame_count_free(counts);
	shell_printf(io, "Node 0, zone %8s ", "Normal");
	for (size_t order = 0; order < NR_ORDERS; order++)
		shell_printf(io, "%6lu ", counts[order]);
	shell_puts(io, "\n");
	return EXIT_OK;
}

/* ---- ledger ---- */

/*
 * What must be the same before a program and after it: frames in use outside the
 * kernel heap, and objects in it. How many frames the heap needs for its objects
 * depends on where they lie and on what it keeps for later; as many tables show
 * the windows.
 */
static void print_used(struct shell_io *io)
{
	struct kmalloc_stats heap = kmalloc_stats();
	uint64_t frames = ledger.total - ledger.frames[FRAME_FREE];

	shell_printf(io, "%lu %zu\n",
		     frames - heap.frames - kernel_window_tables,
		     heap.nr_objects);
}

static void print_ledger(struct shell_io *io)
{
	uint64_t sum = 0;

	shell_printf(io, "%-16s %10s %12s\n", "PURPOSE", "FRAMES", "KiB");
	for (enum frame_purpose purpose = FRAME_FREE;
	     purpose < NR_FRAME_PURPOSES; purpose++) {
		uint64_t frames = ledger.frames[purpose];

		sum += frames;
		shell_printf(io, "%-16s %10lu %12lu\n", ledger_name(purpose),
			     frames, frames * PAGE_KIB);
	}
	shell_printf(io, "sum of purposes %lu %s total %lu: %s\n", sum,
		     sum == ledger.total ? "==" : "!=", ledger.total,
		     sum == ledger.total ? "ok" : "BROKEN");
}

static int check_ledger(struct shell_io *io, char **argv)
{
	frame_validate();
	if (!ledger_balanced())
		return shell_error(io, argv, "the sum of purposes is not the "
					     "total: BROKEN");
	shell_puts(io, "ledger ok\n");
	return EXIT_OK;
}

int cmd_ledger(struct shell_io *io, int argc, char **argv)
{
	if (argc > 2)
		return shell_usage_error(io, argv, "unexpected '%s'", argv[2]);
	if (argc == 2 && !strcmp(argv[1], "--check"))
		return check_ledger(io, argv);
	if (argc == 2 && !strcmp(argv[1], "--used")) {
		print_used(io);
		return EXIT_OK;
	}
	if (argc == 2 && !strcmp(argv[1], "--free")) {
		shell_printf(io, "%lu\n", ledger.frames[FRAME_FREE]);
		return EXIT_OK;
	}
	if (argc == 2)
		return shell_usage_error(io, argv, "unknown option '%s'",
					 argv[1]);
	print_ledger(io);
	return ledger_balanced() ? EXIT_OK : EXIT_FAILED;
}

/* ---- kheap ---- */

static void print_chunks(struct shell_io *io, const char *what, size_t nr,
			 size_t bytes)
{
	shell_printf(io, "%-16s %10zu %12zu\n", what, nr, bytes);
}

int cmd_kheap(struct shell_io *io, int argc, char **argv)
{
	struct kmalloc_stats stats = kmalloc_stats();

	if (argc > 1)
		return shell_usage_error(io, argv, "unexpected '%s'", argv[1]);
	shell_printf(io, "%-16s %10s %12s\n", "CHUNKS", "NUMBER", "BYTES");
	print_chunks(io, "in use", stats.nr_objects, stats.used_bytes);
	print_chunks(io, "cached", stats.nr_cached, stats.cached_bytes);
	print_chunks(io, "free", stats.nr_free, stats.free_bytes);
	shell_printf(io, "in %lu frames, %lu KiB\n", stats.frames,
		     stats.frames * PAGE_KIB);
	return EXIT_OK;
}

/* ---- faults ---- */

int cmd_faults(struct shell_io *io, int argc, char **argv)
{
	struct fault_stats stats = fault_stats;

	if (argc > 1)
		return shell_usage_error(io, argv, "unexpected '%s'", argv[1]);
	shell_printf(io, "%-16s %10s\n", "KIND", "FAULTS");
	for (enum fault_kind kind = 0; kind < NR_FAULT_KINDS; kind++)
		shell_printf(io, "%-16s %10lu\n", fault_kind_name(kind),
			     stats.kind[kind]);
	shell_printf(io, "%-16s %10lu\n", "minor", stats.minor);
	shell_printf(io, "%-16s %10lu\n", "major", stats.major);
	shell_printf(io, "%-16s %10lu\n", "rejected", stats.rejected);
	return EXIT_OK;
}

/* ---- validate ---- */

/* Programs may run meanwhile; the number of slots that mms name is as of now. */
static size_t validate_address_spaces(uint64_t *swap_pages)
{
	struct mm_struct *mm = mm_first(), *next;
	size_t nr = 0;

	*swap_pages = 0;
	for (; mm; mm = next) {
		mutex_lock(&mm->lock);
		vma_validate(&mm->vmas);
		*swap_pages += mm->swap_pages;
		mutex_unlock(&mm->lock);
		next = mm_next(mm);
		mm_put(mm);
		nr++;
	}
	return nr;
}

/* A broken invariant panics: there is nothing to be saved any more. */
int cmd_validate(struct shell_io *io, int argc, char **argv)
{
	uint64_t swap_pages, users;
	size_t nr;

	if (argc > 1)
		return shell_usage_error(io, argv, "unexpected '%s'", argv[1]);
	frame_validate();
	shell_printf(io, "frames ok\n");
	kmalloc_validate();
	shell_printf(io, "kernel heap ok: %zu objects\n",
		     kmalloc_stats().nr_objects);
	nr = validate_address_spaces(&swap_pages);
	shell_printf(io, "address spaces ok: %zu\n", nr);
	users = swap_validate();
	shell_printf(io, "swap ok: %lu users of slots, %lu named by programs\n",
		     users, swap_pages);
	return ledger_balanced()
		       ? EXIT_OK
		       : shell_error(io, argv, "the ledger is not balanced");
}
