/*
 * guest-only: Linux has this call.
 * glibc tries it at start-up and goes on without; half an answer would be worse,
 * since the kernel would write to memory that it was told about.
 */
#include "check.h"

int main(void)
{
	static char area[64] __attribute__((aligned(32)));

	CHECK_EQ(sys(SYS_rseq, area, 32, 0, 0x53053053), -ENOSYS);
	return check_passed();
}
