/*
 * Finding a string in another, by the two-way algorithm of Crochemore and
 * Perrin: linear time and no memory, whatever the strings are.
 *
 * The needle is cut in two at its critical position. The right part is
 * compared forwards, then the left part backwards. A mismatch in the right
 * part after k bytes allows a shift by k; one in the left part, by the period.
 */
#include <stdint.h>
#include <string.h>

struct needle {
	const unsigned char *str;
	size_t len;
	size_t cut;		/* length of the left part */
	size_t period;
	int periodic;		/* the left part repeats after one period */
};

/*
 * The start of the greatest suffix of the needle, by the usual order of bytes
 * or by its reverse; its period goes to @period.
 */
static size_t greatest_suffix(const unsigned char *str, size_t len,
			      int reverse, size_t *period)
{
	size_t best = 0;	/* start of the greatest suffix so far */
	size_t start = 1;	/* start of the one compared with it */
	size_t k = 0;		/* bytes in which both agree */
	size_t p = 1;

	while (start + k < len) {
		unsigned char a = str[reverse ? best + k : start + k];
		unsigned char b = str[reverse ? start + k : best + k];

		if (a == b) {
			if (++k == p) {
				start += p;
				k = 0;
			}
		} else if (a < b) {
			start += k + 1;
			k = 0;
			p = start - best;
		} else {
			best = start++;
			k = 0;
			p = 1;
		}
	}
	*period = p;
	return best;
}

static void needle_prepare(struct needle *needle)
{
	size_t period, reverse_period, reverse_cut;

	needle->cut = greatest_suffix(needle->str, needle->len, 0, &period);
	reverse_cut = greatest_suffix(needle->str, needle->len, 1,
				      &reverse_period);
	if (reverse_cut > needle->cut) {
		needle->cut = reverse_cut;
		period = reverse_period;
	}
	needle->periodic = needle->cut + period <= needle->len &&
		memcmp(needle->str, needle->str + period, needle->cut) == 0;
	if (needle->periodic) {
		needle->period = period;
	} else {
		size_t right = needle->len - needle->cut;

		/* Not the real period, but a shift that misses nothing. */
		needle->period =
			(needle->cut > right ? needle->cut : right) + 1;
	}
}

static void *find(const unsigned char *hay, size_t hay_len,
		  const struct needle *needle)
{
	size_t known = 0;	/* bytes of the needle known to match already */
	size_t pos = 0;
	size_t i;

	while (pos + needle->len <= hay_len) {
		i = needle->cut > known ? needle->cut : known;
		while (i < needle->len && needle->str[i] == hay[pos + i])
			i++;
		if (i < needle->len) {
			pos += i - needle->cut + 1;
			known = 0;
			continue;
		}
		i = needle->cut;
		while (i > known && needle->str[i - 1] == hay[pos + i - 1])
			i--;
		if (i <= known)
			return (void *)(hay + pos);
		pos += needle->period;
		known = needle->periodic ? needle->len - needle->period : 0;
	}
	return NULL;
}

void *memmem(const void *hay, size_t hay_len, const void *needle_str,
	     size_t needle_len)
{
	struct needle needle = { .str = needle_str, .len = needle_len };

	if (needle_len == 0)
		return (void *)hay;
	if (needle_len > hay_len)
		return NULL;
	if (needle_len == 1)
		return memchr(hay, *needle.str, hay_len);
	needle_prepare(&needle);
	return find(hay, hay_len, &needle);
}

char *strstr(const char *hay, const char *needle)
{
	if (!*needle)
		return (char *)hay;
	/* Start where the first byte is; often that is nowhere. */
	hay = strchr(hay, *needle);
	if (!hay)
		return NULL;
	return memmem(hay, strlen(hay), needle, strlen(needle));
}
