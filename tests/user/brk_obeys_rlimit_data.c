/* `ulimit -d` would not protect the machine from a runaway heap. */
#include "memory.h"

#define LIMIT_BYTES (4UL << 20)

int main(void)
{
	struct rlimit limit = { LIMIT_BYTES, LIMIT_BYTES };
	char *start = (char *)sys(SYS_brk, 0);

	CHECK_EQ(sys(SYS_prlimit64, 0, RLIMIT_DATA, &limit, NULL), 0);
	CHECK_EQ(sys(SYS_brk, start + LIMIT_BYTES / 2), start + LIMIT_BYTES / 2);
	CHECK_EQ(sys(SYS_brk, start + LIMIT_BYTES + PAGE_SIZE),
		 start + LIMIT_BYTES / 2);
	CHECK_EQ(sys(SYS_brk, start), start);
	return check_passed();
}
