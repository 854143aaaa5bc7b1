/* What a process used, and what it may use. */
#include <stddef.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/times.h>
#include <unistd.h>

int getrusage(int who, struct rusage *usage)
{
	return (int)syscall(SYS_getrusage, who, usage);
}

clock_t times(struct tms *tms)
{
	return syscall(SYS_times, tms);
}

int prlimit(pid_t pid, int resource, const struct rlimit *limit,
	    struct rlimit *old)
{
	return (int)syscall(SYS_prlimit64, pid, resource, limit, old);
}

int getrlimit(int resource, struct rlimit *limit)
{
	return prlimit(0, resource, NULL, limit);
}

int setrlimit(int resource, const struct rlimit *limit)
{
	return prlimit(0, resource, limit, NULL);
}

/* The kernel answers 20 - nice, so that no answer looks like an error. */
int getpriority(int which, id_t who)
{
	long answer = syscall(SYS_getpriority, which, who);

	return answer < 0 ? -1 : 20 - (int)answer;
}

int setpriority(int which, id_t who, int priority)
{
	return (int)syscall(SYS_setpriority, which, who, priority);
}

int nice(int increment)
{
	int old = getpriority(PRIO_PROCESS, 0);

	if (setpriority(PRIO_PROCESS, 0, old + increment) != 0)
		return -1;
	return getpriority(PRIO_PROCESS, 0);
}
