// build: -idirafter kernel/include -D_GNU_SOURCE -w -fno-sanitize=object-size -pthread -include libc/malloc/tools/prefix.h libc/malloc/*.c libc/malloc/tools/*.c libc/malloc/ports/user.c
/*
 * If these fail, an attack that other allocators have had to learn about works
 * here: the houses of how2heap and their kin, each with what it needs against
 * this heap's layout.
 *
 * Here: frees and writes that come late, in quarantine or in another thread.
 *
 * "aborts": stopped in words. "misses": what it writes is never looked at.
 */
#include "malloc_attacks.h"

#include <pthread.h>

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
