/*
 * Swap areas: where the next page goes, and who still needs a slot. How areas
 * come and go is in swap_on.c and swap_off.c.
 */
#include "swap_area.h"

struct swap_area *swap_areas[SWAP_AREAS_MAX];
struct spinlock swap_lock = SPINLOCK_INIT(RANK_TABLE);

static uint64_t nr_turns; /* swap_lock */

/* ---- slots ---- */

/* Whether @a should be filled before @b. */
static bool comes_before(const struct swap_area *a, const struct swap_area *b)
{
	return a->priority > b->priority ||
	       (a->priority == b->priority && a->turn < b->turn);
}

/*
 * The one with the highest priority that has room. Equals take turns, a cluster
 * each, so that what goes out together still lies together.
 */
static struct swap_area *choose_locked(void)
{
	struct swap_area *best = NULL;

	for (unsigned int i = 0; i < SWAP_AREAS_MAX; i++) {
		struct swap_area *area = swap_areas[i];

		if (area && !area->closing &&
		    area->map.nr_used < area->map.nr_good &&
		    (!best || comes_before(area, best)))
			best = area;
	}
	return best;
}

swap_t swap_take_locked(const struct frame *frame)
{
	struct swap_area *area = choose_locked();
	uint32_t slot;

	if (!area)
		return 0;
	slot = swap_map_take(&area->map, frame);
	if (slot % SWAP_BATCH_FRAMES == SWAP_BATCH_FRAMES - 1)
		area->turn = ++nr_turns;
	return swap_entry(area, slot);
}

void swap_get(swap_t entry)
{
	spin_lock(&swap_lock);
	swap_map_get(&swap_area_of(entry)->map, swap_slot(entry));
	spin_unlock(&swap_lock);
}

/* The frame of a slot without users, if only the cache has it and it is at rest. */
static struct frame *unneeded_frame(const struct swap_map *map, uint32_t slot)
{
	struct frame *frame = swap_map_frame(map, slot);

	if (!frame || frame_refs(frame) > 1 ||
	    frame_flag_test(frame, FRAME_FLAG_READING | FRAME_FLAG_WRITING))
		return NULL;
	return frame;
}

void swap_put(swap_t entry)
{
	struct swap_map *map = &swap_area_of(entry)->map;
	struct frame *frame = NULL;

	spin_lock(&swap_lock);
	if (!swap_map_put(map, swap_slot(entry)))
		frame = unneeded_frame(map, swap_slot(entry));
	if (frame) {
		frame_get(frame);
		swap_cache_remove_locked(frame);
	}
	spin_unlock(&swap_lock);
	if (frame)
		frame_put(frame);
}

bool swap_keeps(swap_t entry)
{
	bool keeps;

	spin_lock(&swap_lock);
	keeps = !swap_area_of(entry)->closing && !swap_is_scarce_locked();
	spin_unlock(&swap_lock);
	return keeps;
}

unsigned int swap_users(swap_t entry)
{
	unsigned int users;

	spin_lock(&swap_lock);
	users = swap_map_users(&swap_area_of(entry)->map, swap_slot(entry));
	spin_unlock(&swap_lock);
	return users;
}

/* ---- sums ---- */

static void count_locked(uint64_t *total, uint64_t *used)
{
	*total = *used = 0;
	for (unsigned int i = 0; i < SWAP_AREAS_MAX; i++) {
		const struct swap_area *area = swap_areas[i];

		if (area && !area->closing) {
			*total += area->map.nr_good;
			*used += area->map.nr_used;
		}
	}
}

uint64_t swap_total_pages(void)
{
	uint64_t total, used;

	spin_lock(&swap_lock);
	count_locked(&total, &used);
	spin_unlock(&swap_lock);
	return total;
}

uint64_t swap_free_pages(void)
{
	uint64_t total, used;

	spin_lock(&swap_lock);
	count_locked(&total, &used);
	spin_unlock(&swap_lock);
	return total - used;
}

bool swap_is_scarce_locked(void)
{
	uint64_t total, used;

	count_locked(&total, &used);
	return 2 * used > total;
}

bool swap_area_info(unsigned int i, struct swap_info *info)
{
	const struct swap_area *area;

	spin_lock(&swap_lock);
	area = i < SWAP_AREAS_MAX ? swap_areas[i] : NULL;
	if (area)
		*info = (struct swap_info){ area->path, area->map.nr_good,
					    area->map.nr_used,
					    area->priority };
	spin_unlock(&swap_lock);
	return area != NULL;
}

uint64_t swap_validate(void)
{
	uint64_t users = 0;

	spin_lock(&swap_lock);
	for (unsigned int i = 0; i < SWAP_AREAS_MAX; i++)
		if (swap_areas[i])
			users += swap_map_validate(&swap_areas[i]->map);
	spin_unlock(&swap_lock);
	return users;
}
