/*
 * ps, with the options, columns, messages and exit status of procps-ng that
 * people know by heart.
 */
#include "commands.h"

#include <uapi/errno.h>

#include "kmalloc.h"
#include "printk.h"
#include "snapshot.h"
#include "string.h"

#define PS_MAX_LISTS 8

/* What the command line asks for. Lists point into argv. */
struct ps_request {
	struct ps_format format;
	const char *preset; /* f, u or v chose this format */
	bool all, bsd, no_header;
	const char *names[PS_MAX_LISTS];
	const char *pids[PS_MAX_LISTS];
	const char *parents[PS_MAX_LISTS];
	size_t nr_names, nr_pids, nr_parents;

	struct shell_io *io;
	int argc, index;
	char **argv;
};

#define FORMAT_DEFAULT "pid,tname,time,ucmd"
#define FORMAT_FULL "user=UID,pid,ppid,c,stime,tname,time,cmd"
#define FORMAT_BSD "pid,tname,stat,bsdtime,args"
#define FORMAT_USER \
	"user,pid,%cpu,%mem,vsz,rss,tname,stat,bsdstart,bsdtime,args"
#define FORMAT_VM "pid,tname,stat,bsdtime,maj_flt,tsiz=TRS,drs,rss,%mem,args"

/* procps' way to say what is wrong; returns false for the caller to return. */
__attribute__((format(printf, 2, 3)))
static bool complain(struct ps_request *request, const char *fmt, ...)
{
	char text[128];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	shell_complain(request->io,
		       "error: %s\n\nUsage:\n ps [options]\n\n"
		       " Try 'help ps' for the options and column keys.\n",
		       text);
	return false;
}

/* ---- the command line ---- */

static bool add_format(struct ps_request *request, const char *list)
{
	const char *bad;
	size_t length;
	int err = ps_format_add(&request->format, list, &bad, &length);

	if (err == -ENOENT)
		return complain(request,
				"unknown user-defined format specifier "
				"\"%.*s\"", (int)length, bad);
	if (err == -E2BIG)
		return complain(request, "more than %d columns", PS_MAX_FIELDS);
	return err ? complain(request, "improper format list") : true;
}

/* The value of an option: the @rest of its word, or the next word. */
static const char *take_value(struct ps_request *request, const char *rest)
{
	if (*rest)
		return rest;
	if (request->index < request->argc)
		return request->argv[request->index++];
	return NULL;
}

static bool add_list(struct ps_request *request, const char **lists, size_t *nr,
		     const char *value, const char *missing)
{
	if (!value || !*value)
		return complain(request, "%s", missing);
	if (*nr == PS_MAX_LISTS)
		return complain(request, "too many lists; use commas");
	lists[(*nr)++] = value;
	return true;
}

/* Every element of a list of pids is a number. */
static bool check_pids(struct ps_request *request, const char *list)
{
	bool digit = false;

	for (; list && *list; list++) {
		if (*list >= '0' && *list <= '9')
			digit = true;
		else if ((*list == ',' || *list == ' ') && digit)
			digit = false;
		else
			return complain(request,
					"process ID list syntax error");
	}
	return true;
}

static bool add_pids(struct ps_request *request, const char *value)
{
	return check_pids(request, value) &&
	       add_list(request, request->pids, &request->nr_pids, value,
			"list of process IDs must follow -p");
}

static bool option_format(struct ps_request *request, const char *rest)
{
	const char *list = take_value(request, rest);

	if (!list || !*list)
		return complain(request,
				"format specification must follow -o");
	return add_format(request, list);
}

static bool option_names(struct ps_request *request, const char *rest)
{
	return add_list(request, request->names, &request->nr_names,
			take_value(request, rest),
			"list of command names must follow -C");
}

/* A cluster of options behind a dash; an option with a value ends it. */
static bool dash_options(struct ps_request *request, const char *letters)
{
	for (; *letters; letters++) {
		switch (*letters) {
		case 'e':
		case 'A':
			request->all = true;
			break;
		case 'f':
			request->preset = FORMAT_FULL;
			break;
		case 'o':
			return option_format(request, letters + 1);
		case 'C':
			return option_names(request, letters + 1);
		case 'p':
			return add_pids(request,
					take_value(request, letters + 1));
		default:
			return complain(request, "unsupported SysV option");
		}
	}
	return true;
}

/* Options without a dash, BSD's: `ps aux`, `ps v`. */
static bool bsd_options(struct ps_request *request, const char *letters)
{
	request->bsd = true;
	for (; *letters; letters++) {
		switch (*letters) {
		case 'a':
		case 'x':
			request->all = true;
			break;
		case 'h':
			request->no_header = true;
			break;
		case 'u':
			request->preset = FORMAT_USER;
			break;
		case 'v':
			request->preset = FORMAT_VM;
			break;
		case 'o':
			return option_format(request, letters + 1);
		case 'p':
			return add_pids(request,
					take_value(request, letters + 1));
		default:
			return complain(request, "unsupported option (BSD "
						 "syntax)");
		}
	}
	return true;
}

