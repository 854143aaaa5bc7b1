/*
 * Words as they were typed become words as commands see them: quotes go away,
 * variables are replaced by their values.
 */
#include "parse.h"

#include "string.h"

static bool is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

size_t name_length(const char *text)
{
	size_t n = 0;

	if (!is_name_start(text[0]))
		return 0;
	while (is_name_start(text[n]) || (text[n] >= '0' && text[n] <= '9'))
		n++;
	return n;
}

bool word_is_assignment(const char *word)
{
	size_t n = name_length(word);

	return n && word[n] == '=';
}

/*
 * Where the result goes. The word is walked twice with the same code: first
 * with no buffer, to learn its length, then to fill one of that length.
 */
struct expansion {
	variable_lookup lookup;
	char *out; /* NULL: only count */
	size_t length;
	bool quoted; /* a quote or backslash was seen */
};

static void put(struct expansion *expansion, const char *text, size_t n)
{
	if (expansion->out)
		memcpy(expansion->out + expansion->length, text, n);
	expansion->length += n;
}

/*
 * The name behind the $ at @p: *@name and its length, and the first byte behind
 * the whole. NULL: no name stands there and the $ means itself.
 */
static const char *variable_at(const char *p, const char **name, size_t *length)
{
	bool braced = p[1] == '{';

	*name = p + 1 + braced;
	*length = **name == '?' || **name == '$' ? 1 : name_length(*name);
	if (!*length || (braced && (*name)[*length] != '}'))
		return NULL;
	return *name + *length + braced;
}

static const char *put_variable(struct expansion *expansion, const char *p)
{
	const char *name, *value;
	size_t length;
	const char *end = variable_at(p, &name, &length);

	if (!end) {
		put(expansion, p, 1);
		return p + 1;
	}
	value = expansion->lookup(name, length);
	if (value)
		put(expansion, value, strlen(value));
	return end;
}

/* The inside of "...", from behind its opening quote to its closing one. */
static const char *put_double_quoted(struct expansion *expansion, const char *p)
{
	while (*p && *p != '"') {
		if (*p == '$') {
			p = put_variable(expansion, p);
			continue;
		}
		if (*p == '\\' && p[1] && strchr("\\\"$`", p[1]))
			p++;
		put(expansion, p++, 1);
	}
	return p;
}

static void expand(struct expansion *expansion, const char *p)
{
	expansion->length = 0;
	while (*p) {
		const char *start = p;

		if (*p == '$') {
			p = put_variable(expansion, p);
			continue;
		}
		if (!strchr("'\"\\", *p)) {
			put(expansion, p++, 1);
			continue;
		}
		expansion->quoted = true;
		if (*start == '\'') {
			p = strchr(start + 1, '\'');
			put(expansion, start + 1, (size_t)(p - start - 1));
		} else if (*start == '"') {
			p = put_double_quoted(expansion, start + 1);
		} else if (p[1]) {
			put(expansion, ++p, 1);
		} else {
			put(expansion, p, 1); /* a backslash ends the line */
		}
		if (*p)
			p++;
	}
}

char *word_expand(const char *word, variable_lookup lookup,
		  struct arena *arena, bool *vanishes)
{
	struct expansion expansion = { .lookup = lookup };

	expand(&expansion, word);
	expansion.out = arena_alloc(arena, expansion.length + 1);
	if (!expansion.out)
		return NULL;
	expand(&expansion, word);
	*vanishes = !expansion.length && !expansion.quoted;
	return expansion.out;
}
