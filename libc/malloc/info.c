/*
 * info.c - malloc_stats() and malloc_info(), in glibc's formats.
 *
 * The only file here that needs a C library; a port without one leaves it out.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "../include/malloc.h"
#include "map.h"
#include "options.h"
#include "stats.h"

/* One line to standard error, without stdio's buffer: that is malloc-ed. */
static __attribute__((format(printf, 1, 2))) void say(const char *format, ...)
{
	char line[120];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	port_message(line, n, false);
}

static void say_bytes(size_t system, size_t used)
{
	say("system bytes     = %10zu\n", system);
	say("in use bytes     = %10zu\n", used);
}

void malloc_stats(void)
{
	struct arena_stats s;
	size_t system = option_load(&malloc_map_stats.bytes), used = system;

	for (unsigned int i = 0; arena_count(i, &s, NULL); i++) {
		size_t in_use = s.system_bytes - s.free.bytes - s.top_bytes;

		if (i > 0 && !s.system_bytes)
			continue;
		say("Arena %u:\n", i);
		say_bytes(s.system_bytes, in_use);
		system += s.system_bytes;
		used += in_use;
	}
	say("Total (incl. mmap):\n");
	say_bytes(system, used);
	say("max mmap regions = %10zu\n",
	    option_load(&malloc_map_stats.max_nr));
	say("max mmap bytes   = %10zu\n",
	    option_load(&malloc_map_stats.max_bytes));
	say("mode             = %10s\n", options_mode_name());
	say("mmap threshold   = %10zu\n", malloc_options.mmap_threshold);
	say("trim threshold   = %10zu\n", malloc_options.trim_threshold);
	say("top pad          = %10zu\n", malloc_options.top_pad);
}

static void print_totals(FILE *file, const struct arena_stats *s)
{
	fprintf(file, "<total type=\"fast\" count=\"0\" size=\"0\"/>\n"
		"<total type=\"rest\" count=\"%zu\" size=\"%zu\"/>\n",
		s->free.nr + s->nr_tops, s->free.bytes + s->top_bytes);
}

static void print_system(FILE *file, const struct arena_stats *s)
{
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
	print_totals(file, s);
	print_system(file, s);
	fprintf(file, "</heap>\n");
}

int malloc_info(int options, FILE *file)
{
	struct arena_stats s, total = { 0 };
	struct bin_stats bins[NR_BINS];

	if (options)
		return EINVAL;
	fprintf(file, "<malloc version=\"1\">\n");
	for (unsigned int i = 0; arena_count(i, &s, bins); i++) {
		if (i > 0 && !s.system_bytes)
			continue;
		print_heap(file, i, &s, bins);
		total.system_bytes += s.system_bytes;
		total.max_system_bytes += s.max_system_bytes;
		total.top_bytes += s.top_bytes;
		total.nr_tops += s.nr_tops;
		total.free.bytes += s.free.bytes;
		total.free.nr += s.free.nr;
	}
	print_totals(file, &total);
	fprintf(file, "<total type=\"mmap\" count=\"%zu\" size=\"%zu\"/>\n",
		option_load(&malloc_map_stats.nr),
		option_load(&malloc_map_stats.bytes));
	print_system(file, &total);
	fprintf(file, "</malloc>\n");
	return 0;
}
