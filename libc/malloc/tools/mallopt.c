/*
 * mallopt.c - mallopt(), and the FAULTLINE_MALLOC variable.
 *
 * The variable is a list like "mode=textbook,top_pad=64k"; numbers may end in
 * k, m or g. mallopt() sets the same fields with glibc's numbers and ranges; it
 * gives 0 for what it does not know, as its manual says.
 */
#include "../../include/malloc.h"

#include "../arena.h"
#include "../check.h"
#include "../keep.h"
#include "../options.h"
#include "../tcache.h"
#include "careful.h"
#include "event.h"

#define BYTES_MAX	(INT64_MAX / 8)	/* sums of sizes must not overflow */

void options_for_mode(enum malloc_mode mode)
{
	struct malloc_options *o = &malloc_options;

	o->mmap_threshold = o->trim_threshold = THRESHOLD_BYTES;
	o->top_pad = mode == MALLOC_MODE_TEXTBOOK ? 0 : THRESHOLD_BYTES;
	o->top_pad_set = false;
	o->mmap_max = MMAP_MAX;
	o->dynamic = mode == MALLOC_MODE_GLIBC;
	o->cache = mode != MALLOC_MODE_TEXTBOOK;
}

static size_t ignored;		/* the value of what has no effect here */

static const struct option {
	const char *name;	/* in the variable; NULL, the last: no such */
	int param;
	long min, max;
	size_t *field;
} options[] = {
	{ "mode", M_MODE, 0, MALLOC_MODE_GLIBC, &malloc_options.mode },
	{ "mmap_threshold", M_MMAP_THRESHOLD, INT64_MIN, INT64_MAX,
	  &malloc_options.mmap_threshold },
	{ "trim_threshold", M_TRIM_THRESHOLD, INT64_MIN, INT64_MAX,
	  &malloc_options.trim_threshold },
	{ "top_pad", M_TOP_PAD, INT32_MIN, BYTES_MAX, &malloc_options.top_pad },
	{ "mmap_max", M_MMAP_MAX, INT32_MIN, INT32_MAX, &malloc_options.mmap_max },
	{ "perturb", M_PERTURB, INT32_MIN, INT32_MAX, &malloc_options.perturb },
	{ "arena_max", M_ARENA_MAX, INT32_MIN, INT32_MAX, &malloc_options.nr_arenas },
	{ "cache", M_CACHE, 0, 1, &malloc_options.cache },
	{ "zero", M_ZERO, 0, 1, &malloc_options.zero },
	{ "quarantine", M_QUARANTINE, 0, BYTES_MAX, &malloc_options.quarantine },
	{ "guard", M_GUARD, 0, 1, &malloc_options.guard },
	{ "random", M_RANDOM, 0, 1, &malloc_options.random },
	{ NULL, M_MXFAST, 0, 160, &ignored },	/* there are no fastbins */
	{ NULL, M_NLBLKS, INT32_MIN, INT32_MAX, &ignored },
	{ NULL, M_GRAIN, INT32_MIN, INT32_MAX, &ignored },
	{ NULL, M_KEEP, INT32_MIN, INT32_MAX, &ignored },
	{ NULL, M_CHECK_ACTION, INT32_MIN, INT32_MAX, &ignored },
	{ NULL, M_ARENA_TEST, INT32_MIN, INT32_MAX, &ignored },
};

static const char *const mode_names[] = {
	[MALLOC_MODE_DEFAULT] = "default",
	[MALLOC_MODE_TEXTBOOK] = "textbook",
	[MALLOC_MODE_GLIBC] = "glibc",
};

#define NR_OPTIONS	(sizeof(options) / sizeof(options[0]))

static bool set_option(const struct option *o, long value)
{
	size_t stored = value;	/* a threshold of -1 is SIZE_MAX: never */

	if (value < o->min || value > o->max)
		return false;
	switch (o->param) {
	case M_MODE:
		options_for_mode(value);
		break;
	case M_TOP_PAD:
		malloc_options.top_pad_set = true;
		/* fall through */
	case M_MMAP_MAX:
		stored = value > 0 ? value : 0;
		break;
	case M_PERTURB:
		stored = value & 0xff;
		break;
	case M_ARENA_MAX:
		stored = value > 0 ? min_size(value, NR_ARENAS) : *o->field;
		break;
	}
	*o->field = stored;
	if (o->param <= M_TRIM_THRESHOLD && o->param >= M_MMAP_MAX)
		malloc_options.dynamic = false;		/* one of glibc's four */
	return true;
}

