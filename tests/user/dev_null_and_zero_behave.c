/* Half of all shell scripts write to /dev/null; dd and tests read /dev/zero. */
#include <fcntl.h>

#include "memory.h"

int main(void)
{
	long null = sys(SYS_open, "/dev/null", O_RDWR);
	long zero = sys(SYS_open, "/dev/zero", O_RDWR);
	static char buf[10000];

	CHECK(null >= 0 && zero >= 0);
	CHECK_EQ(sys(SYS_read, null, buf, sizeof(buf)), 0);
	CHECK_EQ(sys(SYS_write, null, buf, sizeof(buf)), sizeof(buf));
	CHECK_EQ(sys(SYS_write, zero, buf, sizeof(buf)), sizeof(buf));

	memset(buf, 'x', sizeof(buf));
	CHECK_EQ(sys(SYS_read, zero, buf, sizeof(buf) - 1), sizeof(buf) - 1);
	for (unsigned int i = 0; i < sizeof(buf) - 1; i++)
		CHECK_EQ(buf[i], 0);
	CHECK_EQ(buf[sizeof(buf) - 1], 'x');
	return check_passed();
}
