/*
 * Programs find their own file, their threads and their name below /proc/self.
 */
#include "proc.h"

static const char *link_of(const char *path)
{
	static char target[4096];
	long n = sys(SYS_readlink, path, target, sizeof(target) - 1);

	CHECK(n > 0);
	target[n] = '\0';
	return target;
}

static void check_links(void)
{
	char want[64];
	int fds[2];

	snprintf(want, sizeof(want), "%d", getpid());
	CHECK_STR(link_of("/proc/self"), want);
	snprintf(want, sizeof(want), "%d/task/%d", getpid(), getpid());
	CHECK_STR(link_of("/proc/thread-self"), want);
	CHECK(strstr(link_of("/proc/self/exe"), "proc_self_names_and_links"));
	CHECK_EQ(sys(SYS_open, "/dev/null", O_RDONLY), 3);
	CHECK_STR(link_of("/proc/self/fd/3"), "/dev/null");
	CHECK_EQ(sys(SYS_pipe, fds), 0);
	CHECK_EQ(memcmp(link_of("/proc/self/fd/4"), "pipe:[", 6), 0);
	CHECK_EQ(sys(SYS_readlink, "/proc/self/fd/77", want, 10), -ENOENT);
}

static void check_comm(void)
{
	CHECK_STR(proc_text("/proc/self/comm"), "proc_self_names\n");
	CHECK_EQ(proc_write("/proc/self/comm", "other"), 5);
	CHECK_STR(proc_text("/proc/self/comm"), "other\n");
	CHECK_STR(proc_text("/proc/thread-self/comm"), "other\n");
	CHECK_EQ(proc_write("/proc/self/comm", "longer than fifteen"), 19);
	CHECK_STR(proc_text("/proc/self/comm"), "longer than fif\n");
	CHECK_EQ(proc_write("/proc/1/comm", "mine"), -EINVAL);
}

int main(void)
{
	check_links();
	check_comm();
	CHECK_EQ(sys(SYS_access, "/proc/self/task/1", 0), -ENOENT);
	return check_passed();
}
