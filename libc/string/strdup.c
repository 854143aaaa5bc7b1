/* Copies of strings in memory from malloc(). */
#include <stdlib.h>
#include <string.h>

char *strndup(const char *str, size_t n)
{
	size_t len = strnlen(str, n);
	char *copy = malloc(len + 1);

	if (!copy)
		return NULL;
	memcpy(copy, str, len);
	copy[len] = '\0';
	return copy;
}

char *strdup(const char *str)
{
	size_t size = strlen(str) + 1;
	char *copy = malloc(size);

	return copy ? memcpy(copy, str, size) : NULL;
}
