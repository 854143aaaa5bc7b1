/*
 * A table of columns: key, header, width, side, and the function that writes a
 * cell. A cell that is too long pushes the rest of its row to the right.
 */
#include "ps_format.h"

#include <uapi/errno.h>

#include "printk.h"
#include "string.h"

#define NSEC_PER_SECOND 1000000000ULL

struct ps_column {
	const char *key, *header;
	int width;
	bool left; /* left-aligned, and not padded at the end of a row */
	void (*cell)(const struct ps_task *task, char *buf, size_t size);
};

/* ---- cells ---- */

#define NUMBER_CELL(name, value)                                          \
	static void cell_##name(const struct ps_task *task, char *buf,    \
				size_t size)                              \
	{                                                                 \
		snprintf(buf, size, "%llu", (unsigned long long)(value)); \
	}

NUMBER_CELL(pid, task->pid)
NUMBER_CELL(ppid, task->ppid)
NUMBER_CELL(pgid, task->pgid)
NUMBER_CELL(sid, task->sid)
NUMBER_CELL(majflt, task->majflt)
NUMBER_CELL(minflt, task->minflt)
NUMBER_CELL(rss, task->rss_kib)
NUMBER_CELL(vsz, task->vsz_kib)
NUMBER_CELL(sz, task->vsz_kib / 4)
NUMBER_CELL(trs, task->text_kib)
NUMBER_CELL(drs, task->vsz_kib - task->text_kib)
NUMBER_CELL(etimes, task->elapsed_ns / NSEC_PER_SECOND)

static void cell_state(const struct ps_task *task, char *buf, size_t size)
{
	snprintf(buf, size, "%c", task->state);
}

static void cell_stat(const struct ps_task *task, char *buf, size_t size)
{
	snprintf(buf, size, "%c%s", task->state, task->leader ? "s" : "");
}

static void cell_tty(const struct ps_task *task, char *buf, size_t size)
{
	strlcpy(buf, ps_task_on_console(task) ? "console" : "?", size);
}

static void cell_comm(const struct ps_task *task, char *buf, size_t size)
{
	strlcpy(buf, task->comm, size);
}

static void cell_args(const struct ps_task *task, char *buf, size_t size)
{
	if (task->state == 'Z')
		snprintf(buf, size, "[%s] <defunct>", task->comm);
	else if (!task->args[0])
		snprintf(buf, size, "[%s]", task->comm);
	else
		strlcpy(buf, task->args, size);
}

static void cell_time(const struct ps_task *task, char *buf, size_t size)
{
	unsigned long s = task->time_ns / NSEC_PER_SECOND;

	snprintf(buf, size, "%02lu:%02lu:%02lu", s / 3600, s / 60 % 60, s % 60);
}

static void cell_bsdtime(const struct ps_task *task, char *buf, size_t size)
{
	unsigned long s = task->time_ns / NSEC_PER_SECOND;

	snprintf(buf, size, "%lu:%02lu", s / 60, s % 60);
}

static void cell_etime(const struct ps_task *task, char *buf, size_t size)
{
	unsigned long s = task->elapsed_ns / NSEC_PER_SECOND;

	if (s >= 3600)
		snprintf(buf, size, "%02lu:%02lu:%02lu", s / 3600, s / 60 % 60,
			 s % 60);
	else
		snprintf(buf, size, "%02lu:%02lu", s / 60, s % 60);
}

/* What part @part is of @whole, as procps cuts it: 99.9 at most. */
static void put_percent(uint64_t part, uint64_t whole, char *buf, size_t size)
{
	unsigned long tenths = whole ? part * 1000 / whole : 0;

	if (tenths > 999)
		tenths = 999;
	snprintf(buf, size, "%lu.%lu", tenths / 10, tenths % 10);
}

static void cell_pmem(const struct ps_task *task, char *buf, size_t size)
{
	put_percent(task->rss_kib, task->total_kib, buf, size);
}

static void cell_pcpu(const struct ps_task *task, char *buf, size_t size)
{
	put_percent(task->time_ns, task->elapsed_ns, buf, size);
}

/* Per cent, whole and two digits at most. */
static void cell_c(const struct ps_task *task, char *buf, size_t size)
{
	uint64_t percent = 0;

	if (task->elapsed_ns)
		percent = task->time_ns * 100 / task->elapsed_ns;
	snprintf(buf, size, "%u", percent > 99 ? 99 : (unsigned int)percent);
}

/* There is one user. */
static void cell_user(const struct ps_task *task, char *buf, size_t size)
{
	(void)task;
	strlcpy(buf, "root", size);
}

static void cell_start(const struct ps_task *task, char *buf, size_t size)
{
	unsigned long minutes = task->started_s / 60;

	snprintf(buf, size, "%02lu:%02lu", minutes / 60 % 24, minutes % 60);
}

/* ---- the table ---- */

