/*
 * A shell script starts thousands of programs. If each left a frame, a slot of a
 * table or a byte of the kernel's heap behind, the machine would die of it; the
 * frames are counted before and after this program.
 */
// guest: TIMEOUT=180
#include "check.h"

#define NR_CYCLES 10000

static char *const words[] = { "cycle", "exit", NULL };

int main(int argc, char **argv)
{
	if (argc > 1)
		return strcmp(argv[1], "exit") == 0 ? 42 : 1;
	for (int i = 0; i < NR_CYCLES; i++) {
		pid_t pid = check_fork();

		if (pid == 0) {
			sys(SYS_execve, check_self(), words, words + 2);
			_exit(1);
		}
		CHECK_EQ(check_wait(pid), EXITED(42));
	}
	return check_passed();
}
