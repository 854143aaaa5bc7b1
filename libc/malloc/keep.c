/*
 * keep.c - keeping freed mappings, and knowing when that is worth it.
 *
 * Kept mappings lie on shelves, one for each of a few lengths: 128 KiB, 192,
 * 256, 384 and so on. A request is rounded up, which costs addresses but no
 * memory, so any mapping of the shelf serves it, and the newest, which may
 * still be in the CPU's cache, is at hand. A block that grows takes a longer one,
 * if there is, and need not ask again.
 *
 * That mappings were given back and then asked for again is proof that keeping
 * pays. A shelf that nobody comes to for KEEP_AGE operations is cleared.
 */
#include "keep.h"

#include "arena.h"
#include "options.h"
#include "tcache.h"

#define SHELF_SLOTS	32
#define NR_SHELVES	(2 * 13 + 1)			/* 4 KiB to 32 MiB */
#define KEEP_MAX_BYTES	(32 * 1024 * 1024UL)		/* all together */
#define KEEP_HITS	2
#define KEEP_AGE	1024

struct shelf {
	char *kept[SHELF_SLOTS];
	unsigned int nr;
	unsigned int given;	/* back to the system, and not missed yet */
	unsigned int hits;	/* missed */
	size_t bytes;		/* of a mapping on this shelf */
	unsigned long used;	/* when somebody last came */
};

/* Guarded by the lock of the main arena, which is not held to unmap. */
static struct {
	struct shelf shelves[NR_SHELVES];
	size_t bytes;		/* of all that is kept, or lent to what grows */
	unsigned long clock;	/* counts takes and puts */
} keep;

size_t keep_length(size_t bytes)
{
	size_t half = 1UL << (62 - __builtin_clzl(bytes - 1));

	return (bytes + half - 1) & ~(half - 1);
}

/* The shelf for mappings of keep_length(@bytes), if they are kept at all. */
static struct shelf *visit(size_t bytes)
{
	size_t length = keep_length(bytes);
	unsigned int log2 = 63 - __builtin_clzl(length);
	struct shelf *s;

	if (malloc_options.mode != MALLOC_MODE_DEFAULT || !tcache_wanted() ||
	    length > KEEP_MAX_BYTES)
		return NULL;
	arena_lock(&main_arena);
	s = &keep.shelves[2 * (log2 - 12) + (length >> (log2 - 1) & 1)];
	s->bytes = length;
	s->used = ++keep.clock;
	return s;
}

char *keep_take(size_t *bytes, bool grows)
{
	struct shelf *s = visit(*bytes), *from = s;
	char *start = NULL;

	if (!s)
		return NULL;
	while (grows && !from->nr && from < &keep.shelves[NR_SHELVES - 1])
		from++;
	if (from->nr) {
		start = from->kept[--from->nr];
		if (!grows)
			keep.bytes -= from->bytes;
	} else if (s->given) {
		s->given--;
		s->hits++;
	}
	if (start || s->hits >= KEEP_HITS)
		*bytes = start ? from->bytes : s->bytes;
	arena_unlock(&main_arena);
	return start;
}

/* Give back what is on shelf @s, and forget why; true if there was anything. */
static bool clear(struct shelf *s)
{
	struct shelf old;

	arena_lock(&main_arena);
	old = *s;
	keep.bytes -= old.nr * old.bytes;
	s->nr = s->given = s->hits = 0;
	arena_unlock(&main_arena);
	for (unsigned int i = 0; i < old.nr; i++)
		port_unmap(old.kept[i], old.bytes);
	return old.nr;
}

bool keep_put(char *start, size_t bytes, bool lent)
{
	struct shelf *s = visit(bytes), *other;
	bool keeps, stale;

	if (!s)
		return false;
	keep.bytes -= lent ? bytes : 0;
	keeps = s->hits >= KEEP_HITS && bytes == s->bytes &&
		s->nr < SHELF_SLOTS && keep.bytes + bytes <= KEEP_MAX_BYTES;
	if (keeps) {
		s->kept[s->nr++] = start;
		keep.bytes += bytes;
	} else {
		s->given++;
	}
	/* One shelf after the other has a turn: no call looks at all of them. */
	other = &keep.shelves[keep.clock % NR_SHELVES];
	stale = other->given + other->hits && keep.clock - other->used > KEEP_AGE;
	arena_unlock(&main_arena);
	if (stale)
		clear(other);
	return keeps;
}

bool keep_flush(void)
{
	bool any = false;

	for (struct shelf *s = keep.shelves; s < keep.shelves + NR_SHELVES; s++)
		any |= clear(s);
	return any;
}
