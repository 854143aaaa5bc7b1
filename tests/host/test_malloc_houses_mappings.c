// build: -idirafter kernel/include -D_GNU_SOURCE -w -fno-sanitize=object-size -include libc/malloc/tools/prefix.h libc/malloc/*.c libc/malloc/tools/*.c libc/malloc/ports/user.c
/*
 * If these fail, an attack that other allocators have had to learn about works
 * here: the houses of how2heap and their kin, each with what it needs against
 * this heap's layout.
 *
 * Here: blocks with a mapping of their own.
 *
 * "aborts": stopped in words. "misses": what it writes is never looked at.
 */
#include "malloc_attacks.h"

#define MAPPED	300000	/* from the threshold on a block has its own mapping */

/* ---- lengths ---- */

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

static void realloc_of_forged_mapping(void)
{
	char *p = malloc(MAPPED);

	*prev_size_of(p) += 0x10000;
	*size_of(p) += 0x10000;
	p = realloc(p, 2 * MAPPED);
}

/* ---- headers ---- */

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

static void free_inside_mapped_aligned(void)
{
	char *p = memalign(1 << 20, MAPPED);

	free(p + 4096);
}

/* ---- second frees ---- */

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

/* ---- guard pages ---- */

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

static const struct attack attacks[] = {
	{ "mapped_length_off_by_one", mapped_length_off_by_one,
	  "corrupted chunk header" },
	{ "mapped_length_then_realloc", mapped_length_then_realloc,
	  "corrupted chunk header" },
	{ "mapped_length_then_usable_size", mapped_length_then_usable_size,
	  "corrupted chunk header" },
	{ "realloc_of_forged_mapping", realloc_of_forged_mapping,
	  "corrupted chunk header" },
	{ "mapped_header_wiped", mapped_header_wiped, "invalid pointer" },
	{ "mapped_header_invented", mapped_header_invented,
	  "corrupted chunk header" },
	{ "free_inside_mapped_aligned", free_inside_mapped_aligned,
	  "invalid pointer" },
	{ "mapped_double_free", mapped_double_free, NULL, SIGSEGV },
	{ "kept_mapping_double_free", kept_mapping_double_free,
	  "double free" },
	{ "guard_page_overflow", guard_page_overflow, NULL, SIGSEGV },
	{ "guard_length_forged", guard_length_forged, "invalid pointer" },
};

int main(void)
{
	return attacks_run(attacks, sizeof(attacks) / sizeof(attacks[0]));
}
