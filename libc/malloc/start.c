/*
 * start.c - the first call: keys and arenas; and default mode's options.
 */
#include "arena.h"
#include "options.h"
#include "tools/event.h"

struct keys malloc_keys;
struct malloc_options malloc_options = {
	.mmap_threshold = THRESHOLD_BYTES, .trim_threshold = THRESHOLD_BYTES,
	.top_pad = THRESHOLD_BYTES, .mmap_max = MMAP_MAX, .cache = 1,
};
__malloc_event_hook malloc_event_hook;
static port_lock_t start_lock;
static struct port_boot boot;	/* its random numbers are malloc_random()'s seeds */

static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

/*
 * A key gets known to whoever reads a link: mix() can be undone. So there are two seeds,
 * and one number tells 64 bits of their 128, but nothing about the next number.
 */
uint64_t malloc_random(void)
{
	return mix(boot.random[1] ^ mix(__atomic_add_fetch(&boot.random[0], 0x9e3779b97f4a7c15,
							   __ATOMIC_RELAXED)));
}

void malloc_start(void)
{
	port_lock(&start_lock);
	if (!malloc_options.started) {
		port_start(&boot);
		malloc_keys.address = malloc_random();
		malloc_keys.size = malloc_random() | 1;
		malloc_keys.more = malloc_random() | 1;
		malloc_keys.link = malloc_random();
		for (int state = CHUNK_IN_USE + 1; state < NR_CHUNK_STATES; state++)
			malloc_keys.state[state] = malloc_random();
		if (!malloc_options.nr_arenas)	/* the port has not said it */
			malloc_options.nr_arenas = min_size(max_size(boot.nr_cpus, 1), NR_ARENAS);
		__atomic_store_n(&malloc_options.started, true, __ATOMIC_RELEASE);
	}
	port_unlock(&start_lock);
}
