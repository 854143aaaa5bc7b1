/*
 * heap: every chunk of this program's own heap, before and after frees.
 *
 *	heap			in textbook mode: what is freed merges at once
 *	heap --mode MODE	default and glibc: what is freed waits in a cache
 *
 * Each chunk that the walker finds is one line:
 *
 *	OFFSET	of the chunk from the start of the heap, hexadecimal
 *	SIZE	of the chunk, header and rounding included
 *	REQ	what the program asked for; - where it did not
 *	NAME	and the block's name
 *	STATE	used; cached: free, but a thread's cache has it; FREE; top: the
 *		rest of the heap; fence: 32 bytes that end a left region
 *	BIN	where malloc will find it again; bins of up to 1024 bytes are of
 *		one size, each doubling above has eight
 *	PAGES	one character for each page that begins in the chunk: # is in
 *		memory, = is too but free, . was never touched
 *
 * After each table all that the heap promises is verified; the program fails if
 * something does not hold.
 */
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../libc/malloc/bin.h"

#define PAGE_BYTES	4096L
#define MAX_CHUNKS	64

/* The blocks that have names. */
static struct named {
	const char *name;
	size_t bytes;
	char *mem;
} blocks[] = {
	{ "A", 30 * KIB, NULL }, { "B", 40 * KIB, NULL },
	{ "e", 24, NULL },	 { "f", 200, NULL },
	{ "D", 100 * KIB, NULL }, { "g", 5000, NULL },
};

#define NR_BLOCKS (sizeof(blocks) / sizeof(blocks[0]))

static struct heap_chunk chunks[MAX_CHUNKS];
static int nr_chunks;

/* Called with the arena's lock held: copy, and print later. */
static int collect(const struct heap_chunk *chunk, void *unused)
{
	(void)unused;
	if (nr_chunks == MAX_CHUNKS)
		return 1;
	chunks[nr_chunks++] = *chunk;
	return 0;
}

static struct named *owner_of(const struct heap_chunk *chunk)
{
	char *mem = (char *)chunk->address + CHUNK_HEADER;

	for (size_t i = 0; i < NR_BLOCKS; i++)
		if (blocks[i].mem == mem)
			return &blocks[i];
	return NULL;
}

static const char *state_of(const struct heap_chunk *chunk)
{
	static const char *const names[] = {
		[HEAP_CHUNK_USED] = "used",
		[HEAP_CHUNK_CACHED] = "cached",
		[HEAP_CHUNK_FREE] = "FREE",
		[HEAP_CHUNK_TOP] = "top",
		[HEAP_CHUNK_FENCE] = "fence",
	};

	return names[chunk->kind];
}

static void print_bin(const struct heap_chunk *chunk)
{
	char text[24] = "-";

	if (chunk->bin >= 0)
		snprintf(text, sizeof(text), "%s[%d]",
			 chunk->bin < NR_EXACT_BINS ? "small" : "large",
			 chunk->bin);
	printf(" %-10s ", text);
}

/* A page belongs to the chunk that its first byte is in. */
static void print_pages(const struct heap_chunk *chunk)
{
	uintptr_t start = (uintptr_t)chunk->address + PAGE_BYTES - 1;
	uintptr_t end = (uintptr_t)chunk->address + chunk->bytes;
	char full = chunk->kind == HEAP_CHUNK_USED ? '#' : '=';
	unsigned char resident;

	start &= ~(uintptr_t)(PAGE_BYTES - 1);
	for (; start < end; start += PAGE_BYTES)
		if (mincore((void *)start, PAGE_BYTES, &resident) == 0)
			putchar(resident & 1 ? full : '.');
}

static void print_chunk(const struct heap_chunk *chunk)
{
	struct named *owner = owner_of(chunk);

	printf("+%06lx %7zu", (unsigned long)((char *)chunk->address -
					     (char *)chunks[0].address),
	       chunk->bytes);
	if (owner)
		printf(" %7zu %-5s", owner->bytes, owner->name);
	else
		printf(" %7s %-5s", "-", "");
	printf(" %-6s", state_of(chunk));
	print_bin(chunk);
	print_pages(chunk);
	putchar('\n');
}

