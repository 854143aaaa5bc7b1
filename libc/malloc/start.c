/*
 * start.c - the first call: keys, arenas, and the values of a mode.
 */
#include "arena.h"
#include "options.h"
#include "tools/event.h"

struct keys malloc_keys;
struct malloc_options malloc_options;
__malloc_event_hook malloc_event_hook;
static port_lock_t start_lock;
static uint64_t random_seed;

void options_for_mode(enum malloc_mode mode)
{
	struct malloc_options *o = &malloc_options;

	o->mmap_threshold = o->trim_threshold = 128 * KIB;
	o->top_pad = mode == MALLOC_MODE_TEXTBOOK ? 0 : 128 * KIB;
	o->top_pad_set = false;
	o->mmap_max = 65536;
	o->dynamic = mode == MALLOC_MODE_GLIBC;
	o->cache = mode != MALLOC_MODE_TEXTBOOK;
}

uint64_t malloc_random(void)
{
	uint64_t x = __atomic_add_fetch(&random_seed, 0x9e3779b97f4a7c15, __ATOMIC_RELAXED);

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

void malloc_start(void)
{
	struct port_boot boot = { 0 };

	port_lock(&start_lock);
	if (!malloc_options.started) {
		options_for_mode(MALLOC_MODE_DEFAULT);
		port_start(&boot);
		random_seed = boot.random[0];
		malloc_keys.address = malloc_random() ^ boot.random[1];
		malloc_keys.size = malloc_random() | 1;
		malloc_keys.link = malloc_random();
		for (int state = CHUNK_IN_USE + 1; state < NR_CHUNK_STATES; state++)
			malloc_keys.state[state] = malloc_random();
		if (!malloc_options.nr_arenas)	/* the port has not said it */
			malloc_options.nr_arenas = min_size(max_size(boot.nr_cpus, 1), NR_ARENAS);
		__atomic_store_n(&malloc_options.started, true, __ATOMIC_RELEASE);
	}
	port_unlock(&start_lock);
}
