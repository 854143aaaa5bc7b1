/* Wide characters, written as UTF-8: %lc and %ls. */
#include "format_spec.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_MAX	4

/* Encode @wide. Returns the number of bytes, or 0: it is no character. */
static size_t utf8_encode(char dst[UTF8_MAX], wchar_t wide)
{
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	uint32_t c = (uint32_t)wide;
	size_t n;

	if (c < 0x80) {
		dst[0] = (char)c;
		return 1;
	}
	if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (size_t i = n - 1; i > 0; i--) {
		dst[i] = (char)(0x80 | (c & 0x3f));
		c >>= 6;
	}
	dst[0] = (char)(lead[n] | c);
	return n;
}

int __format_wide_char(struct format_out *out, struct format_spec *spec,
		       wchar_t wide)
{
	char utf8[UTF8_MAX];
	size_t n = utf8_encode(utf8, wide);

	if (n == 0)
		return EILSEQ;
	spec->flags &= ~(unsigned int)FLAG_ZERO;
	__format_field_begin(out, spec, "", n);
	__format_text(out, utf8, n);
	__format_field_end(out, spec, "", n);
	return 0;
}

/* How many bytes of @str fit into @max, in whole characters? -1: a bad one. */
static long utf8_length(const wchar_t *str, size_t max)
{
	char utf8[UTF8_MAX];
	size_t len = 0;
	size_t n;

	for (; len < max && *str; str++, len += n) {
		n = utf8_encode(utf8, *str);
		if (n == 0)
			return -1;
		if (n > max - len)
			break;
	}
	return (long)len;
}

int __format_wide_str(struct format_out *out, struct format_spec *spec,
		      const wchar_t *str)
{
	size_t max = spec->precision < 0 ? SIZE_MAX : (size_t)spec->precision;
	long len = utf8_length(str, max);
	char utf8[UTF8_MAX];
	size_t left, n;

	if (len < 0)
		return EILSEQ;
	spec->flags &= ~(unsigned int)FLAG_ZERO;
	__format_field_begin(out, spec, "", (size_t)len);
	for (left = (size_t)len; left > 0; left -= n) {
		n = utf8_encode(utf8, *str++);
		__format_text(out, utf8, n);
	}
	__format_field_end(out, spec, "", (size_t)len);
	return 0;
}
