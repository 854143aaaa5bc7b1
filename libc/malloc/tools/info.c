/*
 * info.c - malloc_stats() and malloc_info(), in glibc's formats.
 *
 * The only file here that needs a C library; a port without one leaves it out.
 */
#include <errno.h>
#include <stdio.h>

#include "../../include/malloc.h"
#include "../map.h"
#include "../options.h"
#include "stats.h"

static void print_bytes(size_t system, size_t used)
{
	fprintf(stderr,
		"system bytes     = %10zu\n"
		"in use bytes     = %10zu\n", system, used);
}

/* Where there are threads that may be cancelled; its value is Linux's. */
#define CANCEL_DISABLE	1
__attribute__((weak)) int pthread_setcancelstate(int state, int *old);

static void print_stats(void)
{
	const struct map_stats *maps = &malloc_map_stats;
	size_t system = option_load(&maps->bytes), used = system;
	struct arena_stats s;

	for (unsigned int i = 0; arena_count(i, &s, NULL); i++) {
		if (i > 0 && !s.system_bytes)
			continue;
		fprintf(stderr, "Arena %u:\n", i);
		print_bytes(s.system_bytes, s.system_bytes - s.free_bytes);
		system += s.system_bytes;
		used += s.system_bytes - s.free_bytes;
	}
	fprintf(stderr, "Total (incl. mmap):\n");
	print_bytes(system, used);
	fprintf(stderr,
		"max mmap regions = %10zu\n"
		"max mmap bytes   = %10zu\n"
		"mode             = %10s\n"
		"mmap threshold   = %10zu\n"
		"trim threshold   = %10zu\n"
		"top pad          = %10zu\n",
		option_load(&maps->max_nr), option_load(&maps->max_bytes),
		options_mode_name(), option_load(&malloc_options.mmap_threshold),
		option_load(&malloc_options.trim_threshold), malloc_options.top_pad);
}

/*
 * stderr has no buffer, so printing changes nothing of what it tells. A thread
 * that is to be cancelled prints it all before it ends, as with glibc.
 */
void malloc_stats(void)
{
	int state = 0;

	if (pthread_setcancelstate)
		pthread_setcancelstate(CANCEL_DISABLE, &state);
	print_stats();
	if (pthread_setcancelstate)
		pthread_setcancelstate(state, NULL);
}

/* What ends the description of a heap, or of them @all. */
static void print_sums(FILE *file, const struct arena_stats *s, bool all)
{
	fprintf(file, "<total type=\"fast\" count=\"%zu\" size=\"%zu\"/>\n"
		"<total type=\"rest\" count=\"%zu\" size=\"%zu\"/>\n",
		s->nr_quick, s->quick_bytes,
		s->nr_free, s->free_bytes - s->quick_bytes);
	if (all)
		fprintf(file, "<total type=\"mmap\" count=\"%zu\" size=\"%zu\"/>\n",
			option_load(&malloc_map_stats.nr),
			option_load(&malloc_map_stats.bytes));
	fprintf(file, "<system type=\"current\" size=\"%zu\"/>\n"
		"<system type=\"max\" size=\"%zu\"/>\n"
		"<aspace type=\"total\" size=\"%zu\"/>\n"
		"<aspace type=\"mprotect\" size=\"%zu\"/>\n",
		s->system_bytes, s->max_system_bytes, s->system_bytes,
		s->system_bytes);
}

static void print_heap(FILE *file, unsigned int nr,
		       const struct arena_stats *s, const struct bin_stats *bins)
{
	fprintf(file, "<heap nr=\"%u\">\n<sizes>\n", nr);
	for (const struct bin_stats *b = bins; b < bins + NR_BINS; b++)
		if (b->nr)
			fprintf(file, "  <size from=\"%zu\" to=\"%zu\" "
				"total=\"%zu\" count=\"%zu\"/>\n",
				b->min_bytes, b->max_bytes, b->bytes, b->nr);
	fprintf(file, "</sizes>\n");
	print_sums(file, s, false);
	fprintf(file, "</heap>\n");
}

int malloc_info(int options, FILE *file)
{
	struct arena_stats s, all = { 0 };
	struct bin_stats bins[NR_BINS];

	if (options)
		return EINVAL;
	fprintf(file, "<malloc version=\"1\">\n");
	for (unsigned int i = 0; arena_count(i, &s, bins); i++) {
		if (i > 0 && !s.system_bytes)
			continue;
		print_heap(file, i, &s, bins);
		all.system_bytes += s.system_bytes;
		all.max_system_bytes += s.max_system_bytes;
		all.nr_quick += s.nr_quick;
		all.quick_bytes += s.quick_bytes;
		all.nr_free += s.nr_free;
		all.free_bytes += s.free_bytes;
	}
	print_sums(file, &all, true);
	fprintf(file, "</malloc>\n");
	return 0;
}
