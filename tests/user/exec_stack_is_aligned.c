/*
 * SSE code at the start of a program uses aligned loads on the stack: with rsp
 * off by 8 it dies, and only for some lengths of name and environment.
 */
#include "check.h"

int main(int argc, char **argv, char **envp)
{
	static char padding[64];
	char *args[] = { padding, "child", NULL };

	/* The kernel put argc at rsp, and argv right above it. */
	if (argc == 2)
		return ((unsigned long)(argv - 1) & 15) == 0 && envp == argv + 3
			       ? 77 : 1;
	for (int length = 0; length < 40; length++) {
		pid_t pid;

		padding[length] = 'x';
		pid = check_fork();
		if (pid == 0) {
			sys(SYS_execve, check_self(), args, envp);
			_exit(2);
		}
		CHECK_EQ(check_wait(pid), EXITED(77));
	}
	return check_passed();
}
