/*
 * The columns of ps: a width or a header that differs from procps' breaks the
 * scripts that cut its output. The expected lines are from procps-ng 4.0.2.
 */
// build: kernel/shell/ps_format.c
#include <stdio.h>
#include <string.h>

#include <uapi/errno.h>

#include "../../kernel/shell/ps_format.h"

/* glibc has it from 2.38 on. */
size_t strlcpy(char *dst, const char *src, size_t size)
{
	snprintf(dst, size, "%s", src);
	return strlen(src);
}

static int failures;

static const struct ps_task task = {
	.pid = 29946, .ppid = 1, .pgid = 29943, .sid = 4318,
	.state = 'S', .comm = "abcd", .args = "./abcd t 20",
	.minflt = 289, .majflt = 1,
	.rss_kib = 2008, .vsz_kib = 2848, .text_kib = 1,
	.total_kib = 24684092,
};

static void verdict(const char *name, const char *got, const char *want)
{
	if (!strcmp(got, want)) {
		printf("PASS %s\n", name);
		return;
	}
	printf("FAIL %s: got <%s>, want <%s>\n", name, got, want);
	failures++;
}

/* Header and row of @keys as ps prints them; an empty header has no line. */
static void check_task(const char *name, const char *keys,
		       const struct ps_task *shown, const char *want)
{
	struct ps_format format = { 0 };
	char got[2 * PS_ROW_BYTES], line[PS_ROW_BYTES];
	const char *bad;
	size_t length;

	got[0] = '\0';
	if (ps_format_add(&format, keys, &bad, &length)) {
		verdict(name, bad, want);
		return;
	}
	if (ps_format_header(&format, line, sizeof(line)))
		snprintf(got, sizeof(got), "%s\n", line);
	ps_format_row(&format, shown, line, sizeof(line));
	strlcpy(got + strlen(got), line, PS_ROW_BYTES);
	verdict(name, got, want);
}

static void check(const char *name, const char *keys, const char *want)
{
	check_task(name, keys, &task, want);
}

static void check_error(const char *name, const char *keys, int want,
			const char *want_key)
{
	struct ps_format format = { 0 };
	char got[64], wanted[64];
	const char *bad = "";
	size_t length = 0;
	int err = ps_format_add(&format, keys, &bad, &length);

	snprintf(got, sizeof(got), "%d %.*s", err, (int)length, bad);
	snprintf(wanted, sizeof(wanted), "%d %s", want, want_key);
	verdict(name, got, wanted);
}

static void columns(void)
{
	check("ps_memory_columns", "pid,majflt,minflt,rss,vsz,comm",
	      "  PID MAJFLT MINFLT   RSS    VSZ COMMAND\n"
	      "29946      1    289  2008   2848 abcd");
	check("ps_fault_columns", "majflt,minflt",
	      "MAJFLT MINFLT\n"
	      "     1    289");
	check("ps_underscore_changes_header", "maj_flt,min_flt,pid",
	      " MAJFL  MINFL   PID\n"
	      "     1    289 29946");
	check("ps_v_columns",
	      "pid,tname,stat,bsdtime,maj_flt,tsiz=TRS,drs,rss,%mem,args",
	      "  PID TTY      STAT   TIME  MAJFL   TRS   DRS   RSS %MEM COMMAND\n"
	      "29946 console  S      0:00      1     1  2847  2008  0.0 "
	      "./abcd t 20");
	check("ps_default_columns", "pid,tname,time,ucmd",
	      "  PID TTY          TIME CMD\n"
	      "29946 console  00:00:00 abcd");
	check("ps_comm_in_the_middle_is_padded", "comm,pid",
	      "COMMAND           PID\n"
	      "abcd            29946");
	check("ps_sz_is_pages", "sz", "   SZ\n  712");
}

static void headers(void)
{
	check("ps_header_of_ones_own", "pid=FOO,comm",
	      "  FOO COMMAND\n"
	      "29946 abcd");
	check("ps_empty_headers_have_no_line", "pid=,comm=", "29946 abcd");
	check("ps_one_empty_header_is_blank", "pid=,comm",
	      "      COMMAND\n"
	      "29946 abcd");
	check("ps_long_header_widens", "pid=LONGHEADER,comm",
	      "LONGHEADER COMMAND\n"
	      "     29946 abcd");
	check("ps_blanks_separate_keys", "pid comm", "  PID COMMAND\n"
						     "29946 abcd");
}

static void wide_values(void)
{
	struct ps_task big = task;

	big.pid = 1234567;
	big.vsz_kib = 123456789;
	check_task("ps_long_value_pushes_right", "pid,vsz,comm", &big,
		   "  PID    VSZ COMMAND\n"
		   "1234567 123456789 abcd");
	memset(big.args, 'x', PS_ARGS_BYTES - 1);
	check_task("ps_zombie_is_defunct", "pid,args",
		   &(struct ps_task){ .pid = 7, .state = 'Z', .comm = "abcd" },
		   "  PID COMMAND\n"
		   "    7 [abcd] <defunct>");
	check_task("ps_without_args_shows_name", "args",
		   &(struct ps_task){ .pid = 7, .state = 'S', .comm = "sh" },
		   "COMMAND\n[sh]");
}

static void many_columns(void)
{
	struct ps_task big = task;
	struct ps_format format = { 0 };
	char line[PS_ROW_BYTES];
	const char *bad;
	size_t length;
	int err = 0;

	memset(big.args, 'x', PS_ARGS_BYTES - 1);
	for (int i = 0; !err; i++)
		err = ps_format_add(&format, "args", &bad, &length);
	ps_format_row(&format, &big, line, sizeof(line));
	verdict("ps_too_many_columns_are_refused",
		err == -E2BIG && strlen(line) == PS_ROW_BYTES - 1 ? "yes"
								  : "no",
		"yes");
}

int main(void)
{
	columns();
	headers();
	wide_values();
	many_columns();
	check_error("ps_unknown_key_is_named", "pid,xyz,comm", -ENOENT, "xyz");
	check_error("ps_empty_key_is_refused", "pid,,comm", -EINVAL, "");
	check_error("ps_key_prefix_is_unknown", "pi", -ENOENT, "pi");
	return failures != 0;
}
