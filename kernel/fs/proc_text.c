/*
 * Texts that grow as they are written.
 */
#include "proc_text.h"

#include <uapi/errno.h>

#include "kmalloc.h"
#include "panic.h"
#include "printk.h"
#include "string.h"

#define FIRST_BYTES 512
#define LINE_MAX_BYTES 256

struct proc_text *proc_text_create(void)
{
	struct proc_text *text = kzalloc(sizeof(*text));

	if (text)
		text->refs = 1;
	return text;
}

void proc_text_put(struct proc_text *text)
{
	if (!text || __atomic_sub_fetch(&text->refs, 1, __ATOMIC_ACQ_REL))
		return;
	kfree(text->buf);
	kfree(text);
}

static int make_room(struct proc_text *text, size_t n)
{
	size_t capacity = text->capacity ? text->capacity : FIRST_BYTES;
	char *buf;

	if (text->bytes + n <= text->capacity)
		return 0;
	while (capacity < text->bytes + n)
		capacity *= 2;
	buf = kmalloc(capacity);
	if (!buf)
		return -ENOMEM;
	memcpy(buf, text->buf, text->bytes);
	kfree(text->buf);
	text->buf = buf;
	text->capacity = capacity;
	return 0;
}

void proc_append(struct proc_text *text, const char *bytes, size_t n)
{
	if (text->err)
		return;
	text->err = make_room(text, n);
	if (text->err)
		return;
	memcpy(text->buf + text->bytes, bytes, n);
	text->bytes += n;
}

void proc_printf(struct proc_text *text, const char *fmt, ...)
{
	char line[LINE_MAX_BYTES];
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	KASSERT((size_t)n < sizeof(line));
	proc_append(text, line, (size_t)n);
}

int proc_text_emit(void *text, const char *bytes, size_t n)
{
	struct proc_text *to = text;

	proc_append(to, bytes, n);
	return to->err;
}
