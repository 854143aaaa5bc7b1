/*
 * The shell's line editor: if its picture differs from its text, people run
 * what they did not see.
 *
 * Keys are typed at the editor; what it shows goes to a terminal of one row that
 * is played here; text and picture are compared with a plain model.
 */
// build: kernel/shell/line.c
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../kernel/shell/line.h"

#define PROMPT "$ "
#define ROUNDS 200000

/* glibc has it from 2.38 on. */
size_t strlcpy(char *dst, const char *src, size_t size)
{
	snprintf(dst, size, "%s", src);
	return strlen(src);
}

static int failures;

static void verdict(const char *name, bool ok, const char *got,
		    const char *want)
{
	if (ok) {
		printf("PASS %s\n", name);
		return;
	}
	printf("FAIL %s: got <%s>, want <%s>\n", name, got, want);
	failures++;
}

/* ---- the terminal ---- */

static char row[LINE_COLUMNS + 1];
static size_t column;
static bool broken; /* something that no terminal of one row can show */

static void clear_row(void)
{
	memset(row, ' ', LINE_COLUMNS);
	row[LINE_COLUMNS] = '\0';
	column = 0;
}

/* ESC [ number letter at @p; returns its length. */
static size_t control_sequence(const char *p)
{
	char *end;
	unsigned long n = strtoul(p + 2, &end, 10);

	if (*end == 'K')
		memset(row + column, ' ', LINE_COLUMNS - column);
	else if (*end == 'C')
		column += n;
	else
		broken = true;
	return (size_t)(end + 1 - p);
}

static void show(const char *bytes, size_t n)
{
	char text[LINE_MAX_BYTES + 1];

	memcpy(text, bytes, n);
	text[n] = '\0';
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '\033') {
			i += control_sequence(text + i) - 1;
		} else if (text[i] == '\r') {
			column = 0;
		} else if (text[i] == '\n') {
			clear_row();
		} else if (text[i] == '\b') {
			broken |= !column;
			column -= column > 0;
		} else if (text[i] != '\a') {
			broken |= column >= LINE_COLUMNS - 1;
			row[column] = text[i];
			column += column < LINE_COLUMNS - 1;
		}
		broken |= column >= LINE_COLUMNS;
		column = column < LINE_COLUMNS ? column : LINE_COLUMNS - 1;
	}
}

/* ---- typing ---- */

static struct line line;

static void begin(void)
{
	clear_row();
	broken = false;
	line_begin(&line, PROMPT, show);
}

static enum line_event type(const char *keys)
{
	enum line_event event = LINE_NOTHING;

	for (; *keys; keys++)
		event = line_key(&line, *keys);
	return event;
}

static void check(const char *name, const char *keys, const char *want,
		  size_t cursor)
{
	begin();
	type(keys);
	verdict(name, !strcmp(line.text, want) && line.cursor == cursor,
		line.text, want);
}

static void check_event(const char *name, const char *keys,
			enum line_event want)
{
	enum line_event got;
	char got_text[12], want_text[12];

	begin();
	got = type(keys);
	snprintf(got_text, sizeof(got_text), "%d", got);
	snprintf(want_text, sizeof(want_text), "%d", want);
	verdict(name, got == want, got_text, want_text);
}

static void keys(void)
{
	check("line_typing_appends", "abc", "abc", 3);
	check("line_left_then_insert", "ac\033[Db", "abc", 2);
	check("line_arrows_of_ss3", "ac\033ODb", "abc", 2);
	check("line_backspace_and_delete", "abcd\x7f\033[D\033[3~", "ab", 2);
	check("line_backspace_in_the_middle", "abc\033[D\x08", "ac", 1);
	check("line_home_and_end", "bc\033[Ha\033[Fd", "abcd", 4);
	check("line_home_and_end_by_number", "bc\033[1~a\033[4~d", "abcd", 4);
	check("line_ctrl_a_and_e", "bc\001a\005d", "abcd", 4);
	check("line_ctrl_k_kills_to_end", "abcd\033[D\033[D\013", "ab", 2);
	check("line_ctrl_u_kills_to_start", "abcd\033[D\025", "d", 0);
	check("line_ctrl_w_kills_a_word", "ab cd  \027", "ab ", 3);
	check("line_ctrl_y_brings_back", "ab cd\027x\031", "ab xcd", 6);
	check("line_ctrl_arrows_move_by_words", "ab cd\033[1;5Dx", "ab xcd",
	      4);
	check("line_ctrl_d_deletes_right", "ab\001\004", "b", 0);
	check("line_unknown_keys_do_nothing", "a\033[5~\033[Z\001\032", "a",
	      0);
	check("line_borders_hold", "\x7f\033[D\033[3~a\033[C\033[C", "a", 1);
}

