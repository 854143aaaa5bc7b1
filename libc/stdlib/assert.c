/* Where a failed assert() goes: one line on standard error, then SIGABRT. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

_Noreturn void __assert_fail(const char *expr, const char *file,
			     unsigned int line, const char *func)
{
	dprintf(STDERR_FILENO, "%s: %s:%u: %s: Assertion `%s' failed.\n",
		program_invocation_short_name, file, line, func, expr);
	abort();
}
