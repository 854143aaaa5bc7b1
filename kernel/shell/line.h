/*
 * The line editor: keys in, a line and its picture on a terminal out.
 *
 * Logic only; what it shows goes through a function of the caller, so that
 * tests/host/test_shell_parse.c can type at it. The picture is one row of the
 * terminal: a line that does not fit scrolls sideways. Only bytes that every
 * terminal and screen.h understand are used: printable ones, CR, backspace,
 * ESC [ n C and ESC [ K.
 *
 *	prompt  v visible part, at most columns - prompt - 1     v
 *	$ |text |text text text text text text text text text tex|t text
 *	         ^scroll                      ^cursor
 */
#pragma once

#include "types.h"

#define LINE_COLUMNS 80
#define LINE_MAX_BYTES 4096 /* a line and its zero byte */

/* What a key means to the caller, when the editor cannot serve it alone. */
enum line_event {
	LINE_NOTHING,
	LINE_DONE,      /* Enter */
	LINE_INTERRUPT, /* ^C */
	LINE_EOF,       /* ^D on an empty line */
	LINE_OLDER,     /* up: the caller puts a line of history in */
	LINE_NEWER,     /* down */
	LINE_COMPLETE,  /* Tab */
	LINE_CLEAR,     /* ^L: the caller clears the screen and redraws */
};

/* Inside an escape sequence of a key, what has been seen of it. */
enum line_escape { ESCAPE_NONE, ESCAPE_START, ESCAPE_CSI, ESCAPE_SS3 };

struct line {
	char text[LINE_MAX_BYTES]; /* ended by a zero byte */
	size_t length, cursor;     /* cursor <= length < LINE_MAX_BYTES */
	size_t scroll;             /* first byte that is visible */
	char killed[LINE_MAX_BYTES]; /* what ^K, ^U, ^W took, for ^Y */
	const char *prompt;
	void (*show)(const char *bytes, size_t n);
	enum line_escape escape;
	unsigned int escape_number; /* first number of the CSI sequence */
	bool escape_first;          /* still in that first number */
};

/* Start an empty line and show the prompt. @line is large: from kmalloc(). */
void line_begin(struct line *line, const char *prompt,
		void (*show)(const char *bytes, size_t n));

/* A byte was typed. */
enum line_event line_key(struct line *line, char key);

/* Replace the text, cut short if too long; the cursor goes to its end. */
void line_set(struct line *line, const char *text);

/* Insert @n bytes at the cursor. False, and a beep: there is no room. */
bool line_insert(struct line *line, const char *text, size_t n);

/* Draw the prompt and the line again, where the terminal's cursor's row is. */
void line_redraw(struct line *line);