int mallopt(int param, int value)
{
	bool accepted = false;

	malloc_ensure_started();
	if (malloc_is_broken)	/* locks may be held for ever: check.c */
		return false;
	careful_flush();	/* what waits was filled as the old value says */
	for (const struct option *o = options; o < options + NR_OPTIONS; o++)
		if (o->param == param)
			accepted = set_option(o, value);
	if (param == M_MODE || !tcache_wanted()) {
		__malloc_thread_exit();
		while (keep_flush(true))
			;
	}
	return accepted;
}

const char *options_mode_name(void)
{
	return mode_names[malloc_options.mode];
}

/* ---- the variable; each function returns what follows, NULL: not that ---- */

static const char *after(const char *text, const char *word)
{
	while (*word)
		if (*text++ != *word++)
			return NULL;
	return text;
}

static const char *parse_mode(const char *text, long *value)
{
	const char *end = NULL;

	for (long mode = 0; !end && mode <= MALLOC_MODE_GLIBC; mode++) {
		end = after(text, mode_names[mode]);
		*value = mode;
	}
	return end;
}

static const char *parse_number(const char *text, long *value)
{
	long sign = *text == '-' ? -1 : 1;
	const char *digits = sign < 0 ? text + 1 : text;
	int shift = 0;

	*value = 0;
	for (text = digits; *text >= '0' && *text <= '9'; text++)
		if (__builtin_mul_overflow(*value, 10, value) ||
		    __builtin_add_overflow(*value, sign * (*text - '0'), value))
			return NULL;
	for (int i = 0; i < 3; i++)
		if (*text == "kmg"[i])
			shift = 10 * (i + 1);
	if (text == digits ||
	    __builtin_mul_overflow(*value, 1L << shift, value))
		return NULL;
	return shift ? text + 1 : text;
}

/* A mistake is, too, what mallopt() ignores or cuts in silence, as glibc's does. */
static bool is_meant(const struct option *o, long value)
{
	if (o->param == M_TRIM_THRESHOLD || o->param == M_MMAP_THRESHOLD)
		return true;	/* -1: never */
	if (o->param == M_PERTURB && value > 0xff)
		return false;
	return value >= (o->param == M_ARENA_MAX ? 1 : 0);
}

/* Do what @text says; or what is wrong with it. */
static const char *parse_option(const char *text)
{
	for (const struct option *o = options; o->name; o++) {
		const char *end = after(text, o->name);
		long value;

		end = end ? after(end, "=") : NULL;
		if (!end)
			continue;
		end = o->param == M_MODE ? parse_mode(end, &value) :
					   parse_number(end, &value);
		if (!end || *end || !is_meant(o, value) || !set_option(o, value))
			return "bad value in FAULTLINE_MALLOC";
		return NULL;
	}
	return "unknown option in FAULTLINE_MALLOC";
}

/* Of a list of options, apply the modes, or all others. */
static void parse_list(const char *text, bool modes)
{
	while (text && *text) {
		const char *wrong = NULL;
		char option[100];
		size_t nr = 0;
		bool all = true;

		while (*text == ' ')
			text++;
		for (; *text && *text != ','; text++) {
			all = nr < sizeof(option) - 1;
			if (all)
				option[nr++] = *text;
		}
		while (nr && option[nr - 1] == ' ')
			nr--;
		option[nr] = '\0';
		text += *text == ',';
		if (*option && !!after(option, "mode=") == modes)
			wrong = all ? parse_option(option) :
				      "too long an option in FAULTLINE_MALLOC";
		if (wrong)
			malloc_message(wrong, option, false);
	}
}

/* Modes first, wherever they stand: each one sets several of the others. */
void malloc_parse_options(const char *text)
{
	parse_list(text, true);
	parse_list(text, false);
}

void __malloc_set_event_hook(__malloc_event_hook hook)
{
	malloc_ensure_started();
	/* Emptying the cache is no event. */
	__atomic_store_n(&malloc_event_hook, NULL, __ATOMIC_RELAXED);
	__malloc_thread_exit();
	__atomic_store_n(&malloc_event_hook, hook, __ATOMIC_RELAXED);
}
