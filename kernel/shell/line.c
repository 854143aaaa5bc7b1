/*
 * The state is the text, the cursor and the scroll position; each edit changes
 * them and draws the row again, except typing and erasing at the end, which only
 * show that: a serial line is slow and its log should read like what was typed.
 */
#include "line.h"

#include "printk.h"
#include "string.h"

#define KEY_CTRL(c) ((c) & 0x1f)
#define KEY_ESCAPE 0x1b
#define KEY_DELETE 0x7f

static void show_text(struct line *line, const char *text)
{
	line->show(text, strlen(text));
}

static void beep(struct line *line)
{
	show_text(line, "\a");
}

/* ---- the picture ---- */

/* Columns for text: the last one of a row is left free, or it would wrap. */
static size_t visible_columns(const struct line *line)
{
	return LINE_COLUMNS - 1 - strlen(line->prompt);
}

/*
 * Let the visible part contain the cursor. It moves by a third of a row, so that
 * the next keys need no scrolling.
 */
static void scroll_to_cursor(struct line *line)
{
	size_t columns = visible_columns(line);
	size_t third = columns / 3;

	if (line->length <= columns)
		line->scroll = 0;
	else if (line->cursor < line->scroll)
		line->scroll = line->cursor > third ? line->cursor - third : 0;
	else if (line->cursor > line->scroll + columns)
		line->scroll = line->cursor - columns + third;
}

void line_redraw(struct line *line)
{
	size_t columns = visible_columns(line);
	size_t left, column;
	char move[16];

	scroll_to_cursor(line);
	left = line->length - line->scroll;
	show_text(line, "\r");
	show_text(line, line->prompt);
	line->show(line->text + line->scroll, left < columns ? left : columns);
	column = strlen(line->prompt) + line->cursor - line->scroll;
	snprintf(move, sizeof(move), "\033[K\r\033[%zuC", column);
	show_text(line, move);
}

/* ---- edits ---- */

bool line_insert(struct line *line, const char *text, size_t n)
{
	bool at_end = line->cursor == line->length;

	if (n >= LINE_MAX_BYTES - line->length) {
		beep(line);
		return false;
	}
	memmove(line->text + line->cursor + n, line->text + line->cursor,
		line->length - line->cursor + 1);
	memcpy(line->text + line->cursor, text, n);
	line->length += n;
	line->cursor += n;
	if (at_end && line->length - line->scroll <= visible_columns(line))
		line->show(text, n);
	else
		line_redraw(line);
	return true;
}

/* Take [start, end) out; the cursor goes to @start. */
static void remove_range(struct line *line, size_t start, size_t end)
{
	memmove(line->text + start, line->text + end, line->length - end + 1);
	line->length -= end - start;
	line->cursor = start;
	line_redraw(line);
}

/* As remove_range(), and ^Y gives it back. */
static void kill_range(struct line *line, size_t start, size_t end)
{
	if (start == end)
		return;
	memcpy(line->killed, line->text + start, end - start);
	line->killed[end - start] = '\0';
	remove_range(line, start, end);
}

static void move_to(struct line *line, size_t cursor)
{
	line->cursor = cursor;
	line_redraw(line);
}

/* The start of the word left of the cursor, and the end of the one right. */
static size_t word_left(const struct line *line)
{
	size_t at = line->cursor;

	while (at && line->text[at - 1] == ' ')
		at--;
	while (at && line->text[at - 1] != ' ')
		at--;
	return at;
}

static size_t word_right(const struct line *line)
{
	size_t at = line->cursor;

	while (at < line->length && line->text[at] == ' ')
		at++;
	while (at < line->length && line->text[at] != ' ')
		at++;
	return at;
}

static void go_left(struct line *line)
{
	if (line->cursor)
		move_to(line, line->cursor - 1);
}

static void go_right(struct line *line)
{
	if (line->cursor < line->length)
		move_to(line, line->cursor + 1);
}

static void delete_left(struct line *line)
{
	if (!line->cursor)
		return;
	if (line->cursor < line->length || line->scroll) {
		remove_range(line, line->cursor - 1, line->cursor);
		return;
	}
	line->text[--line->length] = '\0';
	line->cursor--;
	show_text(line, "\b \b");
}

static void delete_right(struct line *line)
{
	if (line->cursor < line->length)
		remove_range(line, line->cursor, line->cursor + 1);
}

void line_set(struct line *line, const char *text)
{
	strlcpy(line->text, text, LINE_MAX_BYTES);
	line->length = strlen(line->text);
	line->cursor = line->length;
	line->scroll = 0;
	line_redraw(line);
}

