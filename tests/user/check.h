/*
 * check.h - what the tests in this folder have in common.
 *
 * A test is a main() that makes claims and ends with `return check_passed();`.
 * The first claim that does not hold prints the one FAIL line and ends the
 * process with status 1. Children of a test may make claims, too: their FAIL
 * line comes out, and the parent's check_child() fails on their status.
 *
 * Every test runs on Linux as well, so what it claims is what Linux does. The
 * exceptions carry the word guest-only in their first comment, with the reason.
 *
 * Output is written at once and unbuffered, so a fork() never doubles it.
 */
#pragma once

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * A system call without libc: the result as the kernel gave it, so an error
 * is -EINVAL, not -1 and errno.
 */
static inline long check_syscall(long nr, long a, long b, long c, long d,
				 long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long result;

	/* The instruction itself overwrites rcx (with rip) and r11 (rflags). */
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8),
			   "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

/* sys(SYS_close, 3): up to six arguments of any type, the rest are 0. */
#define sys(...) SYS_PAD(__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define SYS_PAD(nr, a, b, c, d, e, f, ...)                                    \
	check_syscall((long)(nr), (long)(a), (long)(b), (long)(c), (long)(d), \
		      (long)(e), (long)(f))

/* The test's name is that of its source file, without folders and ".c". */
static inline const char *check_name(void)
{
	static char name[64];
	const char *base = strrchr(__BASE_FILE__, '/');

	base = base ? base + 1 : __BASE_FILE__;
	snprintf(name, sizeof(name), "%.*s", (int)strlen(base) - 2, base);
	return name;
}

static inline int check_passed(void)
{
	dprintf(1, "PASS %s\n", check_name());
	return 0;
}

static inline void check_eq(const char *what, long got, long want, int line)
{
	if (got == want)
		return;
	dprintf(1, "FAIL %s: got %ld, want %ld (line %d: %s)\n", check_name(),
		got, want, line, what);
	_exit(1);
}

static inline void check_str(const char *what, const char *got,
			     const char *want, int line)
{
	if (strcmp(got, want) == 0)
		return;
	dprintf(1, "FAIL %s: got '%s', want '%s' (line %d: %s)\n",
		check_name(), got, want, line, what);
	_exit(1);
}

static inline void check_that(const char *what, int holds, int line)
{
	if (holds)
		return;
	dprintf(1, "FAIL %s: got false, want true (line %d: %s)\n",
		check_name(), line, what);
	_exit(1);
}

#define CHECK(cond) check_that(#cond, !!(cond), __LINE__)
#define CHECK_EQ(got, want) check_eq(#got, (long)(got), (long)(want), __LINE__)
#define CHECK_STR(got, want) check_str(#got, got, want, __LINE__)

/* The path under which this program was started, to start or to read it. */
static inline const char *check_self(void)
{
	return (const char *)getauxval(AT_EXECFN);
}

/* fork(), which must succeed; in a test that is no question. */
static inline pid_t check_fork(void)
{
	pid_t pid = fork();

	check_that("fork() >= 0", pid >= 0, __LINE__);
	return pid;
}

/* Wait for the child @pid and return its wait status. */
static inline int check_wait(pid_t pid)
{
	int status = 0;
	pid_t got = waitpid(pid, &status, 0);

	check_eq("waitpid(pid)", got, pid, __LINE__);
	return status;
}

/* The child @pid made claims of its own: all of them held. */
static inline void check_child(pid_t pid)
{
	check_eq("wait status of a child", check_wait(pid), 0, __LINE__);
}

/* Run @fn in a child and return the wait status: what a crash looks like. */
static inline int check_in_child(void (*fn)(void))
{
	pid_t pid = check_fork();

	if (pid == 0) {
		fn();
		_exit(0);
	}
	return check_wait(pid);
}

/* Wait statuses, spelled out where a test expects them. */
#define EXITED(code) ((code) << 8)
#define KILLED(sig) (sig)
