/*
 * port.h - everything malloc wants of the system below it: ten functions.
 *
 * A port is one .c file that defines them. Those marked "may refuse" can be
 * a single `return NULL;` and malloc does without: with no port_sbrk() the
 * heap lives in port_map() regions; with no port_map() everything, large
 * requests included, comes from port_sbrk(), and there are no thread caches.
 * No function may call malloc. README.md builds a port in ten minutes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PORT_PAGE_BYTES	4096UL	/* change it where it differs: 16 or 64 KiB will do */

/*
 * A thread's own variable, or, built with -DMALLOC_NO_THREADS, a plain one.
 * initial-exec spares the fast path a function call on every access.
 */
#ifdef MALLOC_NO_THREADS
#define PORT_THREAD_LOCAL
#else
#define PORT_THREAD_LOCAL \
	_Thread_local __attribute__((tls_model("initial-exec")))
#endif

typedef uint32_t port_lock_t;	/* zero is an unlocked lock */

struct port_boot {
	uint64_t random[2];	/* unguessable, or a constant for determinism */
	unsigned int nr_cpus;	/* bounds the number of arenas; 0 counts as 1 */
};

/*
 * Fill in @boot. Called once, before any other function but port_lock(). It may set
 * options: malloc_parse_options("mode=textbook,top_pad=0"), in tools/mallopt.c,
 * reports in one line what it does not understand.
 */
void port_start(struct port_boot *boot);
void malloc_parse_options(const char *text);

/*
 * Move the end of the heap by @bytes, up or down, and return where it was before.
 * New memory reads as zero. May refuse: NULL. Somebody else may have moved it in
 * between: malloc copes with the gap. If nobody ever does, @bytes are whole pages.
 * 2 MiB or more that end on a multiple of that will be filled: large pages pay.
 */
void *port_sbrk(intptr_t bytes);

/*
 * @old == NULL: @new_bytes of fresh memory, page aligned, reading as zero.
 * Otherwise make that longer, contents kept; it may move. Sizes are whole pages, and
 * @old any pages in a row that this has returned: a part of a mapping, or across the
 * border between two. May refuse: NULL, and @old is as it was.
 */
void *port_map(void *old, size_t old_bytes, size_t new_bytes);

/* Give back any pages in a row that port_map() has returned. */
void port_unmap(void *start, size_t bytes);

/*
 * Drop the contents of whole pages but keep the range: they read as zero
 * afterwards, and cost nothing until then. @guard: any access to them from now
 * on is to stop the program. May refuse: false, and all is as it was.
 */
bool port_decommit(void *start, size_t bytes, bool guard);

/* Take @lock, once no other thread has it; and let it go. */
void port_lock(port_lock_t *lock);
void port_unlock(port_lock_t *lock);

/*
 * The calling thread is to own a cache: see to it that __malloc_thread_exit()
 * runs in this thread when it ends; true is enough where threads never end. May
 * refuse (false): no cache for this thread; refuse for one that is already ending.
 */
bool port_thread(void);

/* Tell the caller of malloc why it got NULL; @err is one of these two. */
enum { PORT_ENOMEM = 12, PORT_EINVAL = 22 };	/* Linux's numbers */
void port_errno(int err);

/*
 * Show @line (it ends in '\n') to a human. @fatal: the heap is broken and
 * nothing may return into it; stop the program, or the machine.
 */
void port_message(const char *line, size_t bytes, bool fatal);