static void events(void)
{
	check_event("line_enter_is_done", "ab\r", LINE_DONE);
	check_event("line_ctrl_c_interrupts", "ab\003", LINE_INTERRUPT);
	check_event("line_ctrl_d_empty_is_eof", "\004", LINE_EOF);
	check_event("line_up_asks_for_older", "\033[A", LINE_OLDER);
	check_event("line_down_asks_for_newer", "\033[B", LINE_NEWER);
	check_event("line_tab_asks_for_completion", "a\t", LINE_COMPLETE);
	check_event("line_ctrl_l_asks_to_clear", "\014", LINE_CLEAR);
}

static void full_line(void)
{
	begin();
	for (size_t i = 0; i < LINE_MAX_BYTES + 10; i++)
		type("x");
	verdict("line_full_takes_no_more",
		line.length == LINE_MAX_BYTES - 1 && !broken, "longer",
		"one byte less than its buffer");
}

/* ---- against a model ---- */

static struct {
	char text[LINE_MAX_BYTES * 2];
	size_t cursor;
} model;

static void model_insert(char c)
{
	memmove(model.text + model.cursor + 1, model.text + model.cursor,
		strlen(model.text + model.cursor) + 1);
	model.text[model.cursor++] = c;
}

static void model_delete(size_t start, size_t end)
{
	memmove(model.text + start, model.text + end,
		strlen(model.text + end) + 1);
	model.cursor = start;
}

/* One random key to both. */
static void step(unsigned int *seed)
{
	unsigned int choice = (unsigned int)rand_r(seed) % 100;
	char letter[2] = { (char)('a' + rand_r(seed) % 26), 0 };
	size_t length = strlen(model.text);

	if (choice < 55) {
		type(letter);
		model_insert(letter[0]);
	} else if (choice < 65) {
		type("\x7f");
		if (model.cursor)
			model_delete(model.cursor - 1, model.cursor);
	} else if (choice < 72) {
		type("\033[3~");
		if (model.cursor < length)
			model_delete(model.cursor, model.cursor + 1);
	} else if (choice < 84) {
		type("\033[D");
		model.cursor -= model.cursor > 0;
	} else if (choice < 95) {
		type("\033[C");
		model.cursor += model.cursor < length;
	} else if (choice < 97) {
		type("\001");
		model.cursor = 0;
	} else if (choice < 99) {
		type("\005");
		model.cursor = length;
	} else if (choice == 99 && rand_r(seed) % 10 == 0) {
		type("\013");
		model_delete(model.cursor, length);
	}
}

/* The row is the prompt and the part of the text around the cursor. */
static bool picture_is_right(void)
{
	size_t prompt = strlen(PROMPT), at = column - prompt;
	size_t scroll = model.cursor - at;
	size_t visible = strlen(model.text) - scroll;
	char want[LINE_COLUMNS + 1];

	if (broken || column < prompt || at > model.cursor)
		return false;
	if (visible > LINE_COLUMNS - 1 - prompt)
		visible = LINE_COLUMNS - 1 - prompt;
	memset(want, ' ', LINE_COLUMNS);
	want[LINE_COLUMNS] = '\0';
	memcpy(want, PROMPT, prompt);
	memcpy(want + prompt, model.text + scroll, visible);
	return !strcmp(row, want);
}

static void random_keys(void)
{
	const char *given = getenv("SEED");
	unsigned int seed = given ? (unsigned int)strtoul(given, NULL, 0)
				  : (unsigned int)time(NULL);
	bool ok = true;

	printf("SEED=%u\n", seed);
	begin();
	for (int i = 0; i < ROUNDS && ok; i++) {
		step(&seed);
		ok = !strcmp(line.text, model.text) &&
		     line.cursor == model.cursor && picture_is_right();
		if (strlen(model.text) > 300) { /* short ones are of interest too */
			begin();
			model.text[0] = '\0';
			model.cursor = 0;
		}
	}
	verdict("line_random_keys_match_the_picture", ok, row, model.text);
}

int main(void)
{
	keys();
	events();
	full_line();
	random_keys();
	return failures != 0;
}
