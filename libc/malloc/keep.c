/*
 * keep.c - keeping freed mappings, and knowing when that is worth it.
 *
 * What is kept are pieces, in no order. One that borders on another joins
 * it; a request gets the front of the shortest that suffices. If none does, a new
 * mapping is made, and the next request has more to choose from; but if
 * that would push the total above the program's past peak, the longest piece is
 * made longer instead, and keeps its pages. A block that grows is lent as much as others have
 * grown to, and need not ask again. It has to be copied, but only once: from then
 * on it grows into what is kept behind it, or is remapped.
 *
 * What is freed is kept, and if that is too much, another piece goes instead: to refuse
 * what is new would keep sizes that nobody wants (a hundred blocks of 0.5 to 5 MB at
 * random: 1.5 times as long). A piece that nobody has asked for goes back when time has paid for that twice,
 * at the price of release.c: 90 ms for a megabyte at 3 GHz. Each free looks for one. What
 * is small, from in front of an aligned block, stays longer, to be joined with that.
 * After half of that, a hundred blocks of up to 2 MB that come and go at random would
 * take 1.2 times as long; twice as much would cost python3 2 percent of its memory.
 */
#include "keep.h"

#include "arena.h"
#include "map.h"
#include "options.h"
#include "release.h"
#include "tcache.h"

#define NR_PIECES	512
#define KEEP_MAX_BYTES	(32 * MIB)	/* of one; of all while less is in use, or lent */
#define SLACK_SHARE	6		/* of the most that has been in use */
#define KEEP_TIMES	2		/* so often must time have paid */
#define KEEP_HITS	2		/* requests that prove that keeping pays */

struct piece {
	char *start;
	size_t bytes;
	size_t since;		/* of release_clock() */
};

/* Guarded by the lock of the main arena, which is not held to unmap. */
static struct keep {
	struct piece pieces[NR_PIECES];
	unsigned int nr;
	size_t bytes;		/* sum of the pieces */
	size_t most;		/* that this has been */
	size_t paid_at;		/* for what went back when all was freed; release.c */
	size_t gone;		/* the longest that was not kept */
	size_t hits;		/* requests that such a one would have served, ever */
	size_t grown;		/* the longest that a block has grown to */
} keep;

/* Lock what is kept, if anything of @bytes may be. */
static bool lock_if_keeping(size_t bytes)
{
	if (malloc_options.mode != MALLOC_MODE_DEFAULT || !tcache_wanted() ||
	    bytes > KEEP_MAX_BYTES)
		return false;
	port_lock(&main_arena.lock);
	return true;
}

static struct piece drop(struct piece *p)
{
	struct piece dropped = *p;

	keep.bytes -= p->bytes;
	*p = keep.pieces[--keep.nr];
	return dropped;
}

/* Take the front of @p, @bytes or a little more; how many. */
static size_t cut(struct piece *p, size_t bytes)
{
	if (p->bytes - bytes < KEEP_MIN_BYTES)
		return drop(p).bytes;
	p->start += bytes;
	p->bytes -= bytes;
	keep.bytes -= bytes;
	return bytes;
}

/* The shortest piece of at least @bytes, or else the longest; NULL: none. */
static struct piece *best(size_t bytes)
{
	struct piece *found = NULL;

	for (struct piece *p = keep.pieces; p < keep.pieces + keep.nr; p++)
		if (!found || (p->bytes < bytes ? p->bytes > found->bytes :
			       p->bytes < found->bytes || found->bytes < bytes))
			found = p;
	return found;
}

/*
 * How many bytes more may be kept? In all as many as are in use, or a few, and with
 * those a sixth more than ever were, or, of little, a fourth. Negative: so many are
 * too many now.
 */
static ptrdiff_t room(void)
{
	size_t most = option_load(&malloc_map_stats.max_bytes);
	size_t used = option_load(&malloc_map_stats.bytes);
	size_t slack = max_size(most / SLACK_SHARE, min_size(most / 4, MIB));

	return min_size(max_size(used, KEEP_MAX_BYTES), most + slack - used) - keep.bytes;
}

