// build: -idirafter kernel/include -D_GNU_SOURCE -w -fno-sanitize=object-size -Wl,--wrap=port_lock -include libc/malloc/tools/prefix.h libc/malloc/*.c libc/malloc/tools/*.c libc/malloc/ports/user.c
/*
 * If these fail, a memory bug in a program becomes somebody's exploit: each of
 * the known ways to turn a broken heap into an overlap must end in one line
 * and SIGABRT before malloc has returned memory that is already in use.
 *
 * Every shape runs in a child of its own. Reaching its end is the failure.
 */
#include "../../libc/malloc/tcache.h"
#include "malloc_attacks.h"

static void double_free_cached(void)
{
	void *p = malloc(40);

	free(p);
	free(p);
}

static void double_free_waiting(void)
{
	void *p = malloc(40);

	free(p);
	flush_size(40);
	free(p);
}

static void double_free_medium(void)
{
	void *p = malloc(5000);

	free(p);
	free(p);
}

static void double_free_binned(void)
{
	void *p = malloc(LARGE);

	fence();
	free(p);
	free(p);
}

static void double_free_merged(void)
{
	void *a = malloc(LARGE), *b = malloc(LARGE);

	fence();
	free(a);
	free(b);
	free(b);
}

static void double_free_in_top(void)
{
	void *p = malloc(LARGE);

	free(p);
	free(p);
}

/* house of botcake: once into a bin, merged, once into a cache. */
static void double_free_across_bins(void)
{
	void *a = malloc(LARGE), *b = malloc(200);

	fence();
	free(a);
	free(b);
	malloc_trim(0);		/* the cache is flushed: b joins a */
	free(b);
}

/* ---- another thread frees what this one has looked at, and waits to free ---- */

static void (*on_lock)(void);	/* once */
static void *freed_twice;
static struct tcache *other;	/* to be a thread is to have a cache */

void __real_port_lock(port_lock_t *lock);
void __wrap_port_lock(port_lock_t *lock);

void __wrap_port_lock(port_lock_t *lock)
{
	void (*run)(void) = on_lock;

	on_lock = NULL;
	if (run)
		run();
	__real_port_lock(lock);
}

static void make_other(void)
{
	struct tcache *self = tcache;

	tcache = (struct tcache *)&tcache_none;
	for (int i = 0; i < 5; i++)
		free(malloc(200));
	other = tcache;
	tcache = self;
}

static void other_frees(void)
{
	struct tcache *self = tcache;

	tcache = other;
	free(freed_twice);
	tcache = self;
}

static void double_free_while_flushing(void)
{
	void *all[200];

	make_other();
	for (int i = 0; i < 200; i++)
		all[i] = malloc(200);
	for (int i = 0; i < 200; i++) {
		freed_twice = all[i];
		on_lock = other_frees;
		free(freed_twice);
	}
}

static void double_free_while_resizing(void)
{
	make_other();
	freed_twice = malloc(200);
	on_lock = other_frees;
	realloc(freed_twice, 50000);
}

static void forged_size(void)
{
	char *p = malloc(40);

	*size_of(p) = 0x101;
	free(p);
}

/* A larger size on a chunk in use, so that its free covers the next one. */
static void overlapping_chunks_in_use(void)
{
	char *a = malloc(LARGE), *b = malloc(LARGE);

	fence();
	*size_of(a) += *size_of(b) & ~15;
	free(a);
	b = malloc(2 * LARGE);
}

/* The same on a free chunk, found by the next search. */
static void overlapping_chunks_free(void)
{
	char *a = malloc(LARGE), *b = malloc(LARGE);

	fence();
	free(a);
	*size_of(a) += 512;
	b = malloc(LARGE + 500);
}

static void poisoned_bin_link(void)
{
	static uintptr_t target[8];
	uintptr_t *p = malloc(LARGE);

	fence();
	free(p);
	p[0] = (uintptr_t)target;
	p[1] = (uintptr_t)target;
	malloc(LARGE);
}

/* tcache_poisoning, fastbin_dup: the link of a waiting small chunk. */
static void poisoned_waiting_link(void)
{
	static uintptr_t target[8];
	uintptr_t *held[300];

	for (int i = 0; i < 300; i++)
		held[i] = malloc(40);
	for (int i = 0; i < 300; i++)
		free(held[i]);
	for (int i = 0; i < 300; i++)
		held[i][0] = (uintptr_t)target;
	for (int i = 0; i < 300; i++)
		malloc(40);
}

/* house of einherjar, unsafe unlink: a fake free chunk in front of b. */
static void unsafe_unlink(void)
{
	static uintptr_t target[8];
	uintptr_t *a = malloc(LARGE);
	char *b = malloc(LARGE);
	size_t fake = (char *)b - (char *)a - 16;

	fence();
	a[0] = 0;
	a[1] = fake | 1;
	a[2] = (uintptr_t)target;
	a[3] = (uintptr_t)target;
	*prev_size_of(b) = fake;
	*size_of(b) &= ~1;
	free(b);
}

/* One byte too many, a zero: the lowest byte of the next size. */
static void null_byte_changes_size(void)
{
	char *a = malloc(40), *b = malloc(40);

	a[malloc_usable_size(a)] = 0;
	free(b);
}

/* The next size is 0x10001: the zero only says "the chunk in front is free". */
static void null_byte_clears_prev_inuse(void)
{
	char *a = malloc(LARGE), *b = malloc(0x10000 - 8);

	fence();
	*prev_size_of(b) = 0x1000;
	a[malloc_usable_size(a)] = 0;
	free(b);
}

/* house of force, orange, tangerine: the size of top. */
static void forged_top(void)
{
	char *p = malloc(LARGE);

	*(uint64_t *)(p + malloc_usable_size(p)) = ~0UL;
	malloc(LARGE);
}

