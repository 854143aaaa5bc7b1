/*
 * The VGA text screen, 80x25, where the boot loader left one (BIOS).
 *
 * Understands newline, CR, backspace, tab, and these escape sequences (n, m
 * decimal, 1 if left out): ESC [ n A|B|C|D cursor up, down, right, left;
 * ESC [ n ; m H cursor to row n, column m; ESC [ J, ESC [ 2 J erase to the end,
 * all; ESC [ K erase to the end of the line; ESC [ ... m colours.
 */
#pragma once

#include "types.h"

/* Take the screen over, if boot_info says that there is one, and clear it. */
void screen_init(void);

/* Show @n bytes at the cursor; does nothing without a screen. */
void screen_write(const char *buf, size_t n);
