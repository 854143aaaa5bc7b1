/* Where code built with -fstack-protector ends up when its canary is gone. */
#include <stdlib.h>
#include <unistd.h>

_Noreturn void __stack_chk_fail(void);

_Noreturn void __stack_chk_fail(void)
{
	static const char msg[] = "*** stack smashing detected ***\n";

	if (write(STDERR_FILENO, msg, sizeof(msg) - 1) < 0)
		_exit(127);
	abort();
}
