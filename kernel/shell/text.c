/*
 * Capacity doubles, so that n bytes cost O(n) copies.
 */
#include "text.h"

#include <uapi/errno.h>

#include "kmalloc.h"
#include "string.h"

#define TEXT_FIRST_BYTES 1024

static int grow(struct text *text, size_t needed)
{
	size_t capacity = text->capacity ? text->capacity : TEXT_FIRST_BYTES;
	char *bytes;

	while (capacity < needed)
		capacity *= 2;
	bytes = kmalloc(capacity);
	if (!bytes)
		return -ENOMEM;
	if (text->length)
		memcpy(bytes, text->bytes, text->length);
	kfree(text->bytes);
	text->bytes = bytes;
	text->capacity = capacity;
	return 0;
}

int text_append(void *arg, const char *bytes, size_t n)
{
	struct text *text = arg;

	if (text->length + n > text->capacity && grow(text, text->length + n))
		return -ENOMEM;
	memcpy(text->bytes + text->length, bytes, n);
	text->length += n;
	return 0;
}

void text_free(struct text *text)
{
	kfree(text->bytes);
	*text = (struct text){ 0 };
}
