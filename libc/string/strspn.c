/* Strings as sequences of members of a set of bytes; cutting into tokens. */
#include <stdint.h>
#include <string.h>

/* A set of bytes: one bit each. */
struct byte_set {
	uint64_t bits[4];
};

static struct byte_set set_of(const char *members)
{
	struct byte_set set = { { 0 } };

	for (const unsigned char *p = (const void *)members; *p; p++)
		set.bits[*p / 64] |= 1UL << *p % 64;
	return set;
}

static int is_member(const struct byte_set *set, char c)
{
	unsigned char byte = (unsigned char)c;

	return (int)(set->bits[byte / 64] >> byte % 64 & 1);
}

size_t strspn(const char *str, const char *accept)
{
	struct byte_set set = set_of(accept);
	size_t n = 0;

	while (str[n] && is_member(&set, str[n]))
		n++;
	return n;
}

size_t strcspn(const char *str, const char *reject)
{
	struct byte_set set = set_of(reject);
	size_t n = 0;

	while (str[n] && !is_member(&set, str[n]))
		n++;
	return n;
}

char *strpbrk(const char *str, const char *accept)
{
	str += strcspn(str, accept);
	return *str ? (char *)str : NULL;
}

/* Cut the string at the next delimiter; *@str is NULL behind the last part. */
char *strsep(char **restrict str, const char *restrict delim)
{
	char *token = *str;
	char *end;

	if (!token)
		return NULL;
	end = strpbrk(token, delim);
	if (end)
		*end++ = '\0';
	*str = end;
	return token;
}

/* As strsep(), but any number of delimiters stands between two tokens. */
char *strtok_r(char *restrict str, const char *restrict delim,
	       char **restrict rest)
{
	if (!str)
		str = *rest;
	if (str)
		str += strspn(str, delim);
	if (!str || !*str) {
		*rest = NULL;
		return NULL;
	}
	*rest = str;
	return strsep(rest, delim);
}

char *strtok(char *restrict str, const char *restrict delim)
{
	static char *rest;

	return strtok_r(str, delim, &rest);
}
