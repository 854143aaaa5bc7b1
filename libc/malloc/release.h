/*
 * release.h - when and how the pages of free memory go back to the system.
 *
 * The break only frees what is at the end of the heap (top.c). Pages between
 * chunks in use are handed back by a purge, once much of them is idle: large
 * enough for a system call, binned, and touched since they came from the system.
 *
 *	idle_bytes == sum of release_idle_bytes(c) over all binned chunks
 *
 * After every 128 KiB of frees, of a small heap more often, one of three things
 * happens if it is due:
 *
 *	purge when  idle_bytes >= max(512 KiB, in use / 2), and that is paid for
 *	drain when  the program has at most 1/32 of the heap, and again when it has
 *	            a fourth of that: the cache is flushed, everything is merged and
 *	            purged, and top is trimmed, if that is paid for
 *	turn when   thrice the heap was freed: if max(512 KiB, in use / 4) were idle
 *	            all the while, they are cold and purged, if that is paid for; the
 *	            cache is flushed
 *
 * A system call, and a fault per page if the memory is needed again, is what it
 * costs. What goes back is paid for by what the heap has had at most, and by time.
 */
#pragma once

#include "chunk.h"

/* Smaller chunks keep their pages: a system call would be too much for them. */
#define PURGE_CHUNK_BYTES	(8 * KIB)

/* Less than this may stay idle, even if all has been freed. */
#define IDLE_MIN_BYTES		(512 * KIB)

/* At most this share is still in use of what has emptied. */
#define EMPTIED_SHARE		32

/*
 * How often what there has been at most may go back before time must pay for it; but
 * only once for each of so many bytes, since what is little can be filled very often.
 */
#define PAID_TIMES_PURGED	2
#define PAID_TIMES_EMPTIED	8
#define PAID_ONCE_BYTES		(2 * MIB)

/* All but release_clock() with arena->lock held. */

/*
 * @c is in its bin now, and @dirty bytes of it may be resident; it has been
 * taken out again: how many are.
 */
void release_enter(struct arena *a, struct chunk *c, size_t dirty);
size_t release_leave(struct arena *a, struct chunk *c);

/* What the binned chunk @c adds to the arena's idle bytes. */
size_t release_idle_bytes(struct chunk *c);

/*
 * The bytes whose going back time has paid for, since some day. Processors other than
 * the x86-64 have no clock here: each question counts as time enough for a page.
 */
size_t release_clock(void);

/*
 * May @bytes go back? What did before is paid for when the clock reads *@paid_at. Up to
 * @times the @most there ever was need not be, the credit. malloc_trim() does not ask.
 */
bool release_is_paid(size_t *paid_at, size_t bytes, size_t times, size_t most);

/* Release the pages in free chunks of at least @min_bytes; how many bytes. */
size_t release_pages(struct arena *a, size_t min_bytes);

/*
 * A cache has been flushed: merge what waits, if this heap has had its turn, and if it
 * has emptied, which another thread may have seen, release all that is idle, and trim
 * top. Other heaps stay as they are: to merge what is soon needed again costs a third.
 */
void release_drained(struct arena *a);

/*
 * After frees: sweep and purge if it is time to. True: what caches hold should
 * go as well, by tcache_drain(), without the lock.
 */
bool release_idle(struct arena *a);
