// build: -idirafter kernel/include -D_GNU_SOURCE -w -fno-sanitize=object-size -include libc/malloc/tools/prefix.h libc/malloc/*.c libc/malloc/tools/*.c libc/malloc/ports/user.c
/*
 * If these fail, an attack that other allocators have had to learn about works
 * here: the houses of how2heap and their kin, each with what it needs against
 * this heap's layout.
 *
 * Here: links between free chunks, after a write to freed memory.
 *
 * "aborts": stopped in words. "misses": what it writes is never looked at.
 */
#include "malloc_attacks.h"

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

/* ---- what waits: safe-linking's decryption, stashing ---- */

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

/* ---- what is in bins: lore, large bins ---- */

/* The same, with the mask of another allocator: address >> 12. */
static void wrongly_masked_link(void)
{
	uintptr_t *p = malloc(LARGE);

	fence();
	free(p);
	p[0] = ((uintptr_t)p >> 12) ^ (uintptr_t)target;
	malloc(LARGE);
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

static const struct attack attacks[] = {
	{ "poisoned_cached_blocks", poisoned_cached_blocks },
	{ "decrypted_waiting_link", decrypted_waiting_link,
	  "corrupted free list" },
	{ "decrypted_link_to_block_in_use", decrypted_link_to_block_in_use,
	  "corrupted free list" },
	{ "decrypted_link_to_stale_header", decrypted_link_to_stale_header,
	  "corrupted free list" },
	{ "wrongly_masked_link", wrongly_masked_link, "corrupted free list" },
	{ "poisoned_back_link", poisoned_back_link, "corrupted free list" },
	{ "poisoned_link_of_large_chunk", poisoned_link_of_large_chunk,
	  "corrupted free list" },
	{ "poisoned_link_then_merge", poisoned_link_then_merge,
	  "corrupted free list" },
	{ "poisoned_link_then_trim", poisoned_link_then_trim,
	  "corrupted free list" },
	{ "poisoned_link_then_mallinfo", poisoned_link_then_mallinfo,
	  "corrupted free list" },
	{ "block_in_bin_twice", block_in_bin_twice, "corrupted free list" },
};

int main(void)
{
	return attacks_run(attacks, sizeof(attacks) / sizeof(attacks[0]));
}
