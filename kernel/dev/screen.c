/*
 * The VGA text screen: 16 bits a cell, the low byte the character and the high
 * byte its colours. Bytes go through a small parser for escape sequences.
 */
#include "screen.h"

#include "arch.h"
#include "boot.h"
#include "paging.h"
#include "string.h"

#define CRTC_INDEX 0x3d4
#define CRTC_DATA 0x3d5
#define CRTC_CURSOR_HIGH 0x0e
#define CRTC_CURSOR_LOW 0x0f

#define TAB_COLUMNS 8
#define COLOR_DEFAULT 0x07 /* light grey on black */
#define COLOR_BRIGHT 0x08
#define MAX_PARAMS 4
#define PARAM_MAX 999

enum parser_state { TEXT, ESCAPE, SEQUENCE };

static uint16_t *cells; /* NULL: no text screen */
static int rows, columns;
static int row, column; /* column == columns: the line is full, see put_char() */
static uint8_t color = COLOR_DEFAULT;

static enum parser_state state;
static int params[MAX_PARAMS];
static int nr_params; /* the one being read included */

static uint16_t blank(void)
{
	return (uint16_t)(color << 8 | ' ');
}

static void erase(int from, int to)
{
	for (int i = from; i < to; i++)
		cells[i] = blank();
}

static void show_cursor(void)
{
	int at = row * columns + (column < columns ? column : columns - 1);

	outb(CRTC_INDEX, CRTC_CURSOR_HIGH);
	outb(CRTC_DATA, (uint8_t)(at >> 8));
	outb(CRTC_INDEX, CRTC_CURSOR_LOW);
	outb(CRTC_DATA, (uint8_t)at);
}

/* ---- text ---- */

static void scroll(void)
{
	int kept = (rows - 1) * columns;

	memmove(cells, cells + columns, (size_t)kept * sizeof(*cells));
	erase(kept, rows * columns);
}

static void line_feed(void)
{
	column = 0;
	if (row + 1 < rows)
		row++;
	else
		scroll();
}

/*
 * A full line wraps only when the next character comes, as terminals do: a line
 * of exactly the screen's width is not followed by an empty one.
 */
static void put_char(char c)
{
	if (column == columns)
		line_feed();
	cells[row * columns + column++] = (uint16_t)(color << 8 | (uint8_t)c);
}

static void put_text(char c)
{
	switch (c) {
	case '\n':
		line_feed();
		break;
	case '\r':
		column = 0;
		break;
	case '\b':
		if (column > 0)
			column--;
		break;
	case '\t':
		do
			put_char(' ');
		while (column % TAB_COLUMNS && column < columns);
		break;
	case '\033':
		state = ESCAPE;
		break;
	default:
		if ((uint8_t)c >= ' ')
			put_char(c);
	}
}

/* ---- escape sequences ---- */

static int clamp(int n, int low, int high)
{
	return n < low ? low : n > high ? high : n;
}

static void move_to(int new_row, int new_column)
{
	row = clamp(new_row, 0, rows - 1);
	column = clamp(new_column, 0, columns - 1);
}

/* Parameter @i, or 1 where it is 0 or left out. */
static int count(int i)
{
	return params[i] ? params[i] : 1;
}

static void erase_screen(int mode)
{
	int at = row * columns + clamp(column, 0, columns - 1);

	if (mode == 0)
		erase(at, rows * columns);
	else if (mode == 1)
		erase(0, at + 1);
	else
		erase(0, rows * columns);
}

static void erase_line(int mode)
{
	int start = row * columns, at = start + clamp(column, 0, columns - 1);

	if (mode == 0)
		erase(at, start + columns);
	else if (mode == 1)
		erase(start, at + 1);
	else
		erase(start, start + columns);
}

/* ANSI counts red as bit 0 and blue as bit 2, the VGA the other way round. */
static uint8_t vga_color(int ansi)
{
	static const uint8_t vga[] = { 0, 4, 2, 6, 1, 5, 3, 7 };

	return vga[ansi % 8];
}

static void set_attribute(int n)
{
	if (n == 0)
		color = COLOR_DEFAULT;
	else if (n == 1)
		color |= COLOR_BRIGHT;
	else if (n == 7)
		color = (uint8_t)(color << 4 | color >> 4);
	else if (n >= 30 && n <= 37)
		color = (color & 0xf8) | vga_color(n - 30);
	else if (n == 39)
		color = (color & 0xf0) | COLOR_DEFAULT;
	else if (n >= 40 && n <= 47)
		color = (uint8_t)((color & 0x0f) | vga_color(n - 40) << 4);
	else if (n >= 90 && n <= 97)
		color = (color & 0xf0) | COLOR_BRIGHT | vga_color(n - 90);
}

static void finish_sequence(char c)
{
	state = TEXT;
	switch (c) {
	case 'A':
		move_to(row - count(0), column);
		break;
	case 'B':
		move_to(row + count(0), column);
		break;
	case 'C':
		move_to(row, column + count(0));
		break;
	case 'D':
		move_to(row, column - count(0));
		break;
	case 'H':
		move_to(count(0) - 1, count(1) - 1);
		break;
	case 'J':
		erase_screen(params[0]);
		break;
	case 'K':
		erase_line(params[0]);
		break;
	case 'm':
		for (int i = 0; i < nr_params; i++)
			set_attribute(params[i]);
		break;
	}
}

static void put_sequence(char c)
{
	if (c >= '0' && c <= '9') {
		int *param = &params[nr_params - 1];

		*param = clamp(*param * 10 + (c - '0'), 0, PARAM_MAX);
	} else if (c == ';') {
		if (nr_params < MAX_PARAMS)
			nr_params++;
	} else if (c >= '@') {
		finish_sequence(c);
	} /* else a private marker such as '?': part of it, but without effect */
}

static void put(char c)
{
	switch (state) {
	case TEXT:
		put_text(c);
		break;
	case ESCAPE:
		state = c == '[' ? SEQUENCE : TEXT;
		memset(params, 0, sizeof(params));
		nr_params = 1;
		break;
	case SEQUENCE:
		put_sequence(c);
		break;
	}
}

/* ---- public ---- */

void screen_init(void)
{
	const struct boot_framebuffer *fb = &boot_info.framebuffer;

	if (fb->kind != BOOT_DISPLAY_TEXT)
		return;
	rows = (int)fb->height;
	columns = (int)fb->width;
	cells = paging_map_device(fb->addr,
				  fb->width * fb->height * sizeof(*cells));
	erase(0, rows * columns);
	show_cursor();
}

void screen_write(const char *buf, size_t n)
{
	if (!cells)
		return;
	while (n--)
		put(*buf++);
	show_cursor();
}
