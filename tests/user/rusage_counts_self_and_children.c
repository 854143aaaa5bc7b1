/* `time`, `ps -o minflt` and every lesson on faults would be wrong. */
#include "memory.h"

#define NR_PAGES 1000

static void touch_pages(void)
{
	write_pages(map_pages(NR_PAGES, RW), NR_PAGES, 1);
}

static long children_faults(void)
{
	struct rusage usage;

	CHECK_EQ(sys(SYS_getrusage, RUSAGE_CHILDREN, &usage), 0);
	CHECK_EQ(usage.ru_majflt, 0);
	return usage.ru_minflt;
}

static void grandparent(void)
{
	CHECK_EQ(check_in_child(touch_pages), EXITED(0));
}

int main(void)
{
	struct rusage usage;
	long before, one, self;
	pid_t pid;

	CHECK_EQ(sys(SYS_getrusage, 77, &usage), -EINVAL);
	CHECK_EQ(children_faults(), 0);

	/* wait4 tells about one child, getrusage about all waited for. */
	self = minor_faults();
	pid = check_fork();
	if (pid == 0) {
		touch_pages();
		_exit(0);
	}
	CHECK_EQ(sys(SYS_wait4, pid, 0, 0, &usage), pid);
	one = usage.ru_minflt;
	CHECK(one >= NR_PAGES && one < NR_PAGES + 60);
	CHECK(usage.ru_maxrss >= NR_PAGES * 2);	/* Linux counts it roughly */
	CHECK_EQ(children_faults(), one);
	CHECK(minor_faults() - self < NR_PAGES);	/* not counted as ours */

	/* Grandchildren count through their parent. */
	before = children_faults();
	CHECK_EQ(check_in_child(grandparent), EXITED(0));
	CHECK(children_faults() - before >= NR_PAGES);

	/* Twice: to store it may be a fault, if it lies on another page of the stack. */
	CHECK_EQ(sys(SYS_getrusage, RUSAGE_SELF, &usage), 0);
	CHECK_EQ(sys(SYS_getrusage, RUSAGE_SELF, &usage), 0);
	self = usage.ru_minflt;
	CHECK_EQ(sys(SYS_getrusage, RUSAGE_THREAD, &usage), 0);
	CHECK_EQ(usage.ru_minflt, self);
	return check_passed();
}
