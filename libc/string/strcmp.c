/* Comparing strings, as unsigned bytes. There is only the "C" locale. */
#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n && *a && *a == *b; n--) {
		a++;
		b++;
	}
	return n ? (unsigned char)*a - (unsigned char)*b : 0;
}

int strcmp(const char *a, const char *b)
{
	return strncmp(a, b, SIZE_MAX);
}

int strncasecmp(const char *a, const char *b, size_t n)
{
	int diff = 0;

	for (; n && !diff; n--, a++, b++) {
		diff = tolower((unsigned char)*a) - tolower((unsigned char)*b);
		if (!*a)
			break;
	}
	return diff;
}

int strcasecmp(const char *a, const char *b)
{
	return strncasecmp(a, b, SIZE_MAX);
}

int strcoll(const char *a, const char *b)
{
	return strcmp(a, b);
}

/* Rarely used, and short strings: the plain search does. */
char *strcasestr(const char *hay, const char *needle)
{
	size_t len = strlen(needle);

	for (; strncasecmp(hay, needle, len) != 0; hay++)
		if (!*hay)
			return NULL;
	return (char *)hay;
}
