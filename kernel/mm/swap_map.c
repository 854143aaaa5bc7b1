/*
 * Slots of a swap area: see swap_map.h.
 *
 * A slot is found by going on where the last one was. When the run ends, the
 * next chunk that is wholly free starts a new one; only when there is none are
 * the holes of the others filled, from the hand on:
 *
 *	chunk    |########|##......|........|#.#.##..|
 *	                     ^hand
 *	next       . . . . . here   then here  and last of all these
 */
#include "swap_map.h"

#include <uapi/errno.h>

#include "frame.h"
#include "kmalloc.h"
#include "panic.h"

static struct swap_chunk *chunk_of(const struct swap_map *map, uint32_t slot)
{
	return map->chunk[slot / SWAP_CHUNK_SLOTS];
}

static uint16_t *users_of(const struct swap_map *map, uint32_t slot)
{
	return &chunk_of(map, slot)->users[slot % SWAP_CHUNK_SLOTS];
}

static uint32_t *pfn_of(const struct swap_map *map, uint32_t slot)
{
	return &chunk_of(map, slot)->pfn[slot % SWAP_CHUNK_SLOTS];
}

static uint32_t nr_chunks(const struct swap_map *map)
{
	return (map->nr_slots + SWAP_CHUNK_SLOTS - 1) / SWAP_CHUNK_SLOTS;
}

static bool is_free(const struct swap_map *map, uint32_t slot)
{
	return !*users_of(map, slot) && !*pfn_of(map, slot);
}

/* ---- creation ---- */

/* What does not exist is bad, and so is the header. */
static void mark_missing(struct swap_map *map)
{
	*users_of(map, 0) = SWAP_BAD;
	chunk_of(map, 0)->nr_free--;
	for (uint32_t slot = map->nr_slots; slot % SWAP_CHUNK_SLOTS; slot++) {
		*users_of(map, slot) = SWAP_BAD;
		chunk_of(map, slot)->nr_free--;
	}
}

static uint32_t count_empty_chunks(const struct swap_map *map)
{
	uint32_t nr = 0;

	for (uint32_t i = 0; i < nr_chunks(map); i++)
		nr += map->chunk[i]->nr_free == SWAP_CHUNK_SLOTS;
	return nr;
}

int swap_map_create(struct swap_map *map, uint32_t nr_slots)
{
	*map = (struct swap_map){ .nr_slots = nr_slots,
				  .nr_good = nr_slots - 1 };
	map->chunk = kzalloc(nr_chunks(map) * sizeof(*map->chunk));
	if (!map->chunk)
		return -ENOMEM;
	for (uint32_t i = 0; i < nr_chunks(map); i++) {
		map->chunk[i] = kzalloc(sizeof(*map->chunk[i]));
		if (!map->chunk[i]) {
			swap_map_destroy(map);
			return -ENOMEM;
		}
		map->chunk[i]->nr_free = SWAP_CHUNK_SLOTS;
	}
	mark_missing(map);
	map->nr_empty_chunks = count_empty_chunks(map);
	return 0;
}

void swap_map_destroy(struct swap_map *map)
{
	for (uint32_t i = 0; i < nr_chunks(map); i++)
		kfree(map->chunk[i]);
	kfree(map->chunk);
	*map = (struct swap_map){ 0 };
}

/* ---- free and in use ---- */

static void note_used(struct swap_map *map, uint32_t slot)
{
	struct swap_chunk *chunk = chunk_of(map, slot);

	map->nr_empty_chunks -= chunk->nr_free == SWAP_CHUNK_SLOTS;
	chunk->nr_free--;
	map->nr_used++;
}

static void note_free(struct swap_map *map, uint32_t slot)
{
	struct swap_chunk *chunk = chunk_of(map, slot);

	chunk->nr_free++;
	map->nr_empty_chunks += chunk->nr_free == SWAP_CHUNK_SLOTS;
	map->nr_used--;
}

int swap_map_set_bad(struct swap_map *map, uint32_t slot)
{
	if (!slot || slot >= map->nr_slots)
		return -EINVAL;
	if (*users_of(map, slot) == SWAP_BAD)
		return 0;
	note_used(map, slot);
	map->nr_used--;
	map->nr_good--;
	*users_of(map, slot) = SWAP_BAD;
	return 0;
}

/* ---- taking ---- */

/* The first free slot of [from, to), which lie in one chunk; 0: none. */
static uint32_t find_free(const struct swap_map *map, uint32_t from, uint32_t to)
{
	for (uint32_t slot = from; slot < to; slot++)
		if (is_free(map, slot))
			return slot;
	return 0;
}

