/*
 * The terminal: what a program that reads or writes /dev/console meets.
 */
#pragma once

#include "types.h"

struct file_ops;

/* /dev/console and /dev/tty: the one terminal, on top of console.h. */
extern const struct file_ops tty_file_ops;

/* Back to canonical mode with echo: the shell calls it when a program ended. */
void tty_reset(void);

/*
 * Whether Ctrl-C is a signal now. A program in raw mode without ISIG wants to
 * read it as a key. From interrupts too.
 */
bool tty_signals_enabled(void);
