/*
 * A double free would become two owners of one block: much later, somewhere
 * else, something breaks. It must end here, in one line that says what it was.
 */
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>

#include "check.h"

/* What the compiler cannot see through it does not warn about. */
static char *volatile mem;

static void free_twice(void)
{
	mem = malloc(100);
	free(mem);
	free(mem);
}

static void free_large_twice(void)
{
	char *volatile wall;

	mem = malloc(50000);
	wall = malloc(100);
	free(mem);
	free(mem);
	free(wall);
}

static void free_in_the_middle(void)
{
	mem = malloc(100);
	mem += 16;
	free(mem);
}

static void free_unaligned(void)
{
	mem = malloc(100);
	mem++;
	free(mem);
}

static void free_stack(void)
{
	static char not_from_malloc[64] __attribute__((aligned(16)));

	mem = not_from_malloc + 32;
	free(mem);
}

static void overflow_into_header(void)
{
	char *volatile next;

	mallopt(M_MODE, MALLOC_MODE_TEXTBOOK);
	mem = malloc(24);
	next = malloc(24);
	memset(mem, 'A', 40);
	free(next);
}

/* The last line that @misuse wrote to standard error before it died. */
static void expect_message(void (*misuse)(void), const char *start)
{
	char text[256] = "";
	int fds[2];
	pid_t pid;

	CHECK_EQ(sys(SYS_pipe, fds), 0);
	pid = check_fork();
	if (pid == 0) {
		sys(SYS_dup2, fds[1], 2);
		misuse();
		_exit(0);
	}
	sys(SYS_close, fds[1]);
	CHECK_EQ(check_wait(pid) & 0x7f, SIGABRT);
	CHECK(sys(SYS_read, fds[0], text, sizeof(text) - 1) > 0);
	text[strlen(start)] = '\0';
	CHECK_STR(text, start);
	sys(SYS_close, fds[0]);
}

int main(void)
{
	expect_message(free_twice, "malloc: double free: 0x");
	expect_message(free_large_twice, "malloc: double free: 0x");
	expect_message(free_in_the_middle, "malloc: ");
	expect_message(free_unaligned, "malloc: ");
	expect_message(free_stack, "malloc: ");
	expect_message(overflow_into_header, "malloc: ");
	return check_passed();
}