static bool long_option(struct ps_request *request, const char *name)
{
	if (!strncmp(name, "no-head", 7)) {
		request->no_header = true;
		return true;
	}
	if (!strncmp(name, "ppid", 4) && (!name[4] || name[4] == '=')) {
		const char *list = name[4] ? name + 5
					   : take_value(request, "");

		return check_pids(request, list) &&
		       add_list(request, request->parents,
				&request->nr_parents, list,
				"list of process IDs must follow --ppid");
	}
	return complain(request, "unknown gnu long option");
}

/* Columns come from -o, or from one of the presets. */
static bool choose_format(struct ps_request *request)
{
	const char *preset = request->preset;

	if (request->format.nr && preset)
		return complain(request, "conflicting format options");
	if (request->format.nr)
		return true;
	if (!preset)
		preset = request->bsd ? FORMAT_BSD : FORMAT_DEFAULT;
	return add_format(request, preset);
}

static bool read_arguments(struct ps_request *request)
{
	while (request->index < request->argc) {
		const char *word = request->argv[request->index++];
		bool ok;

		if (word[0] == '-' && word[1] == '-')
			ok = long_option(request, word + 2);
		else if (word[0] == '-')
			ok = dash_options(request, word + 1);
		else if (*word >= '0' && *word <= '9')
			ok = request->bsd = add_pids(request, word);
		else
			ok = bsd_options(request, word);
		if (!ok)
			return false;
	}
	return choose_format(request);
}

/* ---- selection ---- */

/* Names are compared as far as the kernel keeps them: 15 bytes. */
static bool list_has_name(const char *list, const char *comm)
{
	size_t length = strlen(comm);

	while (*list) {
		size_t n = 0;

		while (list[n] && list[n] != ',')
			n++;
		if (n >= length && !strncmp(list, comm, length) &&
		    (n == length || length == PS_COMM_BYTES - 1))
			return true;
		list += n + (list[n] == ',');
	}
	return false;
}

static bool list_has_pid(const char *list, int32_t pid)
{
	while (*list) {
		int64_t number = 0;

		for (; *list >= '0' && *list <= '9'; list++)
			if (number <= INT32_MAX)
				number = number * 10 + (*list - '0');
		if (number == pid)
			return true;
		if (*list)
			list++;
	}
	return false;
}

/* Without a choice, ps shows what belongs to this terminal. */
static bool selected(const struct ps_request *request,
		     const struct ps_task *task)
{
	if (request->all)
		return true;
	for (size_t i = 0; i < request->nr_names; i++)
		if (list_has_name(request->names[i], task->comm))
			return true;
	for (size_t i = 0; i < request->nr_pids; i++)
		if (list_has_pid(request->pids[i], task->pid))
			return true;
	for (size_t i = 0; i < request->nr_parents; i++)
		if (list_has_pid(request->parents[i], task->ppid))
			return true;
	return !request->nr_names && !request->nr_pids &&
	       !request->nr_parents && ps_task_on_console(task);
}

/* ---- output ---- */

static int print_rows(struct ps_request *request, const struct ps_task *tasks,
		      size_t nr, char *row)
{
	int status = EXIT_FAILED;

	if (!request->no_header &&
	    ps_format_header(&request->format, row, PS_ROW_BYTES)) {
		shell_puts(request->io, row);
		shell_puts(request->io, "\n");
	}
	for (size_t i = 0; i < nr; i++) {
		if (!selected(request, &tasks[i]))
			continue;
		status = EXIT_OK;
		ps_format_row(&request->format, &tasks[i], row, PS_ROW_BYTES);
		shell_puts(request->io, row);
		shell_puts(request->io, "\n");
	}
	return status;
}

static int print_tasks(struct ps_request *request)
{
	size_t nr;
	struct ps_task *tasks = snapshot_tasks(&nr);
	char *row = kmalloc(PS_ROW_BYTES);
	int status = EXIT_FAILED;

	if (tasks && row)
		status = print_rows(request, tasks, nr, row);
	else
		complain(request, "%s", error_text(-ENOMEM));
	kfree(row);
	kfree(tasks);
	return status;
}

int cmd_ps(struct shell_io *io, int argc, char **argv)
{
	struct ps_request *request = kzalloc(sizeof(*request));
	int status = EXIT_FAILED;

	if (!request)
		return shell_error(io, argv, "%s", error_text(-ENOMEM));
	request->io = io;
	request->argc = argc;
	request->argv = argv;
	request->index = 1;
	if (read_arguments(request))
		status = print_tasks(request);
	kfree(request);
	return status;
}
