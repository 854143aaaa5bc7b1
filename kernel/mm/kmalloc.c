/*
 * kmalloc() and kfree(): libc/malloc under the kernel's names.
 *
 * The sources of libc/malloc are compiled once more for the kernel, unchanged, as
 * for a program of one thread: there is one CPU, and kernel code is preempted only
 * where it sleeps, which malloc never does. kheap.c is the system below it.
 */
#include "kmalloc.h"

#include "../../libc/malloc/tools/prefix.h"
#include "../../libc/include/malloc.h"
#include "frame.h"
#include "kheap.h"
#include "panic.h"
#include "string.h"

/* From here on kzalloc() would rather not clear what is clear. */
#define CALLOC_MIN_BYTES (16UL << 10)

/* A heap that has not grown by so much is not worth a look. */
#define EXCESS_FRAMES 64

static uint64_t trimmed_frames; /* what the last trim left */

void kmalloc_init(void)
{
	kheap_init();
}

void *kmalloc(size_t size)
{
	if (should_fail(FAIL_OBJECT))
		return NULL;
	return malloc(size);
}

/*
 * calloc() looks for memory that is zero already, which pays where much is asked
 * for; below that, what the cache has is nearer.
 */
void *kzalloc(size_t size)
{
	void *ptr;

	if (should_fail(FAIL_OBJECT))
		return NULL;
	if (size >= CALLOC_MIN_BYTES)
		return calloc(1, size);
	ptr = malloc(size);
	return ptr ? memset(ptr, 0, size) : NULL;
}

void kfree(void *ptr)
{
	free(ptr);
}

size_t kmalloc_trim(void)
{
	uint64_t before = kheap_frames;

	malloc_trim(0);
	trimmed_frames = kheap_frames;
	return before - kheap_frames;
}

void kmalloc_trim_excess(void)
{
	if (kheap_frames >= 2 * trimmed_frames + EXCESS_FRAMES)
		kmalloc_trim();
}

static int count_chunk(const struct heap_chunk *chunk, void *arg)
{
	struct kmalloc_stats *stats = arg;

	switch (chunk->kind) {
	case HEAP_CHUNK_USED:
		stats->nr_objects++;
		stats->used_bytes += chunk->bytes;
		break;
	case HEAP_CHUNK_CACHED:
		stats->nr_cached++;
		stats->cached_bytes += chunk->bytes;
		break;
	default:
		stats->nr_free++;
		stats->free_bytes += chunk->bytes;
	}
	return 0;
}

struct kmalloc_stats kmalloc_stats(void)
{
	struct kmalloc_stats stats = { .frames = kheap_frames };
	struct mallinfo2 info = mallinfo2();

	stats.nr_objects = info.hblks; /* blocks of whole frames: in no heap */
	stats.used_bytes = info.hblkhd;
	__heap_walk(count_chunk, &stats);
	return stats;
}

void kmalloc_validate(void)
{
	void *where = NULL;
	const char *wrong = __heap_check(&where);

	if (wrong)
		panic("kernel heap: %s at %p", wrong, where);
}
