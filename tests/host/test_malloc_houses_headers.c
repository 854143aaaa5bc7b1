// build: -idirafter kernel/include -D_GNU_SOURCE -w -fno-sanitize=object-size -include libc/malloc/tools/prefix.h libc/malloc/*.c libc/malloc/tools/*.c libc/malloc/ports/user.c
/*
 * If these fail, an attack that other allocators have had to learn about works
 * here: the houses of how2heap and their kin, each with what it needs against
 * this heap's layout.
 *
 * Here: headers that were forged or moved, after an overflow.
 *
 * "aborts": stopped in words. "misses": what it writes is never looked at.
 */
#include "malloc_attacks.h"

/* ---- of blocks: spirit, io, mind ---- */

/* The block's last 8 bytes are its own, though the next chunk's prev_size. */
static void block_filled_to_its_end(void)
{
	char *a = malloc(LARGE), *b = malloc(LARGE);

	fence();
	memset(a, 'A', malloc_usable_size(a));
	free(b);
	free(a);
	if (__heap_check(NULL))
		succeeded();
}

/* A header that is valid elsewhere, moved into a block: spirit, io. */
static void header_moved_into_cache(void)
{
	uint64_t *a = malloc(40), *b = malloc(400);

	memcpy(b + 6, (char *)a - 16, 16);
	free(b + 8);
}

static void header_moved_out_of_heap(void)
{
	char *a = malloc(40);

	memcpy(target, a - 16, 16);
	free(target + 2);
}

/* house_of_mind: the block claims to be another arena's. */
static void forged_arena(void)
{
	char *p = malloc(40);

	*size_of(p) ^= 4;
	free(p);
}

/* The size of a medium block: house_of_spirit with eight bins a doubling. */
static void forged_medium_size(void)
{
	char *p = malloc(5000);

	*size_of(p) += 64;
	free(p);
}

/* A small block that claims to be a mapping. */
static void forged_mapped_bit(void)
{
	char *p = malloc(40);

	*size_of(p) |= 2;
	free(p);
}

/* The pages behind the free chunk are somebody's: they must not be purged. */
static void forged_size_then_trim(void)
{
	char *p, *live;

	setenv("FAULTLINE_MALLOC", "cache=0", 1);
	p = malloc(LARGE);
	live = malloc(LARGE);
	memset(live, 1, LARGE);
	free(p);
	*size_of(p) += LARGE & ~15;
	malloc_trim(0);
	for (int i = 0; i < LARGE; i++)
		if (!live[i])
			_exit(1);
}

/* ---- of top and fences: force, orange, tangerine, sysmalloc_int_free ---- */

/* The first chunk of a kind, as a block; NULL: the heap has none. */
struct search {
	enum heap_chunk_kind kind;
	void *mem;
};

static int is_kind(const struct heap_chunk *chunk, void *arg)
{
	struct search *search = arg;

	search->mem = (char *)chunk->address + 16;
	return chunk->kind == search->kind;
}

static void *find(enum heap_chunk_kind kind)
{
	struct search search = { kind, NULL };

	if (!__heap_walk(is_kind, &search))
		_exit(2);
	return search.mem;
}

/* Smaller, and ending on a page, as the old top would when it is left. */
static void shrunk_top(void)
{
	char *p = malloc(LARGE), *top = find(HEAP_CHUNK_TOP);

	*size_of(top) = (4096 - ((uintptr_t)(top - 16) & 4095)) | 1;
	*(volatile char *)p = 1;
	for (int i = 0; i < 10; i++)
		malloc(LARGE);
}

static void free_of_top(void)
{
	fence();
	free(find(HEAP_CHUNK_TOP));
}

/* A foreign sbrk leaves a region behind, whose end is no block. */
static void free_of_fence(void)
{
	fence();
	sbrk(4096);
	for (int i = 0; i < 10; i++)
		fence();
	free(find(HEAP_CHUNK_FENCE));
}

/* ---- realloc and its relatives look before they leap ---- */

static void realloc_of_forged_header(void)
{
	char *a = malloc(LARGE), *b = malloc(LARGE);

	fence();
	*size_of(a) += *size_of(b) & ~15;
	a = realloc(a, 2 * LARGE - 100);
}

static void realloc_into_forged_neighbour(void)
{
	char *a = malloc(LARGE), *b = malloc(LARGE);

	fence();
	free(b);
	*size_of(b) += 4096;
	a = realloc(a, LARGE + 1000);
}

static void realloc_with_forged_prev_size(void)
{
	uintptr_t *a = malloc(LARGE);
	char *b = malloc(LARGE);

	fence();
	*prev_size_of(b) = 512;
	*size_of(b) &= ~1;
	b = realloc(b, LARGE + 30000);
}

static void usable_size_of_freed(void)
{
	char *p = malloc(40);

	free(p);
	malloc_usable_size(p);
}

static void wrong_aligned_free(void)
{
	free_aligned_sized((char *)aligned_alloc(64, 640), 4096, 640);
}

/* ---- aligned blocks ---- */

static void free_inside_aligned(void)
{
	char *p = memalign(4096, 9000);

	free(p + 4096);
}

static void double_free_aligned(void)
{
	char *p = memalign(4096, LARGE);

	fence();
	free(p);
	free(p);
}

/* A cached block's header is wiped: the next block must not be cut from it. */
static void wiped_header_in_cache(void)
{
	char *p = malloc(20000);

	free(p);
	memset(p - 16, 0, 16);
	malloc(20000);
}

static const struct attack attacks[] = {
	{ "block_filled_to_its_end", block_filled_to_its_end },
	{ "header_moved_into_cache", header_moved_into_cache,
	  "corrupted chunk header" },
	{ "header_moved_out_of_heap", header_moved_out_of_heap,
	  "invalid pointer" },
	{ "forged_arena", forged_arena, "corrupted chunk header" },
	{ "forged_medium_size", forged_medium_size, "corrupted chunk header" },
	{ "forged_mapped_bit", forged_mapped_bit, "corrupted chunk header" },
	{ "forged_size_then_trim", forged_size_then_trim,
	  "corrupted free chunk" },
	{ "shrunk_top", shrunk_top, "corrupted top" },
	{ "free_of_top", free_of_top, "double free" },
	{ "free_of_fence", free_of_fence, "invalid pointer" },
	{ "realloc_of_forged_header", realloc_of_forged_header,
	  "corrupted chunk header" },
	{ "realloc_into_forged_neighbour", realloc_into_forged_neighbour,
	  "corrupted next chunk" },
	{ "realloc_with_forged_prev_size", realloc_with_forged_prev_size,
	  "corrupted previous size" },
	{ "usable_size_of_freed", usable_size_of_freed, "double free" },
	{ "wrong_aligned_free", wrong_aligned_free,
	  "wrong alignment in free_aligned_sized" },
	{ "free_inside_aligned", free_inside_aligned,
	  "corrupted chunk header" },
	{ "double_free_aligned", double_free_aligned, "double free" },
	{ "wiped_header_in_cache", wiped_header_in_cache,
	  "corrupted cached chunk" },
};

int main(void)
{
	return attacks_run(attacks, sizeof(attacks) / sizeof(attacks[0]));
}