/* The first chunk behind @after, around the end, with at least @nr free slots. */
static uint32_t find_chunk(const struct swap_map *map, uint32_t after,
			   uint32_t nr)
{
	uint32_t i = after;

	do {
		i = i + 1 < nr_chunks(map) ? i + 1 : 0;
		if (map->chunk[i]->nr_free >= nr)
			return i;
	} while (i != after);
	panic("no free swap slot where there must be one");
}

static uint32_t find_slot(const struct swap_map *map)
{
	uint32_t at = map->hand / SWAP_CHUNK_SLOTS;
	uint32_t slot = map->hand + 1, first;

	if (map->nr_used == map->nr_good)
		return 0;
	if (slot % SWAP_CHUNK_SLOTS && is_free(map, slot))
		return slot;
	if (map->nr_empty_chunks) {
		first = find_chunk(map, at, SWAP_CHUNK_SLOTS);
		return first * SWAP_CHUNK_SLOTS;
	}
	slot = find_free(map, map->hand, (at + 1) * SWAP_CHUNK_SLOTS);
	if (slot)
		return slot;
	first = find_chunk(map, at, 1) * SWAP_CHUNK_SLOTS;
	return find_free(map, first, first + SWAP_CHUNK_SLOTS);
}

uint32_t swap_map_take(struct swap_map *map, const struct frame *frame)
{
	uint32_t slot = find_slot(map);

	if (!slot)
		return 0;
	note_used(map, slot);
	*pfn_of(map, slot) = (uint32_t)frame_to_pfn(frame);
	map->hand = slot;
	return slot;
}

/* ---- users and frames ---- */

void swap_map_get(struct swap_map *map, uint32_t slot)
{
	uint16_t *users = users_of(map, slot);

	KASSERT(!is_free(map, slot) && *users < SWAP_BAD - 1);
	++*users;
}

unsigned int swap_map_put(struct swap_map *map, uint32_t slot)
{
	uint16_t *users = users_of(map, slot);

	KASSERT(*users && *users != SWAP_BAD);
	--*users;
	if (is_free(map, slot))
		note_free(map, slot);
	return *users;
}

unsigned int swap_map_users(const struct swap_map *map, uint32_t slot)
{
	return *users_of(map, slot);
}

bool swap_map_in_use(const struct swap_map *map, uint32_t slot)
{
	return slot < map->nr_slots && *users_of(map, slot) != SWAP_BAD &&
	       !is_free(map, slot);
}

struct frame *swap_map_frame(const struct swap_map *map, uint32_t slot)
{
	uint32_t pfn = *pfn_of(map, slot);

	return pfn ? pfn_to_frame(pfn) : NULL;
}

void swap_map_set_frame(struct swap_map *map, uint32_t slot,
			const struct frame *frame)
{
	uint32_t *pfn = pfn_of(map, slot);

	KASSERT(!frame == !!*pfn && !is_free(map, slot));
	*pfn = frame ? (uint32_t)frame_to_pfn(frame) : 0;
	if (is_free(map, slot))
		note_free(map, slot);
}

uint32_t swap_map_next_used(const struct swap_map *map, uint32_t slot)
{
	for (; slot < map->nr_slots; slot++)
		if (swap_map_in_use(map, slot))
			return slot;
	return 0;
}

/* ---- validation ---- */

uint64_t swap_map_validate(const struct swap_map *map)
{
	uint32_t nr_used = 0, nr_bad = 0;
	uint64_t users = 0;

	for (uint32_t i = 0; i < nr_chunks(map); i++) {
		uint32_t nr_free = 0;

		for (uint32_t j = 0; j < SWAP_CHUNK_SLOTS; j++) {
			uint32_t slot = i * SWAP_CHUNK_SLOTS + j;

			nr_free += is_free(map, slot);
			nr_used += swap_map_in_use(map, slot);
			if (swap_map_in_use(map, slot))
				users += *users_of(map, slot);
			else if (slot < map->nr_slots)
				nr_bad += *users_of(map, slot) == SWAP_BAD;
		}
		KASSERT(nr_free == map->chunk[i]->nr_free);
	}
	KASSERT(nr_used == map->nr_used);
	KASSERT(map->nr_good + nr_bad == map->nr_slots);
	KASSERT(map->nr_empty_chunks == count_empty_chunks(map));
	return users;
}
