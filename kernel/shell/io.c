/*
 * The streams of a command: the console, or a file or pipe after a redirect.
 */
#include "cmd.h"

#include <uapi/errno.h>

#include "console.h"
#include "file.h"
#include "printk.h"
#include "sched.h"
#include "string.h"
#include "timer.h"

/* Longer formatted output is cut; commands print line by line. */
#define PRINTF_MAX_BYTES 512

char *shell_name[] = { "sh", NULL };

int shell_write(struct shell_io *io, int stream, const char *bytes, size_t n)
{
	if (!io->stream[stream]) {
		console_write(bytes, n);
		return 0;
	}
	while (n) {
		struct io_buf from = io_buf_kernel(bytes, n);
		ssize_t done = file_write(io->stream[stream], &from);

		if (done < 0) {
			if (done == -EPIPE)
				io->interrupted = io->broken_pipe = true;
			return (int)done;
		}
		bytes += done;
		n -= (size_t)done;
	}
	return 0;
}

ssize_t shell_read(struct shell_io *io, char *bytes, size_t n)
{
	struct io_buf to = io_buf_kernel(bytes, n);

	if (!io->stream[SHELL_STDIN])
		return 0;
	return file_read(io->stream[SHELL_STDIN], &to);
}

__attribute__((format(printf, 3, 0)))
static void write_formatted(struct shell_io *io, int stream, const char *fmt,
			    va_list args)
{
	char text[PRINTF_MAX_BYTES];
	size_t n = (size_t)vsnprintf(text, sizeof(text), fmt, args);

	if (n >= sizeof(text))
		n = sizeof(text) - 1;
	shell_write(io, stream, text, n);
}

void shell_printf(struct shell_io *io, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	write_formatted(io, SHELL_STDOUT, fmt, args);
	va_end(args);
}

void shell_puts(struct shell_io *io, const char *text)
{
	shell_write(io, SHELL_STDOUT, text, strlen(text));
}

void shell_complain(struct shell_io *io, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	write_formatted(io, SHELL_STDERR, fmt, args);
	va_end(args);
}

int shell_error(struct shell_io *io, char **argv, const char *fmt, ...)
{
	va_list args;

	shell_complain(io, "%s: ", argv[0]);
	va_start(args, fmt);
	write_formatted(io, SHELL_STDERR, fmt, args);
	va_end(args);
	shell_complain(io, "\n");
	return EXIT_FAILED;
}

int shell_usage_error(struct shell_io *io, char **argv, const char *fmt, ...)
{
	va_list args;

	shell_complain(io, "%s: ", argv[0]);
	va_start(args, fmt);
	write_formatted(io, SHELL_STDERR, fmt, args);
	va_end(args);
	shell_complain(io, "; type: help %s\n", argv[0]);
	return EXIT_USAGE;
}

/*
 * An interruption sets a flag and wakes nobody: a command that may run in any
 * task looks every POLL_NS. That costs twenty wake-ups a second, while it lasts.
 */
#define POLL_NS (50 * 1000000ULL)

int shell_sleep_until(struct shell_io *io, uint64_t deadline_ns)
{
	for (;;) {
		uint64_t now = ktime_ns();
		uint64_t next = now + POLL_NS;

		if (io->interrupted)
			return -EINTR;
		if (now >= deadline_ns)
			return 0;
		sched_sleep_until(next < deadline_ns ? next : deadline_ns);
	}
}

static const struct {
	int err;
	const char *text;
} error_texts[] = {
	{ EPERM, "Operation not permitted" },
	{ ENOENT, "No such file or directory" },
	{ ESRCH, "No such process" },
	{ EINTR, "Interrupted system call" },
	{ EIO, "Input/output error" },
	{ ENXIO, "No such device or address" },
	{ E2BIG, "Argument list too long" },
	{ ENOEXEC, "Exec format error" },
	{ EBADF, "Bad file descriptor" },
	{ ECHILD, "No child processes" },
	{ EAGAIN, "Resource temporarily unavailable" },
	{ ENOMEM, "Cannot allocate memory" },
	{ EACCES, "Permission denied" },
	{ EBUSY, "Device or resource busy" },
	{ EEXIST, "File exists" },
	{ ENOTDIR, "Not a directory" },
	{ EISDIR, "Is a directory" },
	{ EINVAL, "Invalid argument" },
	{ EFBIG, "File too large" },
	{ ENOSPC, "No space left on device" },
	{ EROFS, "Read-only file system" },
	{ EPIPE, "Broken pipe" },
	{ ENAMETOOLONG, "File name too long" },
	{ ENOTEMPTY, "Directory not empty" },
	{ ELOOP, "Too many levels of symbolic links" },
};

const char *error_text(int err)
{
	for (size_t i = 0; i < ARRAY_SIZE(error_texts); i++)
		if (error_texts[i].err == -err)
			return error_texts[i].text;
	return "Unknown error";
}
