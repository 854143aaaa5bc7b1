/* Questions about the machine and its limits. */
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <uapi/limits.h>
#include <unistd.h>

#define PAGE_BYTES	4096

int getpagesize(void)
{
	return PAGE_BYTES;
}

static long limit_of(int resource)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
		return -1;
	return (long)limit.rlim_cur;
}

/* Memory in pages; mem_unit is 1 wherever that can be counted in bytes. */
static long pages(unsigned long amount, const struct sysinfo *info)
{
	return (long)(amount / PAGE_BYTES * info->mem_unit);
}

long get_phys_pages(void)
{
	struct sysinfo info;

	return sysinfo(&info) == 0 ? pages(info.totalram, &info) : -1;
}

long get_avphys_pages(void)
{
	struct sysinfo info;

	return sysinfo(&info) == 0 ? pages(info.freeram, &info) : -1;
}

int get_nprocs(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		return 1;
	return CPU_COUNT(&set);
}

int get_nprocs_conf(void)
{
	return get_nprocs();
}

long sysconf(int name)
{
	switch (name) {
	case _SC_ARG_MAX:
		return ARG_MAX;
	case _SC_CHILD_MAX:
		return limit_of(RLIMIT_NPROC);
	case _SC_CLK_TCK:
		return USER_HZ;
	case _SC_OPEN_MAX:
		return limit_of(RLIMIT_NOFILE);
	case _SC_PAGESIZE:
		return PAGE_BYTES;
	case _SC_NPROCESSORS_CONF:
	case _SC_NPROCESSORS_ONLN:
		return get_nprocs();
	case _SC_PHYS_PAGES:
		return get_phys_pages();
	case _SC_AVPHYS_PAGES:
		return get_avphys_pages();
	}
	errno = EINVAL;
	return -1;
}

int gethostname(char *name, size_t size)
{
	struct utsname uts;

	if (uname(&uts) != 0)
		return -1;
	if (strlen(uts.nodename) >= size) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(name, uts.nodename);
	return 0;
}
