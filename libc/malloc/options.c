/*
 * options.c - starting up, mallopt(), and the FAULTLINE_MALLOC variable.
 *
 * The variable is a list like "mode=textbook,top_pad=64k"; the names are in
 * the table below, numbers may end in k, m or g. mallopt() sets the same
 * fields with glibc's numbers, ranges and return values.
 */
#include "options.h"

#include "arena.h"
#include "check.h"
#include "tcache.h"

#define KIB	1024UL

struct keys malloc_keys;
struct malloc_options malloc_options;
static port_lock_t start_lock;

/* Any of the four thresholds, set by hand, stops glibc mode's own tuning. */
static void set_by_hand(size_t *field, size_t value)
{
	*field = value;
	malloc_options.dynamic = false;
}

static void set_mode(enum malloc_mode mode)
{
	malloc_options.mode = mode;
	malloc_options.mmap_threshold = 128 * KIB;
	malloc_options.trim_threshold = 128 * KIB;
	malloc_options.top_pad = mode == MALLOC_MODE_TEXTBOOK ? 0 : 128 * KIB;
	malloc_options.top_pad_set = false;
	malloc_options.mmap_max = 65536;
	malloc_options.dynamic = mode == MALLOC_MODE_GLIBC;
	malloc_options.cache = mode != MALLOC_MODE_TEXTBOOK;
	tcache_reconsider();
}

static void set_nr_arenas(unsigned int nr)
{
	malloc_options.nr_arenas = nr < NR_ARENAS ? nr : NR_ARENAS;
}

int mallopt(int param, int value)
{
	malloc_ensure_started();
	switch (param) {
	case M_MXFAST:			/* there are no fastbins: range only */
		return value >= 0 && value <= 160;
	case M_NLBLKS:
	case M_GRAIN:
	case M_KEEP:
	case M_CHECK_ACTION:
	case M_ARENA_TEST:
		return 1;
	case M_TRIM_THRESHOLD:		/* -1 becomes SIZE_MAX: never */
		set_by_hand(&malloc_options.trim_threshold, value);
		return 1;
	case M_TOP_PAD:
		set_by_hand(&malloc_options.top_pad, value);
		malloc_options.top_pad_set = true;
		return 1;
	case M_MMAP_THRESHOLD:
		set_by_hand(&malloc_options.mmap_threshold, value);
		return 1;
	case M_MMAP_MAX:
		malloc_options.mmap_max = value;
		malloc_options.dynamic = false;
		return 1;
	case M_PERTURB:
		malloc_options.perturb = value;
		tcache_reconsider();
		return 1;
	case M_ARENA_MAX:
		if (value > 0)
			set_nr_arenas(value);
		return 1;
	case M_MODE:
		if (value < MALLOC_MODE_DEFAULT || value > MALLOC_MODE_GLIBC)
			return 0;
		set_mode(value);
		return 1;
	default:
		return 0;
	}
}

/* If @text starts with @word, what follows it; else NULL. */
static const char *after(const char *text, const char *word)
{
	while (*word)
		if (*text++ != *word++)
			return NULL;
	return text;
}

static bool at_end(const char *text)
{
	return !*text || *text == ',';
}

/* Read a number with an optional k, m or g; false if it is none. */
static bool parse_bytes(const char *text, size_t *value)
{
	const char *start = text;
	size_t n = 0;

	for (; *text >= '0' && *text <= '9'; text++)
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, *text - '0', &n))
			return false;
	if (text == start)
		return false;
	switch (*text) {
	case 'g':
		n *= KIB;
		/* fall through */
	case 'm':
		n *= KIB;
		/* fall through */
	case 'k':
		n *= KIB;
		text++;
	}
	*value = n;
	return at_end(text);
}

static bool parse_mode(const char *text)
{
	static const char *const names[] = { "default", "textbook", "glibc" };

	for (int mode = 0; mode < 3; mode++) {
		const char *end = after(text, names[mode]);

		if (end && at_end(end)) {
			set_mode(mode);
			return true;
		}
	}
	return false;
}

/* One NAME=VALUE at @text; false if we do not know what it means. */
static bool parse_option(const char *text)
{
	static const struct {
		const char *name;
		int param;
	} names[] = {
		{ "mmap_threshold=", M_MMAP_THRESHOLD },
		{ "trim_threshold=", M_TRIM_THRESHOLD },
		{ "top_pad=", M_TOP_PAD },
		{ "mmap_max=", M_MMAP_MAX },
		{ "perturb=", M_PERTURB },
		{ "arena_max=", M_ARENA_MAX },
	};
	const char *value = after(text, "mode=");
	size_t n;

	if (value)
		return parse_mode(value);
	value = after(text, "cache=");
	if (value && parse_bytes(value, &n)) {
		malloc_options.cache = n != 0;
		return true;
	}
	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		value = after(text, names[i].name);
		if (value)
			return parse_bytes(value, &n) && n <= INT32_MAX &&
			       mallopt(names[i].param, n);
	}
	return false;
}

static void parse_options(const char *text)
{
	while (text && *text) {
		if (!parse_option(text)) {
			malloc_warn("unknown option in FAULTLINE_MALLOC", text);
			return;
		}
		while (!at_end(text))
			text++;
		if (*text == ',')
			text++;
	}
}

/* The next number of the sequence that starts with the port's randomness. */
static uint64_t next_random(uint64_t *seed)
{
	uint64_t x = *seed += 0x9e3779b97f4a7c15;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

static void make_keys(const struct port_boot *boot)
{
	uint64_t seed = boot->random[0];

	malloc_keys.address = next_random(&seed) ^ boot->random[1];
	malloc_keys.size = next_random(&seed) | 1;
	malloc_keys.link = next_random(&seed);
	for (int state = CHUNK_IN_USE + 1; state < NR_CHUNK_STATES; state++)
		malloc_keys.state[state] = next_random(&seed);
}

static void arena_init(struct arena *a, unsigned int index)
{
	bins_init(&a->bins);
	a->flags = index << ARENA_SHIFT;
	a->regions = a->first_regions;
	a->max_regions = sizeof(a->first_regions) / sizeof(a->first_regions[0]);
}

void malloc_start(void)
{
	struct port_boot boot = { .nr_cpus = 1 };

	port_lock(&start_lock, true);
	if (!malloc_options.started) {
		port_start(&boot);
		make_keys(&boot);
		for (unsigned int i = 0; i < NR_ARENAS; i++)
			arena_init(&malloc_arenas[i], i);
		set_nr_arenas(boot.nr_cpus ? boot.nr_cpus : 1);
		set_mode(MALLOC_MODE_DEFAULT);
		__atomic_store_n(&malloc_options.started, true,
				 __ATOMIC_RELEASE);
		parse_options(boot.options);
	}
	port_unlock(&start_lock);
}
