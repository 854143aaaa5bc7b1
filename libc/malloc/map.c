/*
 * map.c - requests at and above the threshold, straight from the system.
 *
 * No lock is held here: a mapping belongs to nobody but its chunk, and the
 * statistics are atomic.
 */
#include "map.h"

#include "check.h"
#include "keep.h"
#include "options.h"
#include "tools/event.h"

/* glibc's: a freed mapping above this does not move the threshold. */
#define DYNAMIC_MAX_BYTES	(32 * 1024 * 1024UL)

/* In a mapped chunk's size, above the flags: pages that were asked for. */
#define ASKED_SHIFT	4
#define ASKED_MAX	((1UL << (32 - ASKED_SHIFT)) - 1)

/* Instead of A bits: its last page is a guard. */
#define IS_GUARDED	(1U << ARENA_SHIFT)
#define IS_LENT		(2U << ARENA_SHIFT)	/* for growing: keep.h; or has shrunk */

struct map_stats malloc_map_stats;

static void raise_max(size_t *max, size_t value)
{
	size_t seen = option_load(max);

	while (seen < value && !__atomic_compare_exchange_n(max, &seen, value, true,
						__ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
}

/* @nr more chunks, @bytes more of mapping, @lent more of that; all may be negative. */
static void account(ptrdiff_t nr, ptrdiff_t bytes, ptrdiff_t lent)
{
	struct map_stats *s = &malloc_map_stats;

	raise_max(&s->max_nr, __atomic_add_fetch(&s->nr, nr, __ATOMIC_RELAXED));
	raise_max(&s->max_bytes, __atomic_add_fetch(&s->bytes, bytes, __ATOMIC_RELAXED));
	__atomic_fetch_add(&s->lent, lent, __ATOMIC_RELAXED);
}

/* The tag of a mapped chunk covers its length, too, and is none of another's. */
static uint32_t mapped_tag(const struct chunk *c)
{
	return chunk_hash_with((char *)c + CHUNK_HEADER, c->size, c->prev_size);
}

static char *mapping_of(const struct chunk *c)
{
	return (char *)page_align_down((uintptr_t)c);
}

void map_ask(struct chunk *c, size_t n)
{
	size_t bytes = (char *)c + CHUNK_HEADER + n - mapping_of(c);

	c->size = min_size(page_align_up(bytes) / PORT_PAGE_BYTES, ASKED_MAX) << ASKED_SHIFT |
		  (c->size & SIZE_FLAGS);
	c->tag = mapped_tag(c);
}

size_t map_asked(const struct chunk *c)
{
	return (size_t)(c->size >> ASKED_SHIFT) * PORT_PAGE_BYTES;
}

bool mapped_chunk_is_valid(const struct chunk *c)
{
	return chunk_is_mapped(c) && c->tag == mapped_tag(c);
}

bool mapped_chunk_was_freed(const struct chunk *c)
{
	return chunk_is_mapped(c) && c->tag == ~mapped_tag(c);
}

static size_t lent_bytes(const struct chunk *c)
{
	return c->size & IS_LENT ? c->prev_size : 0;
}

size_t mapped_usable(const struct chunk *c)
{
	size_t guard = c->size & IS_GUARDED ? PORT_PAGE_BYTES : 0;

	return mapping_of(c) + c->prev_size - guard - ((char *)c + CHUNK_HEADER);
}

/* A chunk of @n bytes whose mapping ends at @end; its mem. */
static void *mapped_new(struct chunk *c, size_t n, char *end, uint32_t flags)
{
	c->prev_size = end - mapping_of(c);
	c->size = IS_MMAPPED | flags;
	map_ask(c, n);
	account(1, c->prev_size, lent_bytes(c));
	malloc_event(MALLOC_EVENT_MAP, mapping_of(c), c->prev_size);
	return chunk_to_mem(c);
}

void *map_reuse(const struct chunk *c, size_t n)
{
	size_t length = page_align_up(n + CHUNK_HEADER);
	bool once = chunk_is_mapped(c) && lent_bytes(c);
	char *kept = malloc_options.guard || once ? NULL : keep_take(&length, true);

	return kept ? mapped_new((struct chunk *)kept, n, kept + length, IS_LENT) : NULL;
}

/* The pages that a block does not need of its mapping. */
static void trim(char *start, char *end)
{
	if (start < end && !keep_put(start, end - start))
		port_unmap(start, end - start);
}

/*
 * Enough is mapped for mem to be aligned, and the pages that are not needed are
 * kept or go back; but what was kept is not cut into pieces that nobody would ask
 * for, and does not fit together again. With a guard, the block ends where that begins.
 */
void *map_alloc(size_t n, size_t alignment, bool zeroed)
{
	size_t spare = alignment > CHUNK_ALIGN ? alignment : 0;
	size_t guard = malloc_options.guard ? PORT_PAGE_BYTES : 0;
	size_t length = page_align_up(n + CHUNK_HEADER + spare) + guard;
	char *kept = guard ? NULL : keep_take(&length, false);
	char *base = kept ? kept : port_map(NULL, 0, length), *end, *mem;
	struct chunk *c;

	if (!base)
		return NULL;
	end = base + length;
	mem = guard ? end - guard - n : base + CHUNK_HEADER + alignment - 1;
	c = mem_to_chunk((void *)((uintptr_t)mem & ~(alignment - 1)));
	trim(base, mapping_of(c));
	if (guard) {
		port_decommit(end - guard, guard, true);
	} else if (spare) {
		mem = (char *)page_align_up((uintptr_t)chunk_to_mem(c) + n);
		if (!kept || (size_t)(end - mem) >= KEEP_MIN_BYTES) {
			trim(mem, end);
			end = mem;
		}
	}
	if (zeroed && kept)
		__builtin_memset(chunk_to_mem(c), 0, n);
	return mapped_new(c, n, end, guard ? IS_GUARDED : 0);
}

void map_free(struct chunk *c)
{
	size_t length = c->prev_size;
	char *start = mapping_of(c);

	/* See mapped_chunk_was_freed(); another thread may have been faster. */
	if (__atomic_exchange_n(&c->tag, ~mapped_tag(c), __ATOMIC_RELAXED) != mapped_tag(c))
		malloc_panic("double free", chunk_to_mem(c));
	/* glibc mode: what was mapped once is expected again, from the heap. */
	if (malloc_options.dynamic && length <= DYNAMIC_MAX_BYTES &&
	    length > option_load(&malloc_options.mmap_threshold)) {
		raise_max(&malloc_options.mmap_threshold, length);
		raise_max(&malloc_options.trim_threshold, 2 * length);
	}
	account(-1, -length, -lent_bytes(c));
	malloc_event(MALLOC_EVENT_UNMAP, start, length);	/* who sees it has nothing kept */
	if (c->size & IS_GUARDED || !keep_put(start, length))
		port_unmap(start, length);
}

void *map_resize(struct chunk *c, size_t n, size_t least)
{
	size_t offset = (char *)c - mapping_of(c), old = c->prev_size, lent = lent_bytes(c);
	size_t need = page_align_up(offset + CHUNK_HEADER + n);
	size_t length = max_size(need, page_align_up(least)), behind;
	char *start = mapping_of(c);

	if (c->size & IS_GUARDED)
		return NULL;
	behind = need > old ? keep_take_at(start + old, need - old) : 0;
	length = behind ? old + behind : length;
	if (length != old) {
		trim(start + length, start + old);
		if (length > old && !behind)
			start = port_map(start, old, length);
		if (!start)
			return NULL;
		c = (struct chunk *)(start + offset);
		c->size |= length < old ? IS_LENT : 0;
		c->prev_size = length;
		account(0, length - old, lent_bytes(c) - lent);
		malloc_event(MALLOC_EVENT_MAP, start, length);
	}
	map_ask(c, n);
	return chunk_to_mem(c);
}
