#pragma once

#include <stddef.h>
#include <string.h>

/* Exchange two elements of @size bytes, in pieces. The same one twice is fine. */
static inline void __swap(char *a, char *b, size_t size)
{
	char tmp[64];
	size_t part;

	for (; size > 0; size -= part, a += part, b += part) {
		part = size < sizeof(tmp) ? size : sizeof(tmp);
		memcpy(tmp, a, part);
		memmove(a, b, part);
		memcpy(b, tmp, part);
	}
}
