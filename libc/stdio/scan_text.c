/*
 * Text for scanf: %c, %s and %[, into the caller's array or into memory that
 * grows with it.
 */
#include "scan_spec.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

static int in_set(const struct scan_spec *spec, int c)
{
	const unsigned char *p = (const unsigned char *)spec->set;
	const unsigned char *end = (const unsigned char *)spec->set_end;

	for (; p < end; p++) {
		if (p + 2 < end && p[1] == '-') {
			if (c >= p[0] && c <= p[2])
				return !spec->set_inverted;
			p += 2;
		} else if (c == *p) {
			return !spec->set_inverted;
		}
	}
	return spec->set_inverted;
}

static int is_text(const struct scan_spec *spec, int c)
{
	switch (spec->conv) {
	case 'c':
		return 1;
	case 's':
		return !isspace(c);
	}
	return in_set(spec, c);
}

/* Where text goes: the caller's array, memory that grows, or nowhere. */
struct text_target {
	char *dst;
	char **allocated;	/* NULL: dst is the caller's */
	size_t size;
	size_t len;
};

/* Returns -1 without memory. */
static int target_put(struct text_target *t, char c)
{
	char *bigger;

	if (t->allocated && t->len == t->size) {
		bigger = realloc(t->dst, t->size ? t->size * 2 : 32);
		if (!bigger)
			return -1;
		t->dst = bigger;
		t->size = t->size ? t->size * 2 : 32;
	}
	if (t->dst)
		t->dst[t->len] = c;
	t->len++;
	return 0;
}

static enum scan_result read_text(struct __source *source,
				  const struct scan_spec *spec,
				  struct text_target *target)
{
	int left = spec->width;
	int c = EOF;

	for (; left > 0; left--) {
		c = __scan_get(source);
		if (c == EOF)
			break;
		if (!is_text(spec, c)) {
			__scan_unget(source, c);
			break;
		}
		if (target_put(target, (char)c) != 0)
			return SCAN_EOF;
	}
	if (left == spec->width)	/* "%2c" is content with one, as in glibc */
		return c == EOF ? SCAN_EOF : SCAN_MISMATCH;
	if (spec->conv != 'c' && target_put(target, '\0') != 0)
		return SCAN_EOF;
	return SCAN_OK;
}

enum scan_result __scan_text(struct __source *source,
			     const struct scan_spec *spec,
			     struct arguments *args)
{
	struct text_target target = { 0 };
	enum scan_result result;

	if (spec->conv == 's')
		__scan_skip_spaces(source);
	if (!spec->discard && spec->allocate)
		target.allocated = va_arg(args->list, char **);
	else if (!spec->discard)
		target.dst = va_arg(args->list, char *);
	result = read_text(source, spec, &target);
	if (!target.allocated)
		return result;
	if (result == SCAN_OK)
		*target.allocated = target.dst;
	else
		free(target.dst);
	return result;
}