void line_begin(struct line *line, const char *prompt,
		void (*show)(const char *bytes, size_t n))
{
	line->text[0] = '\0';
	line->length = line->cursor = line->scroll = 0;
	line->prompt = prompt;
	line->show = show;
	line->escape = ESCAPE_NONE;
	show_text(line, prompt);
}

/* ---- keys ---- */

/* ESC [ number ~ */
static void tilde_key(struct line *line)
{
	switch (line->escape_number) {
	case 1:
	case 7:
		move_to(line, 0);
		break;
	case 3:
		delete_right(line);
		break;
	case 4:
	case 8:
		move_to(line, line->length);
		break;
	}
}

/* The last byte of ESC [ ... or ESC O .... */
static enum line_event final_key(struct line *line, char key)
{
	bool with_ctrl = !line->escape_first; /* ESC [ 1 ; 5 C */

	switch (key) {
	case 'A':
		return LINE_OLDER;
	case 'B':
		return LINE_NEWER;
	case 'C':
		if (with_ctrl)
			move_to(line, word_right(line));
		else
			go_right(line);
		break;
	case 'D':
		if (with_ctrl)
			move_to(line, word_left(line));
		else
			go_left(line);
		break;
	case 'H':
		move_to(line, 0);
		break;
	case 'F':
		move_to(line, line->length);
		break;
	case '~':
		tilde_key(line);
		break;
	}
	return LINE_NOTHING;
}

static enum line_event escape_key(struct line *line, char key)
{
	if (line->escape == ESCAPE_START) {
		line->escape = key == '['   ? ESCAPE_CSI
			       : key == 'O' ? ESCAPE_SS3
					    : ESCAPE_NONE;
		line->escape_number = 0;
		line->escape_first = true;
		if (key == 'b')
			move_to(line, word_left(line));
		else if (key == 'f')
			move_to(line, word_right(line));
		return LINE_NOTHING;
	}
	if (key >= '0' && key <= '9') {
		if (line->escape_first)
			line->escape_number = line->escape_number * 10 +
					      (unsigned int)(key - '0');
		return LINE_NOTHING;
	}
	if (key == ';') {
		line->escape_first = false;
		return LINE_NOTHING;
	}
	line->escape = ESCAPE_NONE;
	return final_key(line, key);
}

static enum line_event end_line(struct line *line, enum line_event event)
{
	if (line->cursor != line->length)
		move_to(line, line->length);
	show_text(line, event == LINE_INTERRUPT ? "^C\n" : "\n");
	return event;
}

/* Keys that end the line or that only the caller can serve. */
static enum line_event event_key(struct line *line, char key)
{
	switch (key) {
	case '\r':
	case '\n':
		return end_line(line, LINE_DONE);
	case KEY_CTRL('C'):
		return end_line(line, LINE_INTERRUPT);
	case KEY_CTRL('D'):
		if (!line->length)
			return LINE_EOF;
		delete_right(line);
		return LINE_NOTHING;
	case KEY_CTRL('I'):
		return LINE_COMPLETE;
	case KEY_CTRL('L'):
		return LINE_CLEAR;
	case KEY_CTRL('N'):
		return LINE_NEWER;
	case KEY_CTRL('P'):
		return LINE_OLDER;
	case KEY_ESCAPE:
		line->escape = ESCAPE_START;
		return LINE_NOTHING;
	}
	return LINE_NOTHING;
}

static void edit_key(struct line *line, char key)
{
	switch (key) {
	case KEY_CTRL('A'):
		move_to(line, 0);
		break;
	case KEY_CTRL('B'):
		go_left(line);
		break;
	case KEY_CTRL('E'):
		move_to(line, line->length);
		break;
	case KEY_CTRL('F'):
		go_right(line);
		break;
	case KEY_CTRL('H'):
	case KEY_DELETE:
		delete_left(line);
		break;
	case KEY_CTRL('K'):
		kill_range(line, line->cursor, line->length);
		break;
	case KEY_CTRL('U'):
		kill_range(line, 0, line->cursor);
		break;
	case KEY_CTRL('W'):
		kill_range(line, word_left(line), line->cursor);
		break;
	case KEY_CTRL('Y'):
		line_insert(line, line->killed, strlen(line->killed));
		break;
	}
}

enum line_event line_key(struct line *line, char key)
{
	enum line_event event;

	if (line->escape != ESCAPE_NONE)
		return escape_key(line, key);
	if ((unsigned char)key >= ' ' && key != KEY_DELETE) {
		line_insert(line, &key, 1);
		return LINE_NOTHING;
	}
	event = event_key(line, key);
	if (event == LINE_NOTHING)
		edit_key(line, key);
	return event;
}
