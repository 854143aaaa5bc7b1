/*
 * A shell script of a thousand commands would find the machine full: of
 * zombies, of kernel stacks, or of used process numbers.
 */
// guest: TIMEOUT=120
#include "check.h"

int main(void)
{
	pid_t last = 0;

	for (int i = 0; i < 1000; i++) {
		pid_t pid = check_fork();

		if (pid == 0)
			_exit(i & 0x7f);
		CHECK(pid != last);	/* a number rests before it comes again */
		CHECK_EQ(check_wait(pid), EXITED(i & 0x7f));
		last = pid;
	}
	CHECK_EQ(sys(SYS_wait4, -1, 0, 0, 0), -ECHILD);
	return check_passed();
}