char *keep_take(size_t *bytes, bool grows)
{
	struct piece *p, longest = { 0 };
	char *start = NULL;

	if (!lock_if_keeping(*bytes))
		return NULL;
	keep.grown = max_size(keep.grown, grows ? *bytes : 0);
	p = grows && option_load(&malloc_map_stats.lent) + keep.grown > KEEP_MAX_BYTES ?
	    NULL : best(*bytes);
	if (p && p->bytes >= *bytes) {
		start = p->start;
		*bytes = cut(p, grows ? min_size(p->bytes, keep.grown) : *bytes);
	} else if (p && !grows && room() < (ptrdiff_t)*bytes) {
		longest = drop(p);
	}
	keep.hits += !start && !longest.bytes && *bytes <= keep.gone;
	port_unlock(&main_arena.lock);
	if (longest.bytes)
		start = port_map(longest.start, longest.bytes, *bytes);
	if (longest.bytes && !start && !keep_put(longest.start, longest.bytes))
		port_unmap(longest.start, longest.bytes);
	return start;
}

size_t keep_take_at(char *end, size_t bytes)
{
	size_t taken = 0;

	if (!lock_if_keeping(bytes))
		return 0;
	for (struct piece *p = keep.pieces; !taken && p < keep.pieces + keep.nr; p++)
		if (p->start == end && p->bytes >= bytes)
			taken = cut(p, bytes);
	port_unlock(&main_arena.lock);
	return taken;
}

/*
 * Add @new, joined with the pieces on which it borders: no two ever do. They are as old
 * as the oldest: what is cut off and put back makes nothing younger that it leaves alone.
 */
static void add(struct piece new)
{
	for (unsigned int i = keep.nr; i-- > 0; ) {
		struct piece *p = &keep.pieces[i];
		bool below = p->start + p->bytes == new.start;

		if (!below && new.start + new.bytes != p->start)
			continue;
		new = (struct piece){ below ? p->start : new.start, new.bytes + p->bytes,
				      min_size(new.since, p->since) };
		drop(p);
	}
	keep.pieces[keep.nr++] = new;
	keep.bytes += new.bytes;
	keep.most = max_size(keep.most, keep.bytes);
}

bool keep_put(char *start, size_t bytes)
{
	bool keeps, all;

	if (!lock_if_keeping(bytes))
		return false;
	keeps = keep.hits >= KEEP_HITS && keep.nr < NR_PIECES;
	if (keeps)
		add((struct piece){ start, bytes, release_clock() });
	keep.gone = max_size(keep.gone, keeps ? 0 : bytes);
	/* If hardly any is in use any more, all goes back if it is paid for: release.h. */
	all = keep.bytes >= IDLE_MIN_BYTES && option_load(&malloc_map_stats.bytes) <=
	      min_size(option_load(&malloc_map_stats.max_bytes), KEEP_MAX_BYTES) / EMPTIED_SHARE &&
	      release_is_paid(&keep.paid_at, keep.bytes, PAID_TIMES_EMPTIED, keep.most);
	keep.paid_at += all ? keep.bytes : 0;
	port_unlock(&main_arena.lock);
	while (keep_flush(all))	/* what is too much, or too old, goes anyway */
		;
	return keeps;
}

bool keep_flush(bool all)
{
	struct piece *p = keep.pieces, gone = { 0 };
	size_t now = release_clock();
	ptrdiff_t left;

	port_lock(&main_arena.lock);
	keep.grown = all ? 0 : keep.grown;
	left = all ? -(ptrdiff_t)keep.bytes : room();
	/* Another thread's may be younger than now. */
	while (p < keep.pieces + keep.nr && left >= 0 &&
	       (ptrdiff_t)(now - p->since) <=
	       (ptrdiff_t)max_size(p->bytes, KEEP_MIN_BYTES) * KEEP_TIMES)
		p++;
	if (p < keep.pieces + keep.nr) {
		gone = *p;
		gone.bytes = cut(p, left < 0 ? min_size(page_align_up(-left), p->bytes) : p->bytes);
	}
	port_unlock(&main_arena.lock);
	if (gone.bytes)
		port_unmap(gone.start, gone.bytes);
	return gone.bytes;
}
