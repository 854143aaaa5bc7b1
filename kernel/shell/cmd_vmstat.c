/*
 * vmstat: procps' columns, and the two it lacks: mi and mj, minor and major
 * faults per second.
 */
#include "commands.h"

#include "irq.h"
#include "ledger.h"
#include "mm.h"
#include "page_cache.h"
#include "string.h"
#include "swap.h"
#include "task.h"
#include "timer.h"

/* Totals since boot; a line of output is the difference of two of these. */
struct vmstat_totals {
	uint64_t time_ns, interrupts, switches, user_ns, system_ns;
	uint64_t minor, major, pages_in, swapped_in, swapped_out;
	size_t nr_ready, nr_blocked; /* of this moment */
};

/*
 * Every tick and every switch of a task that has ended is in the totals of the
 * ancestor that waited for it, so the sum over the living is complete.
 */
static void add_tasks(struct vmstat_totals *totals)
{
	struct task *task;

	mutex_lock(&tasklist_lock);
	list_for_each(task, &all_tasks, all_link) {
		totals->user_ns += task->utime_ns + task->ended.utime_ns +
				   task->reaped.utime_ns;
		totals->system_ns += task->stime_ns + task->ended.stime_ns +
				     task->reaped.stime_ns;
		totals->switches += task->nvcsw + task->nivcsw +
				    task->ended.nvcsw + task->ended.nivcsw +
				    task->reaped.nvcsw + task->reaped.nivcsw;
		totals->nr_blocked += task->state == TASK_BLOCKED;
	}
	mutex_unlock(&tasklist_lock);
}

static struct vmstat_totals vmstat_totals(void)
{
	struct vmstat_totals totals = {
		.time_ns = ktime_ns(),
		.interrupts = irq_count(),
		.pages_in = page_cache_nr_read() + swap_nr_in(),
		.swapped_in = swap_nr_in(),
		.swapped_out = swap_nr_out(),
		.minor = fault_stats.minor,
		.major = fault_stats.major,
		.nr_ready = sched_nr_ready() + 1, /* who asks is running */
	};

	add_tasks(&totals);
	return totals;
}

static void print_header(struct shell_io *io)
{
	shell_puts(io, "procs -----------memory---------- ---swap-- "
		       "-----io---- -system-- ------cpu----- --faults--\n");
	shell_puts(io, " r  b   swpd   free   buff  cache   si   so    bi    "
		       "bo   in   cs us sy id wa st    mi    mj\n");
}

static uint64_t per_second(uint64_t count, uint64_t ns)
{
	return (count * NSEC_PER_SEC + ns / 2) / ns;
}

static uint64_t percent(uint64_t part, uint64_t whole)
{
	uint64_t value = (part * 100 + whole / 2) / whole;

	return value < 100 ? value : 100;
}

static void print_line(struct shell_io *io, const struct vmstat_totals *before,
		       const struct vmstat_totals *now)
{
	const uint64_t page_kib = PAGE_SIZE / 1024;
	uint64_t ns = now->time_ns - before->time_ns;
	uint64_t user = percent(now->user_ns - before->user_ns, ns);
	uint64_t system = percent(now->system_ns - before->system_ns, ns);
	uint64_t busy = user + system < 100 ? user + system : 100;

	uint64_t out = (now->swapped_out - before->swapped_out) * page_kib;

	shell_printf(io, "%2zu %2zu %6lu %6lu %6d %6lu %4lu %4lu %5lu %5lu",
		     now->nr_ready, now->nr_blocked,
		     (swap_total_pages() - swap_free_pages()) * page_kib,
		     ledger.frames[FRAME_FREE] * page_kib, 0,
		     (ledger.frames[FRAME_FILE] +
		      ledger.frames[FRAME_CACHE]) * page_kib,
		     per_second((now->swapped_in - before->swapped_in) *
				page_kib, ns), per_second(out, ns),
		     per_second((now->pages_in - before->pages_in) * page_kib,
				ns), per_second(out, ns));
	shell_printf(io, " %4lu %4lu %2lu %2lu %2lu %2d %2d %5lu %5lu\n",
		     per_second(now->interrupts - before->interrupts, ns),
		     per_second(now->switches - before->switches, ns), user,
		     system, 100 - busy, 0, 0,
		     per_second(now->minor - before->minor, ns),
		     per_second(now->major - before->major, ns));
}

static void print_lines(struct shell_io *io, uint64_t seconds, uint64_t count)
{
	struct vmstat_totals before = { 0 }, now = vmstat_totals();

	print_header(io);
	print_line(io, &before, &now);
	while (--count) {
		before = now;
		if (shell_sleep_until(io, before.time_ns +
						  seconds * NSEC_PER_SEC))
			return;
		now = vmstat_totals();
		print_line(io, &before, &now);
	}
}

int cmd_vmstat(struct shell_io *io, int argc, char **argv)
{
	uint64_t seconds = 0, count = 1;

	if (argc > 3)
		return shell_usage_error(io, argv, "unexpected '%s'", argv[3]);
	if (argc > 1 && (!parse_number(argv[1], &seconds) || !seconds))
		return shell_usage_error(io, argv, "'%s' is not a number of "
						   "seconds", argv[1]);
	if (argc == 2)
		count = UINT64_MAX;
	if (argc > 2 && (!parse_number(argv[2], &count) || !count))
		return shell_usage_error(io, argv, "'%s' is not a count",
					 argv[2]);
	print_lines(io, seconds, count);
	return EXIT_OK;
}
