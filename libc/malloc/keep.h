/*
 * keep.h - a few freed mappings, kept for programs that keep asking again.
 *
 * A mapping normally goes back to the system when it is freed. A program that
 * allocates and frees such blocks in a loop pays two system calls and a fault
 * per page each time; once it has shown that KEEP_HITS times for a length,
 * mappings of it are kept for a while. Default mode only.
 */
#pragma once

#include "chunk.h"

/*
 * A kept mapping for *@bytes; NULL: none, map one. Either way it should be
 * *@bytes long, which may be more now: then it can be kept when it is freed.
 * A block that @grows is lent any longer one, which saves its growing; it still
 * counts as kept.
 */
char *keep_take(size_t *bytes, bool grows);

/*
 * Keep a mapping, which may have been @lent; false: no, unmap it. May unmap
 * another, kept too long.
 */
bool keep_put(char *start, size_t bytes, bool lent);

/* @bytes rounded up to one of the lengths that are kept, two per doubling. */
size_t keep_length(size_t bytes);

/* Unmap all that is kept, and forget why; true if there was anything. */
bool keep_flush(void);
