/*
 * header: how free() knows the size, which nobody tells it.
 *
 * Sixteen bytes below each pointer begins the chunk's boundary tag:
 *
 *	p - 16   prev_size	the chunk in front, if that is free
 *	p -  8   size | flags	this chunk; the low four bits are flags
 *	p -  4   tag		a seal over both, so that forgery is noticed
 *	p        your bytes
 *
 * The size leads to the next chunk, and free() looks both ways: is the neighbour
 * free, too, they become one. This program reads the tags beside three blocks,
 * frees the first two, and reads again. (Do this only to look, never to write.)
 */
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PREV_INUSE 1U
#define IS_MMAPPED 2U
#define FLAGS 15U

struct tag {
	uint64_t prev_size;
	uint32_t size;
	uint32_t seal;
};

/* Copied with memcpy: to the compiler, a freed block's memory is gone. */
static struct tag tag_below(uintptr_t mem)
{
	struct tag tag;

	memcpy(&tag, (const void *)(mem - sizeof(tag)), sizeof(tag));
	return tag;
}

static void show(const char *what, struct tag tag)
{
	printf("%-28s size %6u  flags %s%s\n", what, tag.size & ~FLAGS,
	       tag.size & PREV_INUSE ? "P" : "-",
	       tag.size & IS_MMAPPED ? "M" : "-");
}

static int expect(const char *what, unsigned long got, unsigned long want)
{
	if (got == want)
		return 0;
	printf("%s: %lu, expected %lu\n", what, got, want);
	return 1;
}

/* As numbers: a freed pointer is not for looking at, an address is. */
static uintptr_t a, b, c, mapped;

static void allocate(void)
{
	a = (uintptr_t)malloc(100);
	b = (uintptr_t)malloc(2000);
	c = (uintptr_t)malloc(1);
	mapped = (uintptr_t)malloc(200 * 1024);
	if (!a || !b || !c || !mapped) {
		perror("header: malloc");
		exit(1);
	}
}

static int show_all(void)
{
	int wrong = 0;

	show("a = malloc(100)", tag_below(a));
	show("b = malloc(2000)", tag_below(b));
	show("c = malloc(1)", tag_below(c));
	show("m = malloc(200K)", tag_below(mapped));
	puts("  P: the chunk in front is in use. M: has a mapping of its own.");
	wrong |= expect("size of a", tag_below(a).size & ~FLAGS, 112);
	wrong |= expect("size of b", tag_below(b).size & ~FLAGS, 2016);
	wrong |= expect("size of c", tag_below(c).size & ~FLAGS, 32);
	wrong |= expect("b - a", b - a, 112);
	wrong |= expect("c - b", c - b, 2016);
	wrong |= expect("usable bytes of a", malloc_usable_size((void *)a),
			104);
	wrong |= expect("M flag", tag_below(mapped).size & IS_MMAPPED,
			IS_MMAPPED);
	return wrong;
}

static int free_first(void)
{
	int wrong = 0;

	free((void *)a);
	puts("\nfree(a): 112 bytes up lies b. b hears that a is free now:");
	show("b", tag_below(b));
	printf("  and how far down it begins: %lu bytes\n",
	       (unsigned long)tag_below(b).prev_size);
	wrong |= expect("b's P", tag_below(b).size & PREV_INUSE, 0);
	wrong |= expect("b's prev_size", tag_below(b).prev_size, 112);
	return wrong;
}

static int free_second(void)
{
	int wrong = 0;

	free((void *)b);
	puts("\nfree(b): the one in front is free, so both become one chunk:");
	show("a, b in it", tag_below(a));
	show("c", tag_below(c));
	wrong |= expect("size of a and b", tag_below(a).size & ~FLAGS,
			112 + 2016);
	wrong |= expect("c's prev_size", tag_below(c).prev_size, 112 + 2016);
	return wrong;
}

int main(void)
{
	int wrong = 0;

	mallopt(M_MODE, MALLOC_MODE_TEXTBOOK);	/* each free is done at once */
	allocate();
	wrong |= show_all();
	wrong |= free_first();
	wrong |= free_second();
	free((void *)c);
	free((void *)mapped);
	return wrong;
}
