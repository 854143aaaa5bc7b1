// build: -idirafter kernel/include -D_GNU_SOURCE -w -fno-sanitize=object-size -pthread -include libc/malloc/tools/prefix.h libc/malloc/*.c libc/malloc/tools/*.c libc/malloc/ports/user.c
/*
 * If these fail, an attack that other allocators have had to learn about works
 * here: the houses of how2heap and their kin, each with what it needs (a write
 * after free, an overflow, a second free) against this heap's layout.
 *
 * "aborts": stopped in words. "misses": what it writes is never looked at.
 */
#include "malloc_attacks.h"

#include <pthread.h>

#define MAPPED	300000	/* from the threshold on a block has its own mapping */

static _Alignas(16) uintptr_t target[64];	/* what the attacker wants */

static void succeeded(void)
{
	fprintf(stderr, "malloc returned the target\n");
	_exit(1);
}

static int is_target(void *mem)
{
	return mem >= (void *)target && mem < (void *)(target + 64);
}

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

/* ---- what caches hold: tcache_poisoning, _dup, _metadata, house_of_io ---- */

/* All of each cached block is the attacker's; nothing in there is believed. */
static void poisoned_cached_blocks(void)
{
	uintptr_t *held[100];

	for (int i = 0; i < 100; i++)
		held[i] = malloc(40);
	for (int i = 0; i < 100; i++)
		free(held[i]);
	for (int i = 0; i < 100; i++)
		for (int word = 0; word < 5; word++)
			held[i][word] = (uintptr_t)target;
	for (int i = 0; i < 100; i++)
		if (is_target(malloc(40)))
			succeeded();
}

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

/* ---- links: safe-linking's decryption, stashing, lore, large bins ---- */

/* Let 300 small chunks wait; a leaked link tells the key, and all lead to @mem. */
static void poison_waiting_links(void *mem)
{
	uintptr_t *held[300], key;

	for (int i = 0; i < 300; i++)
		held[i] = malloc(40);
	for (int i = 0; i < 300; i++)
		free(held[i]);
	key = held[1][0] ^ (uintptr_t)held[0];
	for (int i = 0; i < 300; i++)
		held[i][0] = key ^ (uintptr_t)mem;
}

/* The target must prove itself yet. */
static void decrypted_waiting_link(void)
{
	poison_waiting_links(target + 2);
	for (int i = 0; i < 300; i++)
		if (is_target(malloc(40)))
			succeeded();
}

/* The same, with the mask of another allocator: address >> 12. */
static void wrongly_masked_link(void)
{
	uintptr_t *p = malloc(LARGE);

	fence();
	free(p);
	p[0] = ((uintptr_t)p >> 12) ^ (uintptr_t)target;
	malloc(LARGE);
}

/* A decrypted link to a block in use, which would be handed out twice. */
static void decrypted_link_to_block_in_use(void)
{
	uintptr_t *victim = malloc(40);

	poison_waiting_links(victim);
	for (int i = 0; i < 300; i++)
		if (malloc(40) == victim)
			succeeded();
}

/*
 * A sweep merges waiting chunks and leaves their headers as they are, inside
 * what is then a block in use: a decrypted link may lead to one.
 */
static void decrypted_link_to_stale_header(void)
{
	static uintptr_t *held[7000];
	uintptr_t *stale;
	char *victim;

	for (int i = 0; i < 7000; i++)
		held[i] = malloc(40);
	for (int i = 0; i < 6999; i++)
		free(held[i]);
	stale = held[2000];
	do
		victim = malloc(60000);
	while ((char *)stale < victim || (char *)stale >= victim + 60000);
	*stale = 0;
	poison_waiting_links(stale);
	for (int i = 0; i < 300; i++)
		if (malloc(40) == stale)
			succeeded();
}

/* house_of_lore, tcache_stashing_unlink: only bk, and only of the last. */
static void poisoned_back_link(void)
{
	uintptr_t *a = malloc(LARGE), *b;

	fence();
	b = malloc(LARGE);
	fence();
	free(a);
	free(b);
	a[1] = (uintptr_t)target;
	malloc(LARGE);
	malloc(LARGE);
}

/* large_bin_attack, unsorted_bin_attack: a free writes through the link. */
static void poisoned_link_of_large_chunk(void)
{
	uintptr_t *a = malloc(LARGE), *b;

	fence();
	b = malloc(LARGE + 500);
	fence();
	free(a);
	a[0] = a[1] = (uintptr_t)target;
	free(b);
	for (int i = 0; i < 64; i++)
		if (target[i])
			succeeded();
	malloc(LARGE - 2000);
	malloc(LARGE - 2000);
}

/* The neighbour's free takes the poisoned chunk out to merge with it. */
static void poisoned_link_then_merge(void)
{
	uintptr_t *a = malloc(LARGE), *b = malloc(LARGE);

	fence();
	free(a);
	a[0] = a[1] = (uintptr_t)target;
	free(b);
}

