/*
 * Whoever starts a program that has more rights than he has could choose how
 * its heap is laid out. On Linux this can only be tried by root.
 */
#include <malloc.h>
#include <stdlib.h>

#include "memory.h"

#define NOBODY 65534

/* The executed program: bit 1, AT_SECURE; bit 0, its threshold was moved. */
static int look(void)
{
	void *volatile block = malloc(8192);	/* else none is made */
	int status = getauxval(AT_SECURE) << 1 | (mallinfo2().hblks != 0);

	free(block);
	return status;
}

/* What look() sees with these ids; -1 leaves one as it is. */
static int look_as(int user, int effective_user, int group)
{
	static char *argv[] = { "self", "look", NULL };
	static char *envp[] = { "FAULTLINE_MALLOC=mmap_threshold=4k", NULL };
	pid_t pid = check_fork();
	long err;

	if (pid != 0)
		return check_wait(pid);
	err = sys(SYS_setresgid, group, -1, -1);
	if (!err)
		err = sys(SYS_setresuid, user, effective_user, -1);
	if (!err)
		err = sys(SYS_execve, check_self(), argv, envp);
	_exit(100);
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return look();
	CHECK_EQ(look_as(-1, -1, -1), EXITED(1));
	if (sys(SYS_getuid) != 0)
		return check_passed();
	CHECK_EQ(look_as(NOBODY, 0, -1), EXITED(2));
	CHECK_EQ(look_as(-1, -1, NOBODY), EXITED(2));
	return check_passed();
}
