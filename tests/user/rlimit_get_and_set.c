/* `ulimit` would lie, or let a program lift its own limits. */
#include "memory.h"

#define NO_SUCH_PID 0x3ffff0

static struct rlimit limit;

static long get_limit(int resource)
{
	return sys(SYS_prlimit64, 0, resource, 0, &limit);
}

static long set_limit(int resource, unsigned long soft, unsigned long hard)
{
	struct rlimit new = { soft, hard };

	return sys(SYS_prlimit64, 0, resource, &new, 0);
}

static void expect_inherited_limit(void)
{
	CHECK_EQ(get_limit(RLIMIT_STACK), 0);
	CHECK_EQ(limit.rlim_cur, 1 << 20);
	CHECK_EQ(limit.rlim_max, 2 << 20);
}

int main(void)
{
	CHECK_EQ(get_limit(RLIMIT_STACK), 0);
	CHECK(limit.rlim_max >= limit.rlim_cur);
	CHECK_EQ(set_limit(RLIMIT_STACK, 1 << 20, 2 << 20), 0);
	CHECK_EQ(check_in_child(expect_inherited_limit), EXITED(0));
	CHECK_EQ(set_limit(RLIMIT_STACK, 3 << 20, 2 << 20), -EINVAL);
	CHECK_EQ(check_in_child(expect_inherited_limit), EXITED(0));

	CHECK_EQ(get_limit(16), -EINVAL);
	CHECK_EQ(get_limit(-1), -EINVAL);
	CHECK_EQ(set_limit(16, 1, 1), -EINVAL);
	CHECK_EQ(sys(SYS_prlimit64, NO_SUCH_PID, RLIMIT_STACK, 0, &limit),
		 -ESRCH);
	CHECK_EQ(sys(SYS_prlimit64, sys(SYS_getpid), RLIMIT_STACK, 0, &limit),
		 0);

	/* RLIMIT_AS: mmap, brk and stack all count. */
	CHECK_EQ(set_limit(RLIMIT_AS, 64 << 20, RLIM_INFINITY), 0);
	CHECK_EQ(sys(SYS_mmap, 0, 64 << 20, RW, ANON, -1, 0), -ENOMEM);
	CHECK(sys(SYS_mmap, 0, 32 << 20, RW, ANON, -1, 0) > 0);
	CHECK_EQ(sys(SYS_mmap, 0, 32 << 20, RW, ANON, -1, 0), -ENOMEM);
	long brk = sys(SYS_brk, 0);
	CHECK_EQ(sys(SYS_brk, brk + (32 << 20)), brk);
	return check_passed();
}
