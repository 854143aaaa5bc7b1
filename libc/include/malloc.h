/*
 * malloc.h - beyond stdlib.h: tuning, statistics and inspection of the heap.
 *
 * Names and numbers up to malloc_info() are glibc's. What starts with __ or
 * is an M_ number below -99 is ours: modes, the walker, the event observer.
 */
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* libc/malloc is compiled with all hidden but what is declared here. */
#pragma GCC visibility push(default)

/* mallopt(): what to tune. README.md in libc/malloc has the table. */
#define M_MXFAST		1
#define M_NLBLKS		2
#define M_GRAIN			3
#define M_KEEP			4
#define M_TRIM_THRESHOLD	(-1)
#define M_TOP_PAD		(-2)
#define M_MMAP_THRESHOLD	(-3)
#define M_MMAP_MAX		(-4)
#define M_CHECK_ACTION		(-5)
#define M_PERTURB		(-6)
#define M_ARENA_TEST		(-7)
#define M_ARENA_MAX		(-8)
#define M_MODE			(-100)	/* one of enum malloc_mode */
#define M_CACHE			(-101)	/* 0: no thread caches */
#define M_ZERO			(-102)	/* 1: zero blocks when they are freed */
#define M_QUARANTINE		(-103)	/* bytes that wait after their free */
#define M_GUARD			(-104)	/* 1: a guard page behind mapped blocks */
#define M_RANDOM		(-105)	/* 1: place blocks at random */

enum malloc_mode {
	MALLOC_MODE_DEFAULT,	/* caches, 128 KiB pad, fixed thresholds */
	MALLOC_MODE_TEXTBOOK,	/* no caches, no pad: the nine figures */
	MALLOC_MODE_GLIBC,	/* thresholds move as glibc's do */
};

struct mallinfo {
	int arena;	/* bytes from the break and from regions */
	int ordblks;	/* free chunks, top included */
	int smblks;	/* freed chunks that wait to be merged */
	int hblks;	/* mapped chunks */
	int hblkhd;	/* bytes in mapped chunks */
	int usmblks;	/* 0 */
	int fsmblks;	/* bytes in chunks that wait */
	int uordblks;	/* bytes in use, caches included */
	int fordblks;	/* bytes free, top included */
	int keepcost;	/* bytes of top */
};

struct mallinfo2 {
	size_t arena;
	size_t ordblks;
	size_t smblks;
	size_t hblks;
	size_t hblkhd;
	size_t usmblks;
	size_t fsmblks;
	size_t uordblks;
	size_t fordblks;
	size_t keepcost;
};

void *malloc(size_t bytes);
void *calloc(size_t nr, size_t bytes);
void *realloc(void *mem, size_t bytes);
void *reallocarray(void *mem, size_t nr, size_t bytes);
void free(void *mem);
void free_sized(void *mem, size_t bytes);
void free_aligned_sized(void *mem, size_t alignment, size_t bytes);
void *memalign(size_t alignment, size_t bytes);
void *aligned_alloc(size_t alignment, size_t bytes);
int posix_memalign(void **mem, size_t alignment, size_t bytes);
void *valloc(size_t bytes);
void *pvalloc(size_t bytes);
size_t malloc_usable_size(void *mem);
int malloc_trim(size_t pad);
int mallopt(int param, int value);
struct mallinfo mallinfo(void);
struct mallinfo2 mallinfo2(void);
void malloc_stats(void);

/* malloc_info() wants a FILE, so it needs <stdio.h> before this header. */
#ifdef EOF
int malloc_info(int options, FILE *file);
#endif

/*
 * Observe the allocator. While an observer is set, no thread gets a cache, and
 * the caller loses its own, so that each event happens when it is caused; what
 * other threads do with caches that they have is not seen. The observer runs
 * with locks held: it must not allocate. NULL removes it.
 */
enum malloc_event_kind {
	MALLOC_EVENT_ALLOC,	/* address: mem; bytes: of its chunk */
	MALLOC_EVENT_FREE,	/* address: mem; bytes: of its chunk */
	MALLOC_EVENT_SPLIT,	/* address: chunk; bytes: its new size */
	MALLOC_EVENT_COALESCE,	/* address: chunk; bytes: its new size */
	MALLOC_EVENT_GROW,	/* address: old end of heap; bytes: added */
	MALLOC_EVENT_TRIM,	/* address: end of the heap; bytes: given back */
	MALLOC_EVENT_DECOMMIT,	/* address: first page; bytes: emptied */
	MALLOC_EVENT_MAP,	/* address: mapping; bytes: its length */
	MALLOC_EVENT_UNMAP,	/* address: mapping; bytes: its length */
};

struct malloc_event {
	enum malloc_event_kind kind;
	void *address;
	size_t bytes;
};

typedef void (*__malloc_event_hook)(const struct malloc_event *event);
void __malloc_set_event_hook(__malloc_event_hook hook);

/* One chunk as the walker reports it; mapped chunks are in no heap. */
enum heap_chunk_kind {
	HEAP_CHUNK_USED,
	HEAP_CHUNK_CACHED,	/* freed, but in a cache, or waiting to be merged */
	HEAP_CHUNK_FREE,
	HEAP_CHUNK_TOP,
	HEAP_CHUNK_FENCE,	/* 32 or 48 bytes that end an abandoned region */
};

struct heap_chunk {
	void *address;		/* of the chunk; its mem is 16 bytes above */
	size_t bytes;
	enum heap_chunk_kind kind;
	int arena;
	int bin;		/* of a free chunk, else -1 */
};

/*
 * Call @each for every chunk, region by region, in address order, until it
 * returns non-zero, which is then returned. @each must not allocate.
 */
int __heap_walk(int (*each)(const struct heap_chunk *chunk, void *arg),
		void *arg);

/* Verify every invariant. NULL: sound; else what is wrong, and *@where. */
const char *__heap_check(void **where);

/*
 * Give everything back to the system and start anew; 0. While anything is in use,
 * or in another thread's cache: -1, and only what nobody uses was given back. Tests
 * and demonstrations use it to begin from an untouched heap.
 */
int __heap_reset(void);

/* For whoever makes threads and processes: see libc/malloc/README.md. */
void __malloc_thread_exit(void);
void __malloc_fork_prepare(void);
void __malloc_fork_done(void);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
