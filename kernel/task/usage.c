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

static uint64_t max_rss_pages(const struct task *task)
{
	uint64_t now = task->mm ? task->mm->max_rss : 0;

	return max_u64(now, task->max_rss_pages);
}

void usage_self(const struct task *task, struct rusage *usage)
{
	*usage = (struct rusage){
		.ru_utime = to_timeval(task->utime_ns),
		.ru_stime = to_timeval(task->stime_ns),
		.ru_maxrss = (long)(max_rss_pages(task) * KIB_PER_PAGE),
		.ru_minflt = (long)task->minflt,
		.ru_majflt = (long)task->majflt,
		.ru_nvcsw = (long)task->nvcsw,
		.ru_nivcsw = (long)task->nivcsw,
	};
}

void usage_children(const struct task *task, struct rusage *usage)
{
	*usage = (struct rusage){
		.ru_utime = to_timeval(task->cutime_ns),
		.ru_stime = to_timeval(task->cstime_ns),
		.ru_maxrss = (long)(task->child_max_rss_pages * KIB_PER_PAGE),
		.ru_minflt = (long)task->cminflt,
		.ru_majflt = (long)task->cmajflt,
		.ru_nvcsw = (long)task->cnvcsw,
		.ru_nivcsw = (long)task->cnivcsw,
	};
}

void usage_both(const struct task *task, struct rusage *usage)
{
	uint64_t rss = max_u64(max_rss_pages(task), task->child_max_rss_pages);

	*usage = (struct rusage){
		.ru_utime = to_timeval(task->utime_ns + task->cutime_ns),
		.ru_stime = to_timeval(task->stime_ns + task->cstime_ns),
		.ru_maxrss = (long)(rss * KIB_PER_PAGE),
		.ru_minflt = (long)(task->minflt + task->cminflt),
		.ru_majflt = (long)(task->majflt + task->cmajflt),
		.ru_nvcsw = (long)(task->nvcsw + task->cnvcsw),
		.ru_nivcsw = (long)(task->nivcsw + task->cnivcsw),
	};
}

void usage_reap_locked(struct task *parent, const struct task *child)
{
	uint64_t rss = max_u64(child->max_rss_pages,
			       child->child_max_rss_pages);

	assert_held(&tasklist_lock);
	parent->cminflt += child->minflt + child->cminflt;
	parent->cmajflt += child->majflt + child->cmajflt;
	parent->cutime_ns += child->utime_ns + child->cutime_ns;
	parent->cstime_ns += child->stime_ns + child->cstime_ns;
	parent->cnvcsw += child->nvcsw + child->cnvcsw;
	parent->cnivcsw += child->nivcsw + child->cnivcsw;
	parent->child_max_rss_pages = max_u64(parent->child_max_rss_pages, rss);
}
