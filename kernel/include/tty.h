/*
 * The terminal: what a program that reads or writes /dev/console meets.
 */
#pragma once

struct file_ops;

/* /dev/console and /dev/tty: the one terminal, on top of console.h. */
extern const struct file_ops tty_file_ops;

/* Back to canonical mode with echo: the shell calls it when a program ended. */
void tty_reset(void);
