/*
 * An attacker must not know where a program's stack, heap and mappings are, and
 * a debugger must be able to switch that off. The program starts itself again
 * and compares: with randomize_va_space 2 everything moves, with
 * personality(ADDR_NO_RANDOMIZE) nothing does.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <uapi/prctl.h>

#include "memory.h"

#define SETTING "/proc/sys/kernel/randomize_va_space"

/* What a start of the program finds; it goes to its parent through a pipe. */
struct places {
	long stack, heap, mapping;
};

static void tell_places(int fd)
{
	struct places places;

	places.stack = (long)&places;
	places.heap = sys(SYS_brk, 0);
	places.mapping = (long)map_pages(1, RW);
	CHECK_EQ(sys(SYS_write, fd, &places, sizeof(places)), sizeof(places));
}

static struct places places_of_a_start(void)
{
	struct places places;
	int fds[2];
	char fd[8];
	pid_t pid;

	CHECK_EQ(sys(SYS_pipe, fds), 0);
	snprintf(fd, sizeof(fd), "%d", fds[1]);
	pid = check_fork();
	if (pid == 0) {
		char *argv[] = { "again", fd, NULL };
		char *envp[] = { NULL };

		sys(SYS_execve, check_self(), argv, envp);
		_exit(1);
	}
	check_child(pid);
	CHECK_EQ(sys(SYS_read, fds[0], &places, sizeof(places)),
		 sizeof(places));
	sys(SYS_close, fds[0]);
	sys(SYS_close, fds[1]);
	return places;
}

/* The old value; the new one only where it differs. */
static char set(char value)
{
	long fd = sys(SYS_open, SETTING, O_RDWR);
	char old = 0;

	CHECK(fd >= 0);
	CHECK_EQ(sys(SYS_read, fd, &old, 1), 1);
	if (old != value)
		CHECK_EQ(sys(SYS_pwrite64, fd, &value, 1, 0), 1);
	sys(SYS_close, fd);
	return old;
}

static void check_random(void)
{
	struct places one = places_of_a_start(), other = places_of_a_start();

	CHECK(one.stack != other.stack);
	CHECK(one.heap != other.heap);
	CHECK(one.mapping != other.mapping);
}

static void check_fixed(void)
{
	struct places one = places_of_a_start(), other = places_of_a_start();

	CHECK_EQ(one.stack, other.stack);
	CHECK_EQ(one.heap, other.heap);
	CHECK_EQ(one.mapping, other.mapping);
}

int main(int argc, char **argv)
{
	long personality;
	char old;

	if (argc > 1) {
		tell_places(atoi(argv[1]));
		return 0;
	}
	old = set('2');
	check_random();
	personality = sys(SYS_personality, 0xffffffff);
	CHECK_EQ(sys(SYS_personality, personality | ADDR_NO_RANDOMIZE),
		 personality);
	CHECK_EQ(sys(SYS_personality, 0xffffffff),
		 personality | ADDR_NO_RANDOMIZE);
	check_fixed();		/* children inherit it, exec keeps it */
	set(old);
	return check_passed();
}
