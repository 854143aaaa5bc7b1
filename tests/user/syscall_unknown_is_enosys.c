/*
 * musl and glibc try new calls first and fall back on ENOSYS; any other answer
 * and they believe that the call exists.
 */
#include "check.h"

int main(void)
{
	CHECK_EQ(sys(500), -ENOSYS);
	CHECK_EQ(sys(511), -ENOSYS);
	CHECK_EQ(sys(512), -ENOSYS);
	CHECK_EQ(sys(100000), -ENOSYS);
	CHECK_EQ(sys(1UL << 30), -ENOSYS);
	CHECK_EQ(sys(-1), -ENOSYS);
	CHECK_EQ(sys(SYS_tuxcall), -ENOSYS);
	CHECK_EQ(sys(SYS_create_module), -ENOSYS);
	return check_passed();
}
