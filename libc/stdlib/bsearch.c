/* Searching a sorted array. */
#include <stdlib.h>

void *bsearch(const void *key, const void *base, size_t n, size_t size,
	      __compare_fn compare)
{
	const char *low = base;

	/* If it is there at all, it is among the n elements from low. */
	while (n > 0) {
		const char *middle = low + n / 2 * size;
		int order = compare(key, middle);

		if (order == 0)
			return (void *)middle;
		if (order > 0) {
			low = middle + size;
			n--;
		}
		n /= 2;
	}
	return NULL;
}
