/*
 * The text of one /proc file at one moment.
 *
 * It is made when a program reads from position 0 and stays until it does so
 * again, so that a file read in pieces is of one piece.
 */
#pragma once

#include "types.h"

struct proc_text {
	uint32_t refs;  /* atomic */
	int err;        /* -ENOMEM: a part is missing */
	size_t bytes;
	size_t capacity;
	char *buf;      /* kmalloc'ed, not NUL-terminated */
};

/* An empty text with one reference, or NULL. */
struct proc_text *proc_text_create(void);

/* NULL is allowed. */
void proc_text_put(struct proc_text *text);

/* Add to the end. Failures are kept in text->err. */
void proc_append(struct proc_text *text, const char *bytes, size_t n);

/* Up to 255 characters. */
__attribute__((format(printf, 2, 3)))
void proc_printf(struct proc_text *text, const char *fmt, ...);

/* proc_append() as a proc_emit_fn. */
int proc_text_emit(void *text, const char *bytes, size_t n);