static size_t sum(enum heap_chunk_kind kind, int *nr, size_t *largest)
{
	size_t bytes = 0;

	*nr = 0;
	*largest = 0;
	for (int i = 0; i < nr_chunks; i++) {
		if (chunks[i].kind != kind)
			continue;
		(*nr)++;
		bytes += chunks[i].bytes;
		if (chunks[i].bytes > *largest)
			*largest = chunks[i].bytes;
	}
	return bytes;
}

/*
 * External fragmentation: the part of the free bytes that is not in the
 * largest free chunk, and cannot be had in one piece.
 */
static void print_summary(void)
{
	int nr_used, nr_free, nr_cached, nr;
	size_t largest, ignored;
	size_t used = sum(HEAP_CHUNK_USED, &nr_used, &ignored);
	size_t free_bytes = sum(HEAP_CHUNK_FREE, &nr_free, &largest);
	size_t lost = free_bytes - largest;

	sum(HEAP_CHUNK_CACHED, &nr_cached, &ignored);
	printf("%d used: %zu bytes, %d cached, %d free: %zu bytes, largest %zu\n",
	       nr_used, used, nr_cached, nr_free, free_bytes, largest);
	if (free_bytes)
		printf("fragmentation %zu.%zu%%, ", lost * 100 / free_bytes,
		       lost * 1000 / free_bytes % 10);
	printf("top %zu bytes", sum(HEAP_CHUNK_TOP, &nr, &ignored));
}

/* Print the heap and verify it. 1: something is wrong. */
static int show(const char *title)
{
	const char *wrong;
	void *where;

	nr_chunks = 0;
	if (__heap_walk(collect, NULL)) {
		printf("heap: more than %d chunks\n", MAX_CHUNKS);
		return 1;
	}
	printf("\n%s\nOFFSET     SIZE     REQ NAME  STATE  BIN        PAGES\n",
	       title);
	for (int i = 0; i < nr_chunks; i++)
		print_chunk(&chunks[i]);
	print_summary();
	wrong = __heap_check(&where);
	if (wrong)
		printf(", %p: %s\n", where, wrong);
	else
		puts(", every invariant holds");
	return wrong != NULL;
}

static int allocate_all(void)
{
	for (size_t i = 0; i < NR_BLOCKS; i++) {
		struct named *b = &blocks[i];

		b->mem = malloc(b->bytes);
		if (!b->mem) {
			perror("heap: malloc");
			return 1;
		}
		printf("%s = malloc(%zu)%s", b->name, b->bytes,
		       i + 1 < NR_BLOCKS ? ", " : "\n");
	}
	return 0;
}

static void touch(const char *name)
{
	for (size_t i = 0; i < NR_BLOCKS; i++)
		if (!strcmp(blocks[i].name, name))
			memset(blocks[i].mem, 1, blocks[i].bytes);
}

static void release(const char *name)
{
	for (size_t i = 0; i < NR_BLOCKS; i++) {
		if (strcmp(blocks[i].name, name))
			continue;
		free(blocks[i].mem);
		blocks[i].mem = NULL;
	}
}

static int set_mode(const char *name)
{
	if (!strcmp(name, "textbook"))
		return mallopt(M_MODE, MALLOC_MODE_TEXTBOOK);
	if (!strcmp(name, "default"))
		return mallopt(M_MODE, MALLOC_MODE_DEFAULT);
	return !strcmp(name, "glibc") && mallopt(M_MODE, MALLOC_MODE_GLIBC);
}

int main(int argc, char **argv)
{
	static char output[BUFSIZ];
	int wrong = 0;

	setvbuf(stdout, output, _IOLBF, sizeof(output));	/* not from malloc */
	if ((argc == 3 && strcmp(argv[1], "--mode")) || argc == 2 || argc > 3 ||
	    !set_mode(argc == 3 ? argv[2] : "textbook")) {
		fputs("usage: heap [--mode textbook|default|glibc]\n", stderr);
		return 2;
	}
	if (allocate_all())
		return 1;
	wrong |= show("as malloc returned them; only headers are in memory");
	touch("A");
	touch("B");
	touch("f");
	touch("g");
	memset(blocks[4].mem, 1, blocks[4].bytes / 2);
	wrong |= show("A, B and half of D written to");
	release("B");
	release("f");
	wrong |= show("free(B), free(f): holes, and their pages stay");
	release("e");
	wrong |= show("free(e): it lay between them");
	release("g");
	release("D");
	release("A");
	wrong |= show("free(g), free(D), free(A): nothing is left");
	return wrong;
}
