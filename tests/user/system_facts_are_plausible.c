/* configure scripts, free(1) and every libc ask these, and act upon them. */
#include <sys/sysinfo.h>
#include <sys/utsname.h>

#include "memory.h"

static void check_random(void)
{
	unsigned long a[8] = { 0 }, b[8] = { 0 };

	CHECK_EQ(sys(SYS_getrandom, a, sizeof(a), 0), sizeof(a));
	CHECK_EQ(sys(SYS_getrandom, b, sizeof(b), 1), sizeof(b));
	for (int i = 0; i < 8; i++)
		CHECK(a[i] != b[i] && a[i] != 0 && a[i] != a[(i + 1) % 8]);
	CHECK_EQ(sys(SYS_getrandom, a, 0, 0), 0);
	CHECK_EQ(sys(SYS_getrandom, a, 8, 0x100), -EINVAL);
}

static void check_sysinfo(void)
{
	static struct sysinfo info;

	CHECK_EQ(sys(SYS_sysinfo, &info), 0);
	CHECK(info.mem_unit >= 1);
	CHECK(info.totalram * info.mem_unit > 16 << 20);
	CHECK(info.freeram > 0 && info.freeram < info.totalram);
	CHECK(info.uptime >= 0 && info.procs >= 1);
}

static void check_uname(void)
{
	static struct utsname name;

	CHECK_EQ(sys(SYS_uname, &name), 0);
	CHECK_STR(name.machine, "x86_64");
	CHECK(name.sysname[0] && name.release[0] && name.version[0]);
	CHECK(name.release[0] >= '3' && name.release[0] <= '9');
}

int main(void)
{
	long tid;

	check_random();
	check_sysinfo();
	check_uname();

	CHECK_EQ(sys(SYS_gettid), sys(SYS_getpid));
	CHECK(sys(SYS_getppid) != sys(SYS_getpid));
	CHECK_EQ(sys(SYS_set_tid_address, &tid), sys(SYS_getpid));
	CHECK_EQ(sys(SYS_sched_yield), 0);
	CHECK_EQ(sys(SYS_reboot, 1, 2, 3, 0), -EINVAL);	/* no magic, no reboot */
	return check_passed();
}