/* Whoever walks a bin, not only who takes a chunk out, meets what was written. */
static void poisoned_link_then_trim(void)
{
	uintptr_t *p = malloc(LARGE);

	fence();
	free(p);
	p[0] = 0x4141414141414141;
	malloc_trim(0);
}

static void poisoned_link_then_mallinfo(void)
{
	uintptr_t *p = malloc(LARGE);

	fence();
	free(p);
	p[0] = 0;
	mallinfo2();
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

/* A header put back on a freed block, which is freed again: in its bin twice. */
static void block_in_bin_twice(void)
{
	char *held[8];
	uint64_t header;

	setenv("FAULTLINE_MALLOC", "cache=0", 1);
	for (int i = 0; i < 8; i++)
		held[i] = malloc(LARGE);
	header = *(uint64_t *)size_of(held[2]);
	for (int i = 0; i < 6; i += 2)
		free(held[i]);
	*(uint64_t *)size_of(held[2]) = header;
	free(held[2]);
	mallinfo2();
}

/* ---- top and fences: force, orange, tangerine, sysmalloc_int_free ---- */

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

static void realloc_of_forged_mapping(void)
{
	char *p = malloc(MAPPED);

	*prev_size_of(p) += 0x10000;
	*size_of(p) += 0x10000;
	p = realloc(p, 2 * MAPPED);
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

static void free_inside_mapped_aligned(void)
{
	char *p = memalign(1 << 20, MAPPED);

	free(p + 4096);
}

static void double_free_aligned(void)
{
	char *p = memalign(4096, LARGE);

	fence();
	free(p);
	free(p);
}

/* ---- mappings ---- */

/* One byte of the length, by an underflow of the block. */
static void mapped_length_off_by_one(void)
{
	unsigned char *p = malloc(MAPPED);

	p[-16 + 1]++;
	free(p);
}

/* realloc would say that the block is long enough already. */
static void mapped_length_then_realloc(void)
{
	char *p = malloc(MAPPED);

	*prev_size_of(p) += 0x10000;
	p = realloc(p, MAPPED + 0x8000);
}

static void mapped_length_then_usable_size(void)
{
	char *p = malloc(MAPPED);

	*prev_size_of(p) += 0x10000;
	malloc_usable_size(p);
}

static void mapped_header_wiped(void)
{
	char *p = malloc(MAPPED);

	memset(p - 16, 0, 16);
	free(p);
}

/* Only the tag would tell: a second header that agrees with itself. */
static void mapped_header_invented(void)
{
	char *p = malloc(MAPPED);
	uint64_t *fake = (uint64_t *)(p + 4096 - 16);

	fake[0] = 8192;
	fake[1] = 8192 | 2;
	free(p + 4096);
}

/* The mapping is gone, and the header with it. */
static void mapped_double_free(void)
{
	char *p = malloc(MAPPED);

	free(p);
	free(p);
}

/* The mapping is kept for the next such block, and remembers. */
static void kept_mapping_double_free(void)
{
	char *p = NULL;

	for (int i = 0; i < 50; i++) {
		p = malloc(MAPPED);
		free(p);
	}
	free(p);
}

static void guard_page_overflow(void)
{
	char *p;

	setenv("FAULTLINE_MALLOC", "guard=1", 1);
	p = malloc(MAPPED);
	memset(p, 1, malloc_usable_size(p));
	p[malloc_usable_size(p)] = 1;
}

static void guard_length_forged(void)
{
	char *p;

	setenv("FAULTLINE_MALLOC", "guard=1", 1);
	p = malloc(MAPPED);
	*size_of(p) &= ~4;
	free(p);
}

/* ---- quarantine ---- */

static void quarantined_double_free(void)
{
	char *p;

	setenv("FAULTLINE_MALLOC", "quarantine=1m", 1);
	p = malloc(40);
	free(p);
	free(malloc(40));
	free(p);
}

static void write_until_it_leaves(size_t offset)
{
	char *p = malloc(400);

	free(p);
	p[offset] = 'w';
	for (int i = 0; i < 10000; i++)
		free(malloc(400));
}

static void quarantined_block_written_after_free(void)
{
	setenv("FAULTLINE_MALLOC", "quarantine=64k,perturb=85", 1);
	write_until_it_leaves(0);
}

/* Also its last byte, which is the next chunk's prev_size. */
static void quarantined_zeros_written_after_free(void)
{
	setenv("FAULTLINE_MALLOC", "quarantine=64k,zero=1", 1);
	write_until_it_leaves(407);
}

static void quarantined_header_forged(void)
{
	setenv("FAULTLINE_MALLOC", "quarantine=64k", 1);
	write_until_it_leaves(-8);
}

/* ---- threads ---- */

static void *free_it(void *mem)
{
	free(mem);
	return NULL;
}

static void free_elsewhere(void *mem)
{
	pthread_t thread;

	pthread_create(&thread, NULL, free_it, mem);
	pthread_join(thread, NULL);
}

static void double_free_in_another_thread(void)
{
	void *p = malloc(40);

	free_elsewhere(p);
	free(p);
}

static void double_free_by_another_thread(void)
{
	void *p = malloc(LARGE);

	fence();
	free(p);
	free_elsewhere(p);
}

static const struct attack attacks[] = {
	{ "poisoned_cached_blocks", poisoned_cached_blocks },
	{ "block_filled_to_its_end", block_filled_to_its_end },
	{ "header_moved_into_cache", header_moved_into_cache,
	  "corrupted chunk header" },
	{ "header_moved_out_of_heap", header_moved_out_of_heap,
	  "invalid pointer" },
	{ "forged_arena", forged_arena, "corrupted chunk header" },
	{ "forged_medium_size", forged_medium_size, "corrupted chunk header" },
	{ "forged_mapped_bit", forged_mapped_bit, "corrupted chunk header" },
	{ "decrypted_waiting_link", decrypted_waiting_link,
	  "corrupted free list" },
	{ "wrongly_masked_link", wrongly_masked_link, "corrupted free list" },
	{ "decrypted_link_to_block_in_use", decrypted_link_to_block_in_use,
	  "corrupted free list" },
	{ "decrypted_link_to_stale_header", decrypted_link_to_stale_header,
	  "corrupted free list" },
	{ "poisoned_back_link", poisoned_back_link, "corrupted free list" },
	{ "poisoned_link_of_large_chunk", poisoned_link_of_large_chunk,
	  "corrupted free list" },
	{ "poisoned_link_then_merge", poisoned_link_then_merge,
	  "corrupted free list" },
	{ "poisoned_link_then_trim", poisoned_link_then_trim,
	  "corrupted free list" },
	{ "poisoned_link_then_mallinfo", poisoned_link_then_mallinfo,
	  "corrupted free list" },
	{ "forged_size_then_trim", forged_size_then_trim,
	  "corrupted free chunk" },
	{ "block_in_bin_twice", block_in_bin_twice, "corrupted free list" },
	{ "shrunk_top", shrunk_top, "corrupted top" },
	{ "free_of_top", free_of_top, "double free" },
	{ "free_of_fence", free_of_fence, "invalid pointer" },
	{ "realloc_of_forged_header", realloc_of_forged_header,
	  "corrupted chunk header" },
	{ "realloc_into_forged_neighbour", realloc_into_forged_neighbour,
	  "corrupted next chunk" },
	{ "realloc_with_forged_prev_size", realloc_with_forged_prev_size,
	  "corrupted previous size" },
	{ "realloc_of_forged_mapping", realloc_of_forged_mapping,
	  "corrupted chunk header" },
	{ "usable_size_of_freed", usable_size_of_freed, "double free" },
	{ "wrong_aligned_free", wrong_aligned_free,
	  "wrong alignment in free_aligned_sized" },
	{ "free_inside_aligned", free_inside_aligned,
	  "corrupted chunk header" },
	{ "free_inside_mapped_aligned", free_inside_mapped_aligned,
	  "invalid pointer" },
	{ "double_free_aligned", double_free_aligned, "double free" },
	{ "mapped_length_off_by_one", mapped_length_off_by_one,
	  "corrupted chunk header" },
	{ "mapped_length_then_realloc", mapped_length_then_realloc,
	  "corrupted chunk header" },
	{ "mapped_length_then_usable_size", mapped_length_then_usable_size,
	  "corrupted chunk header" },
	{ "mapped_header_wiped", mapped_header_wiped, "invalid pointer" },
	{ "mapped_header_invented", mapped_header_invented,
	  "corrupted chunk header" },
	{ "mapped_double_free", mapped_double_free, NULL, SIGSEGV },
	{ "kept_mapping_double_free", kept_mapping_double_free,
	  "double free" },
	{ "guard_page_overflow", guard_page_overflow, NULL, SIGSEGV },
	{ "guard_length_forged", guard_length_forged, "invalid pointer" },
	{ "quarantined_double_free", quarantined_double_free, "double free" },
	{ "quarantined_block_written_after_free",
	  quarantined_block_written_after_free, "written after free" },
	{ "quarantined_zeros_written_after_free",
	  quarantined_zeros_written_after_free, "written after free" },
	{ "quarantined_header_forged", quarantined_header_forged,
	  "corrupted cached chunk" },
	{ "double_free_in_another_thread", double_free_in_another_thread,
	  "double free" },
	{ "double_free_by_another_thread", double_free_by_another_thread,
	  "double free" },
};

int main(void)
{
	return attacks_run(attacks, sizeof(attacks) / sizeof(attacks[0]));
}
