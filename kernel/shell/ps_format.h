/*
 * The columns of ps, as procps-ng has them.
 *
 * Logic only; tests/host/test_ps_format.c compares it with real output.
 */
#pragma once

#include "types.h"

#define PS_ARGS_BYTES 256
#define PS_COMM_BYTES 16

/* What ps knows of one task. */
struct ps_task {
	int32_t pid, ppid, pgid, sid;
	char state; /* R S D T Z */
	bool kernel_only;
	bool leader; /* of its session */
	char comm[PS_COMM_BYTES];
	char args[PS_ARGS_BYTES]; /* "" if they cannot be read */
	uint64_t minflt, majflt;
	uint64_t rss_kib, vsz_kib, text_kib;
	uint64_t time_ns, elapsed_ns;
	uint64_t started_s; /* seconds since 1970, UTC */
	uint64_t total_kib; /* RAM of the machine, for %MEM */
};

/* The kernel's own tasks have no terminal, except the shell and its commands. */
static inline bool ps_task_on_console(const struct ps_task *task)
{
	return !task->kernel_only || task->pid == 1 || task->ppid == 1;
}

struct ps_column;

/* A column as asked for: `-o pid=NUMBER` gives it a header of its own. */
struct ps_field {
	const struct ps_column *column;
	const char *header; /* NULL: the column's own */
	size_t header_length;
};

#define PS_MAX_FIELDS 32

struct ps_format {
	struct ps_field fields[PS_MAX_FIELDS];
	size_t nr;
};

/*
 * Add the comma- or blank-separated keys of @list, which must outlive @format.
 * 0; -ENOENT with the unknown key in *@bad, *@bad_length; -EINVAL for an empty
 * key; -E2BIG.
 */
int ps_format_add(struct ps_format *format, const char *list, const char **bad,
		  size_t *bad_length);

/* A row's text never reaches this size. */
#define PS_ROW_BYTES 1024

/* The header line without newline, or false: every header is empty. */
bool ps_format_header(const struct ps_format *format, char *row, size_t size);

/* The line of @task without newline. */
void ps_format_row(const struct ps_format *format, const struct ps_task *task,
		   char *row, size_t size);
