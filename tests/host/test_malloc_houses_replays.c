// build: -idirafter kernel/include -D_GNU_SOURCE -w -fno-sanitize=object-size -include libc/malloc/tools/prefix.h libc/malloc/*.c libc/malloc/tools/*.c libc/malloc/ports/user.c
/*
 * If these fail, the heap believes what an attacker can know without its keys: proofs
 * that it has left lying in freed memory, from an earlier time or for another
 * purpose, and words whose proof does not depend on any key.
 *
 * "aborts": stopped in words. "misses": what it writes is never looked at.
 */
#include "../../libc/malloc/arena.h"
#include "../../libc/malloc/map.h"
#include "../../libc/malloc/tcache.h"
#include "malloc_attacks.h"

#include <sys/mman.h>

#define WAITING	1000	/* bytes of a block that waits on a stack when it is freed */
#define PAGE	4096

/* ---- no key needed ---- */

/* A tag that is two hashes, xor-ed: where both are of the same it is known. */
static void mapping_that_proves_itself(void)
{
	free(malloc(WAITING));
	target[0] = (uintptr_t)(target + 2);
	for (uint64_t i = 0; i < 200; i++) {
		target[1] = (i & 1) << 32 | i >> 1 << 4 | 2;	/* tag, pages, M */
		if (mapped_chunk_is_valid((struct chunk *)target))
			succeeded();
	}
	free(target + 2);
}

/*
 * Eight bytes beside the head of its bin, what is fd here is bk there: below it or
 * above, as it comes to lie.
 */
static void poison_between_two_heads(int which)
{
	uintptr_t *a = malloc(LARGE), *b = malloc(LARGE);

	fence();
	free(a);
	a[which] ^= 8;
	free(b);		/* takes a out of its bin */
}

static void link_between_two_heads(void)
{
	poison_between_two_heads(0);
}

static void back_link_between_two_heads(void)
{
	poison_between_two_heads(1);
}

/* ---- where there was heap once ---- */

static void shrink_the_heap(void)
{
	static void *all[1000];

	for (int i = 0; i < 1000; i++)
		all[i] = malloc(LARGE);
	for (int i = 0; i < 1000; i++)
		free(all[i]);
	malloc_trim(0);
}

static void previous_size_leads_above_the_break(void)
{
	char *a = malloc(LARGE), *b = malloc(LARGE);

	fence();
	shrink_the_heap();
	free(a);
	*prev_size_of(b) = -(32UL << 20);
	free(b);
}

static void link_leads_above_the_break(void)
{
	uintptr_t *p = malloc(LARGE);

	fence();
	shrink_the_heap();
	free(p);
	p[0] = (((uintptr_t)p + (32 << 20)) & -16UL) ^ malloc_keys.link;
	malloc(LARGE);
}

/* ---- the words behind a fence stand where the program had memory ---- */

static uintptr_t *words_of_fence(void)
{
	static void *all[100];
	char *end;

	for (int i = 0; i < 100; i++)
		all[i] = malloc(LARGE);
	for (int i = 100; i-- > 1; )
		free(all[i]);
	malloc_trim(0);
	end = sbrk(0);
	sbrk(PAGE);
	for (int i = 0; i < 5; i++)
		malloc(2 * LARGE);	/* top begins anew */
	return (uintptr_t *)(end - 16);
}

/* All that waits is merged: the heap is visited, region by region. */
static void sweep(void)
{
	static void *all[4000];

	for (int i = 0; i < 4000; i++)
		all[i] = malloc(500);
	for (int i = 0; i < 4000; i++)
		free(all[i]);
	malloc_trim(0);
}

static void fence_is_scribbled_on(void)
{
	uintptr_t *words = words_of_fence();

	words[0] = words[1] = 0x4141414141414141;
	sweep();
}

static void fence_leads_to_itself(void)
{
	uintptr_t *words = words_of_fence();

	words[1] = (uintptr_t)(words - 2) ^ malloc_keys.link;
	sweep();
}

/* ---- proofs from an earlier time ---- */

/*
 * What a block said while it waited, put back when it waits again: its link leads to
 * a header that still says "waiting", though a block in use lies over it.
 */
