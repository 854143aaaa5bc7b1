/* The orderly end: handlers, destructors, buffers, then the kernel's exit. */
#include "exit.h"

#include <stdlib.h>
#include <unistd.h>

/* Bounds of the array of destructors; the linker script defines them. */
extern void (*const __fini_array_start[])(void) __attribute__((weak));
extern void (*const __fini_array_end[])(void) __attribute__((weak));

static void run_fini(void)
{
	void (*const *fn)(void) = __fini_array_end;

	while (fn > __fini_array_start)
		(*--fn)();
}

_Noreturn void exit(int status)
{
	if (__atexit_run)
		__atexit_run();
	run_fini();
	if (__stdio_flush_all)
		__stdio_flush_all();
	_exit(status);
}

_Noreturn void _Exit(int status)
{
	_exit(status);
}
