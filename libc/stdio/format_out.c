/* What all conversions of the printf family need: text, padding, sign. */
#include "format_spec.h"

#include <string.h>

void __format_text(struct format_out *out, const char *text, size_t n)
{
	if (n == 0)
		return;
	out->count += n;
	out->sink->write(out->sink, text, n);
}

void __format_repeat(struct format_out *out, char c, size_t n)
{
	char chunk[64];
	size_t part;

	if (n == 0)
		return;
	memset(chunk, c, n < sizeof(chunk) ? n : sizeof(chunk));
	for (; n > 0; n -= part) {
		part = n < sizeof(chunk) ? n : sizeof(chunk);
		__format_text(out, chunk, part);
	}
}

/* How much of the width do @len bytes leave over? */
static size_t padding(const struct format_spec *spec, size_t len)
{
	return (size_t)spec->width > len ? (size_t)spec->width - len : 0;
}

void __format_field_begin(struct format_out *out,
			  const struct format_spec *spec, const char *prefix,
			  size_t body_len)
{
	size_t prefix_len = strlen(prefix);
	size_t pad = padding(spec, prefix_len + body_len);

	if (!(spec->flags & (FLAG_LEFT | FLAG_ZERO)))
		__format_repeat(out, ' ', pad);
	__format_text(out, prefix, prefix_len);
	if ((spec->flags & FLAG_ZERO) && !(spec->flags & FLAG_LEFT))
		__format_repeat(out, '0', pad);
}

void __format_field_end(struct format_out *out, const struct format_spec *spec,
			const char *prefix, size_t body_len)
{
	if (spec->flags & FLAG_LEFT)
		__format_repeat(out, ' ',
				padding(spec, strlen(prefix) + body_len));
}

const char *__format_sign(const struct format_spec *spec, int negative)
{
	if (negative)
		return "-";
	if (spec->flags & FLAG_PLUS)
		return "+";
	return spec->flags & FLAG_SPACE ? " " : "";
}
