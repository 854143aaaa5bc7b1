/*
 * Blocks of kmalloc in a list, newest first; nothing is freed before the end.
 */
#include "arena.h"

#include "kmalloc.h"
#include "string.h"

struct arena_block {
	struct arena_block *next;
	_Alignas(16) char bytes[];
};

void *arena_alloc(struct arena *arena, size_t bytes)
{
	struct arena_block *block = kzalloc(sizeof(*block) + bytes);

	if (!block)
		return NULL;
	block->next = arena->blocks;
	arena->blocks = block;
	return block->bytes;
}

char *arena_strndup(struct arena *arena, const char *text, size_t n)
{
	char *copy = arena_alloc(arena, n + 1);

	if (copy)
		memcpy(copy, text, n);
	return copy;
}

void arena_free(struct arena *arena)
{
	while (arena->blocks) {
		struct arena_block *next = arena->blocks->next;

		kfree(arena->blocks);
		arena->blocks = next;
	}
}
