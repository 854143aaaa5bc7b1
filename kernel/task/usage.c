/*
 * What tasks have used: the numbers of getrusage(2) and wait4(2).
 *
 * A parent's totals of its children grow when it waits for one of them, by what
 * the child used itself and by the child's own totals; a child that nobody
 * waited for is in no total. So it is on Linux.
 */
#include "mm.h"
#include "panic.h"
#include "task.h"
#include "timer.h"

#define KIB_PER_PAGE (PAGE_SIZE / 1024)

static struct timeval to_timeval(uint64_t ns)
{
	return (struct timeval){
		.tv_sec = (long)(ns / NSEC_PER_SEC),
		.tv_usec = (long)(ns % NSEC_PER_SEC / 1000),
	};
}

static uint64_t max_u64(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

struct task_usage usage_of_thread(const struct task *task)
{
	return (struct task_usage){
		.minflt = task->minflt, .majflt = task->majflt,
		.utime_ns = task->utime_ns, .stime_ns = task->stime_ns,
		.nvcsw = task->nvcsw, .nivcsw = task->nivcsw,
	};
}

void usage_add(struct task_usage *sum, const struct task_usage *more)
{
	sum->minflt += more->minflt;
	sum->majflt += more->majflt;
	sum->utime_ns += more->utime_ns;
	sum->stime_ns += more->stime_ns;
	sum->nvcsw += more->nvcsw;
	sum->nivcsw += more->nivcsw;
}

struct task_usage usage_of_process_locked(const struct task *leader)
{
	struct task_usage sum = leader->ended;
	const struct task *thread;

	assert_held(&tasklist_lock);
	list_for_each(thread, &leader->threads, thread_link) {
		struct task_usage used = usage_of_thread(thread);

		usage_add(&sum, &used);
	}
	return sum;
}

static uint64_t thread_max_rss(const struct task *task)
{
	uint64_t now = task->mm ? task->mm->max_rss : 0;

	return max_u64(now, task->max_rss_pages);
}

static uint64_t process_max_rss(const struct task *leader)
{
	const struct task *thread;
	uint64_t max = 0;

	list_for_each(thread, &leader->threads, thread_link)
		max = max_u64(max, thread_max_rss(thread));
	return max;
}

static void fill(struct rusage *usage, const struct task_usage *used,
		 uint64_t rss_pages)
{
	*usage = (struct rusage){
		.ru_utime = to_timeval(used->utime_ns),
		.ru_stime = to_timeval(used->stime_ns),
		.ru_maxrss = (long)(rss_pages * KIB_PER_PAGE),
		.ru_minflt = (long)used->minflt,
		.ru_majflt = (long)used->majflt,
		.ru_nvcsw = (long)used->nvcsw,
		.ru_nivcsw = (long)used->nivcsw,
	};
}

void usage_thread(const struct task *task, struct rusage *usage)
{
	struct task_usage used = usage_of_thread(task);

	fill(usage, &used, thread_max_rss(task));
}

void usage_self_locked(const struct task *leader, struct rusage *usage)
{
	struct task_usage used = usage_of_process_locked(leader);

	fill(usage, &used, process_max_rss(leader));
}

void usage_children_locked(const struct task *leader, struct rusage *usage)
{
	fill(usage, &leader->reaped, leader->child_max_rss_pages);
}

void usage_both_locked(const struct task *leader, struct rusage *usage)
{
	struct task_usage used = usage_of_process_locked(leader);

	usage_add(&used, &leader->reaped);
	fill(usage, &used, max_u64(process_max_rss(leader),
				   leader->child_max_rss_pages));
}

void usage_reap_locked(struct task *parent, const struct task *child)
{
	struct task_usage used = usage_of_process_locked(child);
	uint64_t rss = max_u64(child->max_rss_pages,
			       child->child_max_rss_pages);

	usage_add(&parent->reaped, &used);
	usage_add(&parent->reaped, &child->reaped);
	parent->child_max_rss_pages = max_u64(parent->child_max_rss_pages, rss);
}
