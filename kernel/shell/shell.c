/*
 * The shell's task: the prompt's loop, and batch mode.
 */
#include "shell.h"

#include "cmd.h"
#include "complete.h"
#include "console.h"
#include "env.h"
#include "exit.h"
#include "fw_cfg.h"
#include "history.h"
#include "interrupt.h"
#include "job.h"
#include "kmalloc.h"
#include "line.h"
#include "panic.h"
#include "power.h"
#include "printk.h"
#include "run.h"
#include "string.h"
#include "task.h"
#include "vfs.h"

#define PROMPT "faultline$ "
#define BATCH_FILE "opt/faultline/cmd"
#define GREETING_FILE "/etc/motd"

bool shell_interactive = true;

/* ---- reading a line ---- */

/* Put the line of history that is @back lines old in, or complain. */
static void recall(struct line *line, size_t back)
{
	const char *text = history_get(back);

	if (text)
		line_set(line, text);
}

/*
 * Up and down walk through history; *@back is how far, 0 being the line that is
 * being typed, which is kept in @draft meanwhile.
 */
static void walk_history(struct line *line, enum line_event event, size_t *back,
			 char *draft)
{
	if (event == LINE_OLDER) {
		if (!history_get(*back))
			return;
		if (*back == 0)
			strlcpy(draft, line->text, LINE_MAX_BYTES);
		recall(line, (*back)++);
	} else if (*back == 1) {
		*back = 0;
		line_set(line, draft);
	} else if (*back) {
		recall(line, --*back - 1);
	}
}

static void clear_and_redraw(struct line *line)
{
	line->show("\033[H\033[2J", 7);
	line_redraw(line);
}

/* Read a line with editing: LINE_DONE, LINE_INTERRUPT or LINE_EOF. */
static enum line_event read_line(struct line *line, char *draft)
{
	size_t back = 0;
	char key;

	line_begin(line, PROMPT, console_write);
	while (console_read(&key, 1) == 1) {
		enum line_event event = line_key(line, key);

		switch (event) {
		case LINE_DONE:
		case LINE_INTERRUPT:
		case LINE_EOF:
			return event;
		case LINE_OLDER:
		case LINE_NEWER:
			walk_history(line, event, &back, draft);
			break;
		case LINE_COMPLETE:
			complete(line);
			break;
		case LINE_CLEAR:
			clear_and_redraw(line);
			break;
		case LINE_NOTHING:
			break;
		}
	}
	return LINE_EOF;
}

/* ---- the prompt ---- */

static void run_line(const char *text)
{
	history_add(text);
	run_text(text);
}

static void greet(void)
{
	struct stat stat;

	if (!vfs_stat(AT_FDCWD, GREETING_FILE, 0, &stat))
		run_text("cat " GREETING_FILE);
}

/* Never ends: ^D on an empty line is only a hint how to leave. */
static void prompt_loop(void)
{
	struct shell_io io = { 0 };
	struct line *line = kzalloc(sizeof(*line));
	char *draft = kzalloc(LINE_MAX_BYTES);

	if (!line || !draft)
		panic("no memory for the shell's line");
	for (;;) {
		jobs_report(&io);
		switch (read_line(line, draft)) {
		case LINE_DONE:
			run_line(line->text);
			break;
		case LINE_EOF:
			shell_puts(&io, "\nType poweroff to leave.\n");
			break;
		default:
			last_status = EXIT_SIGNAL(2);
			break;
		}
	}
}

/* ---- batch mode ---- */

_Noreturn void shell_exit(int status)
{
	if (shell_interactive)
		power_off();
	console_set_capture(false);
	printk("faultline: exit status %d\n", status);
	debug_exit(DEBUG_EXIT_ORDERLY);
	power_off();
}

/* Run each line of @text, as a script would, until one is interrupted. */
static void run_lines(char *text)
{
	while (text) {
		char *newline = strchr(text, '\n');

		if (newline)
			*newline = '\0';
		if (!run_text(text))
			return;
		text = newline ? newline + 1 : NULL;
	}
}

static _Noreturn void run_batch(const struct fw_cfg_file *file)
{
	char *text = kzalloc((size_t)file->size + 1);

	shell_interactive = false;
	console_set_eof();
	if (!text)
		panic("no memory for a command line of %u bytes", file->size);
	fw_cfg_read(file, 0, text, file->size);
	console_set_capture(true);
	run_lines(text);
	shell_exit(last_status);
}

void shell_main(void *unused)
{
	struct fw_cfg_file file;

	(void)unused;
	current->fs = fs_context_create();
	if (!current->fs)
		panic("no memory for the shell");
	env_init();
	interrupt_init();
	if (!fw_cfg_find(BATCH_FILE, &file))
		run_batch(&file);
	greet();
	prompt_loop();
}
