/*
 * options.c - starting up, mallopt(), and the FAULTLINE_MALLOC variable.
 *
 * The variable is a list like "mode=textbook,top_pad=64k"; numbers may end in
 * k, m or g. mallopt() sets the same fields with glibc's numbers, ranges and
 * return values.
 */
#include "options.h"

#include "arena.h"
#include "careful.h"
#include "check.h"
#include "event.h"
#include "tcache.h"

#define KIB		1024UL
#define LEAD_MAX_BYTES	512

struct keys malloc_keys;
struct malloc_options malloc_options;
__malloc_event_hook malloc_event_hook;
static port_lock_t start_lock;
static uint64_t random_seed;

static const struct option {
	const char *name;	/* in the variable; NULL: mallopt() only */
	int param;
	bool by_hand;		/* stops glibc mode's own tuning */
	long min, max;
	size_t *field;		/* NULL: accepted, without effect */
} options[] = {
	{ "mode", M_MODE, false, 0, MALLOC_MODE_GLIBC, &malloc_options.mode },
	{ "mmap_threshold", M_MMAP_THRESHOLD, true, INT64_MIN, INT64_MAX,
	  &malloc_options.mmap_threshold },
	{ "trim_threshold", M_TRIM_THRESHOLD, true, INT64_MIN, INT64_MAX,
	  &malloc_options.trim_threshold },
	{ "top_pad", M_TOP_PAD, true, INT32_MIN, INT32_MAX,
	  &malloc_options.top_pad },
	{ "mmap_max", M_MMAP_MAX, true, INT32_MIN, INT32_MAX,
	  &malloc_options.mmap_max },
	{ "perturb", M_PERTURB, false, INT32_MIN, INT32_MAX,
	  &malloc_options.perturb },
	{ "arena_max", M_ARENA_MAX, false, INT32_MIN, INT32_MAX,
	  &malloc_options.nr_arenas },
	{ "cache", M_CACHE, false, 0, 1, &malloc_options.cache },
	{ "zero", M_ZERO, false, 0, 1, &malloc_options.zero },
	{ "quarantine", M_QUARANTINE, false, 0, INT32_MAX,
	  &malloc_options.quarantine },
	{ "guard", M_GUARD, false, 0, 1, &malloc_options.guard },
	{ "random", M_RANDOM, false, 0, 1, &malloc_options.random },
	{ NULL, M_MXFAST, false, 0, 160, NULL },	/* no fastbins here */
	{ NULL, M_NLBLKS, false, INT32_MIN, INT32_MAX, NULL },
	{ NULL, M_GRAIN, false, INT32_MIN, INT32_MAX, NULL },
	{ NULL, M_KEEP, false, INT32_MIN, INT32_MAX, NULL },
	{ NULL, M_CHECK_ACTION, false, INT32_MIN, INT32_MAX, NULL },
	{ NULL, M_ARENA_TEST, false, INT32_MIN, INT32_MAX, NULL },
};

static const char *const mode_names[] = {
	[MALLOC_MODE_DEFAULT] = "default",
	[MALLOC_MODE_TEXTBOOK] = "textbook",
	[MALLOC_MODE_GLIBC] = "glibc",
};

#define NR_OPTIONS	(sizeof(options) / sizeof(options[0]))

/* A mode is a set of values for those options that make it up. */
static void set_mode(enum malloc_mode mode)
{
	struct malloc_options *o = &malloc_options;

	o->mode = mode;
	o->mmap_threshold = 128 * KIB;
	o->trim_threshold = 128 * KIB;
	o->top_pad = mode == MALLOC_MODE_TEXTBOOK ? 0 : 128 * KIB;
	o->top_pad_set = false;
	o->mmap_max = 65536;
	o->dynamic = mode == MALLOC_MODE_GLIBC;
	o->cache = mode != MALLOC_MODE_TEXTBOOK;
}

static size_t not_negative(long value)
{
	return value > 0 ? value : 0;
}

