/*
 * A text that grows: for what has to be collected under a lock and printed
 * after it.
 */
#pragma once

#include "types.h"

/* Zero-initialised memory is an empty text. */
struct text {
	char *bytes; /* kmalloc'ed; not ended by a zero byte */
	size_t length, capacity;
};

/* Add @n bytes. 0 or -ENOMEM; takes a void pointer to fit proc_emit_fn. */
int text_append(void *text, const char *bytes, size_t n);

/* Free it; the text is empty again. */
void text_free(struct text *text);