static const struct ps_column columns[] = {
	{ "%cpu", "%CPU", 4, false, cell_pcpu },
	{ "%mem", "%MEM", 4, false, cell_pmem },
	{ "args", "COMMAND", 27, true, cell_args },
	{ "bsdstart", "START", 6, false, cell_start },
	{ "bsdtime", "TIME", 6, false, cell_bsdtime },
	{ "c", "C", 2, false, cell_c },
	{ "cmd", "CMD", 27, true, cell_args },
	{ "comm", "COMMAND", 15, true, cell_comm },
	{ "command", "COMMAND", 27, true, cell_args },
	{ "cputime", "TIME", 8, false, cell_time },
	{ "drs", "DRS", 5, false, cell_drs },
	{ "etime", "ELAPSED", 11, false, cell_etime },
	{ "etimes", "ELAPSED", 7, false, cell_etimes },
	{ "maj_flt", "MAJFL", 6, false, cell_majflt },
	{ "majflt", "MAJFLT", 6, false, cell_majflt },
	{ "min_flt", "MINFL", 6, false, cell_minflt },
	{ "minflt", "MINFLT", 6, false, cell_minflt },
	{ "pcpu", "%CPU", 4, false, cell_pcpu },
	{ "pgid", "PGID", 5, false, cell_pgid },
	{ "pgrp", "PGRP", 5, false, cell_pgid },
	{ "pid", "PID", 5, false, cell_pid },
	{ "pmem", "%MEM", 4, false, cell_pmem },
	{ "ppid", "PPID", 5, false, cell_ppid },
	{ "rss", "RSS", 5, false, cell_rss },
	{ "rssize", "RSS", 5, false, cell_rss },
	{ "rsz", "RSZ", 5, false, cell_rss },
	{ "s", "S", 1, true, cell_state },
	{ "sess", "SESS", 5, false, cell_sid },
	{ "sid", "SID", 5, false, cell_sid },
	{ "stat", "STAT", 4, true, cell_stat },
	{ "state", "S", 1, true, cell_state },
	{ "stime", "STIME", 5, false, cell_start },
	{ "sz", "SZ", 5, false, cell_sz },
	{ "time", "TIME", 8, false, cell_time },
	{ "tname", "TTY", 8, true, cell_tty },
	{ "trs", "TRS", 4, false, cell_trs },
	{ "tsiz", "TSIZ", 5, false, cell_trs },
	{ "tt", "TT", 8, true, cell_tty },
	{ "tty", "TT", 8, true, cell_tty },
	{ "ucmd", "CMD", 15, true, cell_comm },
	{ "ucomm", "COMMAND", 15, true, cell_comm },
	{ "user", "USER", 8, true, cell_user },
	{ "vsize", "VSZ", 6, false, cell_vsz },
	{ "vsz", "VSZ", 6, false, cell_vsz },
};

static const struct ps_column *find_column(const char *key, size_t length)
{
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
		if (!strncmp(columns[i].key, key, length) &&
		    !columns[i].key[length])
			return &columns[i];
	return NULL;
}

/* ---- what was asked for ---- */

static bool is_separator(char c)
{
	return c == ',' || c == ' ' || c == '\t';
}

/* The length of the next key, `=HEADER` included. */
static size_t key_length(const char *list)
{
	size_t n = 0;

	while (list[n] && !is_separator(list[n]))
		n++;
	return n;
}

static int add_field(struct ps_format *format, const char *key, size_t length)
{
	const char *equals = memchr(key, '=', length);
	size_t name_bytes = equals ? (size_t)(equals - key) : length;
	struct ps_field *field = &format->fields[format->nr];

	if (!length)
		return -EINVAL;
	if (format->nr == PS_MAX_FIELDS)
		return -E2BIG;
	field->column = find_column(key, name_bytes);
	if (!field->column)
		return -ENOENT;
	field->header = equals ? equals + 1 : NULL;
	field->header_length = equals ? length - name_bytes - 1 : 0;
	format->nr++;
	return 0;
}

int ps_format_add(struct ps_format *format, const char *list, const char **bad,
		  size_t *bad_length)
{
	for (;;) {
		size_t length = key_length(list);
		int err = add_field(format, list, length);

		if (err) {
			*bad = list;
			*bad_length = length;
			return err;
		}
		if (!list[length])
			return 0;
		list += length + 1;
	}
}

/* ---- rows ---- */

static const char *field_header(const struct ps_field *field, int *length)
{
	if (field->header) {
		*length = (int)field->header_length;
		return field->header;
	}
	*length = (int)strlen(field->column->header);
	return field->column->header;
}

/* A header of the user's that is wider than its column widens it. */
static int field_width(const struct ps_field *field)
{
	int length;

	field_header(field, &length);
	return length > field->column->width ? length : field->column->width;
}

/* Put a cell of @length bytes at @at in @row; returns where the next one goes. */
static size_t put_cell(const struct ps_format *format, size_t i, char *row,
		       size_t size, size_t at, const char *text, int length)
{
	const struct ps_field *field = &format->fields[i];
	bool last = i + 1 == format->nr;
	int pad = field_width(field) - length;
	bool left = field->column->left;

	if (pad < 0 || (left && last))
		pad = 0;
	at += (size_t)snprintf(row + at, size - at, "%*s%.*s%*s%s",
			       left ? 0 : pad, "", length, text,
			       left ? pad : 0, "", last ? "" : " ");
	return at < size ? at : size - 1;
}

bool ps_format_header(const struct ps_format *format, char *row, size_t size)
{
	size_t at = 0;
	bool any = false;

	for (size_t i = 0; i < format->nr; i++) {
		int length;
		const char *text = field_header(&format->fields[i], &length);

		any |= length > 0;
		at = put_cell(format, i, row, size, at, text, length);
	}
	return any;
}

void ps_format_row(const struct ps_format *format, const struct ps_task *task,
		   char *row, size_t size)
{
	char cell[PS_ARGS_BYTES + 32];
	size_t at = 0;

	for (size_t i = 0; i < format->nr; i++) {
		format->fields[i].column->cell(task, cell, sizeof(cell));
		at = put_cell(format, i, row, size, at, cell,
			      (int)strlen(cell));
	}
}