static bool set_option(const struct option *o, long value)
{
	size_t stored = value;	/* a threshold of -1 is SIZE_MAX: never */

	if (value < o->min || value > o->max)
		return false;
	switch (o->param) {
	case M_MODE:
		set_mode(value);
		break;
	case M_TOP_PAD:
		malloc_options.top_pad_set = true;
		/* fall through */
	case M_MMAP_MAX:
		stored = not_negative(value);
		break;
	case M_ZERO:
	case M_QUARANTINE:
		careful_flush();
		break;
	case M_PERTURB:
		careful_flush();
		stored = value & 0xff;
		break;
	case M_ARENA_MAX:
		stored = value > 0 ? min_size(value, NR_ARENAS) : *o->field;
		break;
	}
	if (o->field)
		*o->field = stored;
	if (o->by_hand)
		malloc_options.dynamic = false;
	tcache_reconsider();
	return true;
}

int mallopt(int param, int value)
{
	malloc_ensure_started();
	for (unsigned int i = 0; i < NR_OPTIONS; i++)
		if (options[i].param == param)
			return set_option(&options[i], value);
	return 0;
}

const char *options_mode_name(void)
{
	return mode_names[malloc_options.mode];
}

/* ---- the variable ---- */

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
static bool parse_number(const char *text, long *value)
{
	const char *minus = after(text, "-"), *start = minus ? minus : text;
	int shift = 0;
	long n = 0;

	for (text = start; *text >= '0' && *text <= '9'; text++)
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, *text - '0', &n))
			return false;
	if (text == start)
		return false;
	if (*text == 'k' || *text == 'm' || *text == 'g')
		shift = *text == 'k' ? 10 : *text == 'm' ? 20 : 30;
	text += shift != 0;
	if (__builtin_mul_overflow(n, 1L << shift, &n))
		return false;
	*value = minus ? -n : n;
	return at_end(text);
}

static bool parse_mode(const char *text, long *value)
{
	for (*value = 0; *value <= MALLOC_MODE_GLIBC; ++*value) {
		const char *end = after(text, mode_names[*value]);

		if (end && at_end(end))
			return true;
	}
	return false;
}

/* One NAME=VALUE at @text; false if we do not know what it means. */
static bool parse_option(const char *text)
{
	for (unsigned int i = 0; i < NR_OPTIONS && options[i].name; i++) {
		const char *value = after(text, options[i].name);
		long n = 0;

		value = value ? after(value, "=") : NULL;
		if (!value)
			continue;
		if (options[i].param == M_MODE ? !parse_mode(value, &n) :
						 !parse_number(value, &n))
			return false;
		return set_option(&options[i], n);
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

/* ---- starting up ---- */

/* The next number of the sequence that starts with the port's randomness. */
static uint64_t next_random(void)
{
	uint64_t x = __atomic_add_fetch(&random_seed, 0x9e3779b97f4a7c15,
					__ATOMIC_RELAXED);

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

size_t random_lead(void)
{
	size_t lead = next_random() % LEAD_MAX_BYTES & ~(CHUNK_ALIGN - 1);

	return lead < CHUNK_MIN ? 0 : lead;
}

static void make_keys(const struct port_boot *boot)
{
	random_seed = boot->random[0];
	malloc_keys.address = next_random() ^ boot->random[1];
	malloc_keys.size = next_random() | 1;
	malloc_keys.link = next_random();
	for (int state = CHUNK_IN_USE + 1; state < NR_CHUNK_STATES; state++)
		malloc_keys.state[state] = next_random();
}

void malloc_start(void)
{
	struct port_boot boot = { .nr_cpus = 1 };

	port_lock(&start_lock, true);
	if (!malloc_options.started) {
		port_start(&boot);
		make_keys(&boot);
		for (unsigned int i = 0; i < NR_ARENAS; i++) {
			malloc_arenas[i].flags = i << ARENA_SHIFT;
			bins_init(&malloc_arenas[i].bins);
		}
		malloc_options.nr_arenas =
			min_size(max_size(boot.nr_cpus, 1), NR_ARENAS);
		set_mode(MALLOC_MODE_DEFAULT);
		__atomic_store_n(&malloc_options.started, true,
				 __ATOMIC_RELEASE);
		parse_options(boot.options);
	}
	port_unlock(&start_lock);
}

void __malloc_set_event_hook(__malloc_event_hook hook)
{
	malloc_ensure_started();
	malloc_event_hook = NULL;	/* emptying the caches is no event */
	if (hook)
		__malloc_thread_exit();
	malloc_event_hook = hook;
}