static void link_from_before_a_sweep(void)
{
	enum { NR = 125, CHUNK = WAITING + 8, OVER = 59 };
	uintptr_t *all[NR], link[2], *again[20];
	char *over;

	for (int i = 0; i < NR; i++)
		all[i] = malloc(WAITING);
	for (int i = 0; i < NR; i++)
		free(all[i]);
	memcpy(link, all[OVER], sizeof(link));
	over = malloc(OVER * CHUNK - 8);
	for (int i = 0; i < 20; i++)
		again[i] = malloc(WAITING);
	for (int i = 0; i < 20; i++)
		if (again[i] != all[OVER] && i < 15)
			free(again[i]);
	free(all[OVER]);
	for (int i = 15; i < 20; i++)
		if (again[i] != all[OVER])
			free(again[i]);
	memcpy(all[OVER], link, sizeof(link));
	for (int i = 0; i < 20; i++) {
		char *p = malloc(WAITING);

		if (p >= over && p < over + OVER * CHUNK)
			succeeded();
	}
}

/* The seal of a waiting chunk, used as the tag of a header. */
static void seal_as_header(void)
{
	enum { NR = 40 };
	uintptr_t *all[NR], link, seal;
	char *c;

	for (int i = 0; i < NR; i++)
		all[i] = malloc(WAITING);
	for (int i = 0; i < NR; i++)
		free(all[i]);
	c = (char *)all[20] - 16;
	link = all[20][0];
	seal = all[20][1];
	for (int i = 0; i < NR; i++)
		malloc(WAITING);
	*size_of(c) = (uint32_t)(link >> 3) | 1;
	size_of(c)[1] = seal;
	if (malloc_usable_size(c))
		succeeded();
}

/* ---- a cache ---- */

/* A mapped block may end where a thread's cache begins. */
static void overflow_into_cache(void)
{
	free(malloc(WAITING));
	mmap((char *)tcache - PAGE, PAGE, PROT_READ | PROT_WRITE,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	((volatile char *)tcache)[-1] = 1;
}

/* ---- one key must not tell the others ---- */

#define GOLDEN	0x9e3779b97f4a7c15

static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

/* The x for which x ^ x >> @shift is @y. */
static uint64_t unshift(uint64_t y, int shift)
{
	uint64_t x = y;

	for (int known = 0; known < 64; known += shift)
		x = y ^ x >> shift;
	return x;
}

static uint64_t inverse(uint64_t odd)
{
	uint64_t x = odd;

	for (int i = 0; i < 6; i++)
		x *= 2 - odd * x;
	return x;
}

static uint64_t unmix(uint64_t x)
{
	x = unshift(x, 31) * inverse(0x94d049bb133111eb);
	x = unshift(x, 27) * inverse(0xbf58476d1ce4e5b9);
	return unshift(x, 30);
}

/* The key of links is known to whoever reads one: it must not be the seed of the rest. */
static void keys_follow_from_one(void)
{
	free(malloc(WAITING));
	if (unmix(mix(GOLDEN)) != GOLDEN)
		succeeded();		/* the test would be none */
	for (uint64_t i = 1; i <= 16; i++) {
		uint64_t before = mix(unmix(malloc_keys.link) - i * GOLDEN);
		uint64_t behind = mix(unmix(malloc_keys.link) + i * GOLDEN);

		if ((before | 1) == malloc_keys.size || (behind | 1) == malloc_keys.size)
			succeeded();
	}
}

static const struct attack attacks[] = {
	{ "mapping_that_proves_itself", mapping_that_proves_itself, "invalid pointer" },
	{ "link_between_two_heads", link_between_two_heads, "corrupted free list" },
	{ "back_link_between_two_heads", back_link_between_two_heads, "corrupted free list" },
	{ "previous_size_leads_above_the_break", previous_size_leads_above_the_break,
	  "corrupted previous size" },
	{ "link_leads_above_the_break", link_leads_above_the_break, "corrupted free list" },
	{ "fence_is_scribbled_on", fence_is_scribbled_on, "corrupted chunk header" },
	{ "fence_leads_to_itself", fence_leads_to_itself, "corrupted chunk header" },
	{ "link_from_before_a_sweep", link_from_before_a_sweep, "corrupted free list" },
	{ "seal_as_header", seal_as_header, "corrupted chunk header" },
	{ "overflow_into_cache", overflow_into_cache, NULL, SIGSEGV },
	{ "keys_follow_from_one", keys_follow_from_one },
};

int main(void)
{
	return attacks_run(attacks, sizeof(attacks) / sizeof(attacks[0]));
}
