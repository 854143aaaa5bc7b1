/*
 * From the kernel's start-up stack to main(): argv, environment and auxiliary
 * vector are found, thread-local storage is set up (errno lives there), the
 * constructors run, and what main() returns is the exit status.
 */
#include "start.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef void (*init_fn)(int argc, char **argv, char **envp);

/* Arrays of constructors; the linker script defines their bounds. */
extern const init_fn __preinit_array_start[] __attribute__((weak));
extern const init_fn __preinit_array_end[] __attribute__((weak));
extern const init_fn __init_array_start[] __attribute__((weak));
extern const init_fn __init_array_end[] __attribute__((weak));

int main(int argc, char **argv, char **envp);

char **environ;
char *program_invocation_name = "";
char *program_invocation_short_name = "";

static void set_program_name(char *path)
{
	char *slash = strrchr(path, '/');

	program_invocation_name = path;
	program_invocation_short_name = slash ? slash + 1 : path;
}

static void run_init(const init_fn *fn, const init_fn *end, int argc,
		     char **argv)
{
	for (; fn < end; fn++)
		(*fn)(argc, argv, environ);
}

_Noreturn void __libc_start(long *stack)
{
	int argc = (int)stack[0];
	char **argv = (char **)(stack + 1);
	char **env_end = argv + argc + 1;

	environ = env_end;
	while (*env_end)
		env_end++;
	__auxv = (const Elf64_auxv_t *)(env_end + 1);
	__tls_init();
	if (argc > 0)
		set_program_name(argv[0]);
	run_init(__preinit_array_start, __preinit_array_end, argc, argv);
	run_init(__init_array_start, __init_array_end, argc, argv);
	exit(main(argc, argv, environ));
}
