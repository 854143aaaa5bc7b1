/*
 * keep.h - a little freed mapped memory, kept for programs that ask again.
 *
 * A mapping normally goes back to the system when it is freed. A program that
 * allocates and frees such blocks in a loop pays two system calls and a fault
 * per page each time; once it requests again what it has just returned, what it frees
 * is kept for a while. Default mode only. Bytes here are those of whole pages.
 */
#pragma once

#include "chunk.h"

#define KEEP_MIN_BYTES	(128 * KIB)	/* nobody would ask for a shorter piece */

/*
 * Kept memory for a mapping of *@bytes, or a little more, which becomes its length.
 * NULL: nothing fits, map *@bytes. A block that @grows is lent so much that it need not grow again,
 * or nothing; what is lent still counts as kept.
 */
char *keep_take(size_t *bytes, bool grows);

/*
 * Take what is kept behind a mapping, from its @end on: @bytes or a little more; how
 * many, or 0 if so much is not there.
 */
size_t keep_take_at(char *end, size_t bytes);

/*
 * Keep a mapping; false: no, unmap it. May unmap another, kept too long or too
 * much, or all if nothing is in use any more.
 */
bool keep_put(char *start, size_t bytes);

/*
 * Unmap a part of what is kept: too much, or longer than it is worth, or, if @all shall
 * go, any; how far blocks grow is then forgotten. False: there is none.
 */
bool keep_flush(bool all);
