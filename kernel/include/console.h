/*
 * The one console: what is written goes to serial port and screen, what is
 * typed on the serial line or the keyboard comes in.
 *
 * Reading gives raw bytes; line editing and echo are the reader's business
 * (the shell's, or the tty of a program that reads).
 */
#pragma once

#include "types.h"

/* Output works after this, before any other part of the kernel does. */
void console_init_early(void);

/*
 * Find the screen, which needs boot_info, and show on it what has been printed
 * so far. Needs the final page tables.
 */
void console_init_screen(void);

/* Write @n bytes; from anywhere, also with interrupts off. */
void console_write(const char *buf, size_t n);

/* The same for what the kernel says of its own accord: it is not captured. */
void console_write_message(const char *buf, size_t n);

/*
 * Read 1 to @n bytes; sleeps until there is one. 0: end of file, which in
 * batch mode is always. -ERESTARTSYS: a signal came.
 */
ssize_t console_read(char *buf, size_t n);

/* Whether console_read() would return at once. */
bool console_input_ready(void);

/* Drop what has been typed and not been read. */
void console_flush_input(void);

/* From now on every read is at end of file: batch mode has nobody typing. */
void console_set_eof(void);

/*
 * While capture is on, what console_write() gets is also written, byte for byte, to
 * the debug console port of QEMU, where there is one: make guest prints that.
 */
void console_set_capture(bool on);

/*
 * Call @handler, in interrupt context, when Ctrl-C is typed. If it returns
 * true the byte is dropped, otherwise readers get it. NULL: none.
 */
void console_set_interrupt_handler(bool (*handler)(void));

/* Put a byte that arrived into the input queue; from interrupt context. */
void console_input(char byte);
