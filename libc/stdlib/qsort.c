/*
 * Sorting, by quicksort with the median of three as pivot, by insertion when
 * a part is short, and by heapsort when quicksort goes wrong: so never more
 * than O(n log n) comparisons, and no memory but O(log n) of stack.
 */
#include <stdint.h>
#include <stdlib.h>

#include "swap.h"

#define SHORT_ELEMENTS	12	/* insertion is faster up to here */

typedef int (*compare_fn)(const void *, const void *, void *);

/* What stays the same during one sort. */
struct sorter {
	size_t size;		/* of an element */
	compare_fn compare;
	void *arg;
};

static int less(const struct sorter *s, const char *a, const char *b)
{
	return s->compare(a, b, s->arg) < 0;
}

static void insertion_sort(const struct sorter *s, char *base, size_t n)
{
	char *end = base + n * s->size;
	char *pos, *next;

	for (next = base + s->size; next < end; next += s->size)
		for (pos = next; pos > base && less(s, pos, pos - s->size);
		     pos -= s->size)
			__swap(pos, pos - s->size, s->size);
}

/* Let the element at @root sink until no child is greater. */
static void sift_down(const struct sorter *s, char *base, size_t root, size_t n)
{
	size_t child;

	for (; (child = 2 * root + 1) < n; root = child) {
		char *left = base + child * s->size;

		if (child + 1 < n && less(s, left, left + s->size))
			child++;
		if (!less(s, base + root * s->size, base + child * s->size))
			return;
		__swap(base + root * s->size, base + child * s->size, s->size);
	}
}

static void heap_sort(const struct sorter *s, char *base, size_t n)
{
	for (size_t root = n / 2; root-- > 0;)
		sift_down(s, base, root, n);
	while (n > 1) {
		n--;
		__swap(base, base + n * s->size, s->size);
		sift_down(s, base, 0, n);
	}
}

/* Order first, middle and last; the median goes to the first place. */
static void choose_pivot(const struct sorter *s, char *base, size_t n)
{
	char *middle = base + n / 2 * s->size;
	char *last = base + (n - 1) * s->size;

	if (less(s, middle, base))
		__swap(middle, base, s->size);
	if (less(s, last, middle)) {
		__swap(last, middle, s->size);
		if (less(s, middle, base))
			__swap(middle, base, s->size);
	}
	__swap(base, middle, s->size);
}

/*
 * Divide by the pivot at @base; returns the index where it ends up, with
 * nothing greater before it and nothing less behind. Both scans stop at equal
 * elements: so many equal ones split in halves, too.
 */
static size_t partition(const struct sorter *s, char *base, size_t n)
{
	size_t low = 0, high = n;

	for (;;) {
		do {
			low++;
		} while (low < n && less(s, base + low * s->size, base));
		do {
			high--;
		} while (less(s, base, base + high * s->size));
		if (low >= high)
			break;
		__swap(base + low * s->size, base + high * s->size, s->size);
	}
	__swap(base, base + high * s->size, s->size);
	return high;
}

/* The shorter part by recursion, the longer by iteration: O(log n) of stack. */
static void intro_sort(const struct sorter *s, char *base, size_t n, int depth)
{
	size_t pivot, rest;

	while (n > SHORT_ELEMENTS) {
		if (depth-- == 0) {
			heap_sort(s, base, n);
			return;
		}
		choose_pivot(s, base, n);
		pivot = partition(s, base, n);
		rest = n - pivot - 1;
		if (pivot < rest) {
			intro_sort(s, base, pivot, depth);
			base += (pivot + 1) * s->size;
			n = rest;
		} else {
			intro_sort(s, base + (pivot + 1) * s->size, rest,
				   depth);
			n = pivot;
		}
	}
	insertion_sort(s, base, n);
}

void qsort_r(void *base, size_t n, size_t size, compare_fn compare, void *arg)
{
	struct sorter sorter = { size, compare, arg };
	int depth = 0;

	if (n < 2 || size == 0)
		return;
	for (size_t left = n; left > 1; left /= 2)
		depth += 2;	/* twice what even splits need */
	intro_sort(&sorter, base, n, depth);
}

static int call_compare(const void *a, const void *b, void *compare)
{
	return (*(__compare_fn *)compare)(a, b);
}

void qsort(void *base, size_t n, size_t size, __compare_fn compare)
{
	qsort_r(base, n, size, call_compare, &compare);
}
