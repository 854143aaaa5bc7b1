/* The scheduler's calls. */
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int sched_yield(void)
{
	return (int)syscall(SYS_sched_yield);
}

int sched_getcpu(void)
{
	unsigned int cpu;

	if (syscall(SYS_getcpu, &cpu, NULL, NULL) < 0)
		return -1;
	return (int)cpu;
}

/* The kernel fills in as many bytes as it has processors, and says how many. */
int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set)
{
	long filled = syscall(SYS_sched_getaffinity, pid, size, set);

	if (filled < 0)
		return -1;
	memset((char *)set + filled, 0, size - (size_t)filled);
	return 0;
}

int sched_setaffinity(pid_t pid, size_t size, const cpu_set_t *set)
{
	return (int)syscall(SYS_sched_setaffinity, pid, size, set);
}

int __cpu_count(const cpu_set_t *set)
{
	int n = 0;

	for (size_t i = 0; i < sizeof(set->__bits) / sizeof(long); i++)
		n += __builtin_popcountl(set->__bits[i]);
	return n;
}
