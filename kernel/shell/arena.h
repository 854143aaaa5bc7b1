/*
 * Memory that is freed all at once: what a line of shell language needs while
 * it is parsed and run.
 */
#pragma once

#include "types.h"

struct arena_block;

/* Zero-initialised memory is an empty arena. */
struct arena {
	struct arena_block *blocks;
};

/* @bytes of zeroed memory that live until arena_free(), or NULL. */
void *arena_alloc(struct arena *arena, size_t bytes);

/* A copy of the @n bytes at @text with a zero byte behind them, or NULL. */
char *arena_strndup(struct arena *arena, const char *text, size_t n);

/* Free everything; the arena is empty and usable again. */
void arena_free(struct arena *arena);