static void overflow_into_top(void)
{
	char *p = malloc(LARGE);

	memset(p, 'A', malloc_usable_size(p) + 8);
	free(p);
}

static void overflow_into_next(void)
{
	char *a = malloc(LARGE), *b = malloc(LARGE);

	fence();
	memset(a, 'A', malloc_usable_size(a) + 8);
	free(a);
}

static void overwritten_while_cached(void)
{
	char *p = malloc(40);

	free(p);
	*size_of(p) = 0x71;
	malloc_trim(0);
}

static void overwritten_end_of_free(void)
{
	char *a = malloc(LARGE), *b = malloc(LARGE);

	fence();
	free(a);
	*prev_size_of(b) = 0x500;
	free(b);
}

static void misaligned_pointer(void)
{
	char *p = malloc(40);

	free(p + 8);
}

/* house of spirit: a fake chunk that malloc has never made. */
static void foreign_pointer(void)
{
	static _Alignas(16) uint64_t fake[16];

	fake[1] = 0x41;
	fake[9] = 0x41;
	free(&fake[2]);
}

static void foreign_mapped_pointer(void)
{
	static _Alignas(16) uint64_t fake[16];

	fake[0] = 4096;
	fake[1] = 4096 | 2;
	free(&fake[2]);
}

/* Somebody gives back what is not theirs: what comes next would be in use twice. */
static void break_moved_back(void)
{
	malloc(20000);
	sbrk(-65536);
	malloc(125000);
}

/* mmap_overlapping_chunks: munmap more than the block. */
static void forged_mapping(void)
{
	char *p = malloc(300000);

	*size_of(p) += 0x10000;
	*prev_size_of(p) += 0x10000;
	free(p);
}

static void realloc_of_freed(void)
{
	char *p = malloc(40);

	free(p);
	p = realloc(p, 100);
}

static void realloc_inside(void)
{
	char *p = malloc(400);

	p = realloc(p + 64, 100);
}

/* The length of a mapping, which nobody can have. */
static void forged_length(void)
{
	char *p = malloc(300000);

	((uint64_t *)p)[-2] |= 1UL << 43;
	p = realloc(p, 1UL << 30);
}

static void wrong_sized_free(void)
{
	free_sized(malloc(40), 400);
}

static void wrong_sized_free_of_more(void)
{
	free_sized(malloc(400), 40);
}

/* A crash reporter allocates in its SIGABRT handler: no lock may be missing. */
static void report_crash(int signal_number)
{
	char *p = realloc(calloc(10, 10), 5000);

	free(p);
	mallopt(M_TOP_PAD, (int)mallinfo2().fordblks);
	__heap_check(NULL);
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

static void handler_allocates(void)
{
	signal(SIGABRT, report_crash);
	alarm(10);	/* a deadlock ends with another signal */
	forged_top();
}

static const struct attack shapes[] = {
	{ "double_free_cached", double_free_cached, "double free" },
	{ "double_free_waiting", double_free_waiting, "double free" },
	{ "double_free_medium", double_free_medium, "double free" },
	{ "double_free_binned", double_free_binned, "double free" },
	{ "double_free_merged", double_free_merged, "double free" },
	{ "double_free_in_top", double_free_in_top, "double free" },
	{ "double_free_across_bins", double_free_across_bins, "double free" },
	{ "double_free_while_flushing", double_free_while_flushing, "double free" },
	{ "double_free_while_resizing", double_free_while_resizing, "double free" },
	{ "forged_size", forged_size, "corrupted chunk header" },
	{ "overlapping_chunks_in_use", overlapping_chunks_in_use,
	  "corrupted chunk header" },
	{ "overlapping_chunks_free", overlapping_chunks_free,
	  "corrupted free chunk" },
	{ "poisoned_bin_link", poisoned_bin_link, "corrupted free list" },
	{ "poisoned_waiting_link", poisoned_waiting_link,
	  "corrupted free list" },
	{ "unsafe_unlink", unsafe_unlink, "corrupted previous size" },
	{ "null_byte_changes_size", null_byte_changes_size,
	  "corrupted chunk header" },
	{ "null_byte_clears_prev_inuse", null_byte_clears_prev_inuse,
	  "corrupted previous size" },
	{ "forged_top", forged_top, "corrupted top" },
	{ "overflow_into_top", overflow_into_top, "corrupted top" },
	{ "overflow_into_next", overflow_into_next, "corrupted next chunk" },
	{ "overwritten_while_cached", overwritten_while_cached,
	  "corrupted cached chunk" },
	{ "overwritten_end_of_free", overwritten_end_of_free,
	  "corrupted previous size" },
	{ "misaligned_pointer", misaligned_pointer, "misaligned pointer" },
	{ "foreign_pointer", foreign_pointer, "invalid pointer" },
	{ "foreign_mapped_pointer", foreign_mapped_pointer,
	  "invalid pointer" },
	{ "break_moved_back", break_moved_back, "break moved back into the heap" },
	{ "forged_mapping", forged_mapping, "corrupted chunk header" },
	{ "forged_length", forged_length, "corrupted chunk header" },
	{ "realloc_of_freed", realloc_of_freed, "double free" },
	{ "realloc_inside", realloc_inside, "corrupted chunk header" },
	{ "handler_allocates", handler_allocates, "corrupted top" },
	{ "wrong_sized_free", wrong_sized_free, "wrong size in free_sized" },
	{ "wrong_sized_free_of_more", wrong_sized_free_of_more, "wrong size in free_sized" },
};

int main(void)
{
	return attacks_run(shapes, sizeof(shapes) / sizeof(shapes[0]));
}
