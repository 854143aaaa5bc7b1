/* A daemon that asks to stay who it is would give up at its start. */
#include "check.h"

int main(void)
{
	int groups[4];

	if (sys(SYS_getuid) != 0)	/* on Linux, only root may claim this */
		return check_passed();
	CHECK_EQ(sys(SYS_setuid, 0), 0);
	CHECK_EQ(sys(SYS_setgid, 0), 0);
	CHECK_EQ(sys(SYS_setuid, -1), -EINVAL);
	CHECK_EQ(sys(SYS_setreuid, -1, 0), 0);
	CHECK_EQ(sys(SYS_setregid, 0, -1), 0);
	CHECK_EQ(sys(SYS_setresuid, 0, -1, 0), 0);
	CHECK_EQ(sys(SYS_setresgid, -1, -1, -1), 0);
	CHECK_EQ(sys(SYS_getgroups, -1, groups), -EINVAL);
	CHECK_EQ(sys(SYS_getuid), 0);
	return check_passed();
}
