/*
 * stack: it grows by page faults, down to RLIMIT_STACK and not a page further.
 *
 *	top of the stack  +----------+
 *	                  |   used   |  program name, environment, frames
 *	stack pointer ->  |..........|
 *	                  |          |  a first touch here is a minor fault
 *	top - limit       +----------+
 *	                  |  guard   |  a touch here is SIGSEGV
 *
 * A child sets itself a small limit, so that the end is near, and touches every
 * page down to it. A second one goes one page further and must die.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE_SIZE 4096UL
#define LIMIT_BYTES (256 * 1024UL)
#define LIMIT_PAGES (LIMIT_BYTES / PAGE_SIZE)
#define STATUS_WRONG 99

/*
 * The kernel writes the program's path last, that is highest, and leaves eight
 * zero bytes above it: the page behind the path is where the stack ends.
 */
static uintptr_t stack_top(void)
{
	const char *path = (const char *)getauxval(AT_EXECFN);
	uintptr_t end = (uintptr_t)path + strlen(path) + 1 + 8;

	return (end + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
}

/*
 * Touch @nr_pages from the top of the stack down, no matter where the stack
 * pointer is: the kernel looks at the address only.
 */
static void touch_down(unsigned long nr_pages)
{
	uintptr_t top = stack_top();

	for (unsigned long page = 1; page <= nr_pages; page++)
		*(volatile char *)(top - page * PAGE_SIZE) += 0;
}

static int child(unsigned long nr_pages)
{
	struct rlimit limit = { LIMIT_BYTES, LIMIT_BYTES };

	if (setrlimit(RLIMIT_STACK, &limit) < 0)
		return STATUS_WRONG;
	touch_down(nr_pages);
	return 0;
}

/* How the shell would report a child that touches @nr_pages: 128 + signal. */
static int try(unsigned long nr_pages)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(child(nr_pages));
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return STATUS_WRONG;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

static int report(unsigned long nr_pages, int expected)
{
	int status = try(nr_pages);

	printf("  touching %3lu pages: exit status %d", nr_pages, status);
	if (status == 139)
		printf(" (128 + SIGSEGV)");
	if (status != expected)
		printf(", expected %d", expected);
	putchar('\n');
	return status != expected;
}

int main(void)
{
	int wrong = 0;

	printf("a stack limited to %luK, %lu pages from its top:\n",
	       LIMIT_BYTES / 1024, LIMIT_PAGES);
	wrong |= report(LIMIT_PAGES / 2, 0);
	wrong |= report(LIMIT_PAGES, 0);
	wrong |= report(LIMIT_PAGES + 1, 139);
	return wrong;
}
