/*
 * The machine and the kernel as a whole.
 */
#include "commands.h"

#include <uapi/errno.h>
#include <uapi/utsname.h>

#include "console.h"
#include "exit.h"
#include "kmalloc.h"
#include "panic.h"
#include "power.h"
#include "printk.h"
#include "string.h"
#include "syscall.h"
#include "system_name.h"
#include "task.h"
#include "text.h"
#include "timer.h"

/* ---- endings ---- */

int cmd_poweroff(struct shell_io *io, int argc, char **argv)
{
	if (argc > 1)
		return shell_usage_error(io, argv, "unexpected '%s'", argv[1]);
	shell_exit(EXIT_OK);
}

int cmd_reboot(struct shell_io *io, int argc, char **argv)
{
	if (argc > 1)
		return shell_usage_error(io, argv, "unexpected '%s'", argv[1]);
	power_reboot();
}

int cmd_hang(struct shell_io *io, int argc, char **argv)
{
	if (argc > 1)
		return shell_usage_error(io, argv, "unexpected '%s'", argv[1]);
	halt_forever();
}

int cmd_triplefault(struct shell_io *io, int argc, char **argv)
{
	if (argc > 1)
		return shell_usage_error(io, argv, "unexpected '%s'", argv[1]);
	triple_fault();
}

/*
 * Call ourselves until the guard page ends it. The CPU cannot push the frame of
 * that page fault either, so what arrives is a double fault, on its own stack.
 */
static int overflow_stack(volatile int depth)
{
	return depth < 0 ? depth : overflow_stack(depth + 1) + depth;
}

/* Volatile twice, or the compiler would see what this does and drop it. */
static int write_null(void)
{
	volatile int *volatile nowhere = NULL;

	*nowhere = 1;
	return 0;
}

static int free_twice(void)
{
	void *ptr = kmalloc(100);

	kfree(ptr);
	kfree(ptr);
	return 0;
}

int cmd_panic(struct shell_io *io, int argc, char **argv)
{
	struct text message = { 0 };

	if (argc == 2 && !strcmp(argv[1], "--hang"))
		return cmd_hang(io, 1, argv);
	if (argc == 2 && !strcmp(argv[1], "--triple-fault"))
		return cmd_triplefault(io, 1, argv);
	if (argc == 2 && !strcmp(argv[1], "--overflow"))
		return overflow_stack(0);
	if (argc == 2 && !strcmp(argv[1], "--null"))
		return write_null();
	if (argc == 2 && !strcmp(argv[1], "--double-free"))
		return free_twice();
	if (argc > 1 && argv[1][0] == '-')
		return shell_usage_error(io, argv, "unknown option '%s'",
					 argv[1]);
	for (int i = 1; i < argc; i++) {
		text_append(&message, argv[i], strlen(argv[i]));
		text_append(&message, " ", 1);
	}
	if (!message.length)
		panic("asked for by the shell");
	panic("%.*s", (int)message.length - 1, message.bytes);
}

/* ---- the log ---- */

#define LOG_MAX_BYTES 65536

int cmd_dmesg(struct shell_io *io, int argc, char **argv)
{
	char *log;
	size_t n;

	if (argc > 1)
		return shell_usage_error(io, argv, "unexpected '%s'", argv[1]);
	log = kmalloc(LOG_MAX_BYTES);
	if (!log)
		return shell_error(io, argv, "%s", error_text(-ENOMEM));
	n = printk_log_read(log, LOG_MAX_BYTES);
	shell_write(io, SHELL_STDOUT, log, n);
	kfree(log);
	return EXIT_OK;
}

/* ---- system calls ---- */

static bool is_implemented(unsigned int nr)
{
	return (const void *)syscall_table[nr] != (const void *)sys_unknown;
}

static void print_implemented(struct shell_io *io)
{
	shell_printf(io, "%5s  %s\n", "NR", "NAME");
	for (unsigned int nr = 0; nr < NR_SYSCALLS; nr++)
		if (is_implemented(nr))
			shell_printf(io, "%5u  %s\n", nr, syscall_name(nr));
}

static void print_unknown(struct shell_io *io)
{
	shell_printf(io, "%5s  %-24s %10s\n", "NR", "NAME", "ASKED FOR");
	for (unsigned int nr = 0; nr < NR_SYSCALLS; nr++) {
		uint64_t count = syscall_unknown_count(nr);
		const char *name = syscall_name(nr);

		if (count)
			shell_printf(io, "%5u  %-24s %10lu\n", nr,
				     name ? name : "?", count);
	}
}

int cmd_syscalls(struct shell_io *io, int argc, char **argv)
{
	struct options options = { 0 };
	bool all = false;
	int letter;

	while ((letter = option_next(&options, io, argc, argv, "a"))) {
		if (letter < 0)
			return EXIT_USAGE;
		all = true;
	}
	if (options.index < argc)
		return shell_usage_error(io, argv, "unexpected '%s'",
					 argv[options.index]);
	if (all)
		print_implemented(io);
	else
		print_unknown(io);
	return EXIT_OK;
}

/* ---- what and how long ---- */

int cmd_uptime(struct shell_io *io, int argc, char **argv)
{
	uint64_t up = ktime_ns() / NSEC_PER_SEC;
	uint64_t day = ktime_real_ns() / NSEC_PER_SEC % 86400;

	if (argc > 1)
		return shell_usage_error(io, argv, "unexpected '%s'", argv[1]);
	shell_printf(io, " %02lu:%02lu:%02lu up ", day / 3600, day / 60 % 60,
		     day % 60);
	if (up >= 86400)
		shell_printf(io, "%lu day%s, ", up / 86400,
			     up >= 2 * 86400 ? "s" : "");
	if (up % 86400 >= 3600)
		shell_printf(io, "%2lu:%02lu,", up / 3600 % 24, up / 60 % 60);
	else
		shell_printf(io, "%lu min,", up / 60 % 60);
	shell_printf(io, "  %zu tasks, %zu running\n", task_count(),
		     sched_nr_ready() + 1);
	return EXIT_OK;
}

int cmd_uname(struct shell_io *io, int argc, char **argv)
{
	static const char letters[] = "snrvm";
	const char *fields[] = { system_name.sysname, system_name.nodename,
				 system_name.release, system_name.version,
				 system_name.machine };
	struct options options = { 0 };
	unsigned int wanted = 0;
	const char *space = "";
	int letter;

	while ((letter = option_next(&options, io, argc, argv, "asnrvm"))) {
		if (letter < 0)
			return EXIT_USAGE;
		wanted |= letter == 'a' ? 0x1fu
					: 1u << (strchr(letters, letter) -
						 letters);
	}
	if (options.index < argc)
		return shell_usage_error(io, argv, "unexpected '%s'",
					 argv[options.index]);
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		if (!((wanted ? wanted : 1) >> i & 1))
			continue;
		shell_printf(io, "%s%s", space, fields[i]);
		space = " ";
	}
	shell_puts(io, "\n");
	return EXIT_OK;
}
