/*
 * record.c - write down what a program asks of malloc, for malloc-replay.
 *
 *	MALLOC_RECORD=trace LD_PRELOAD=build/host/librecord.so prog
 *
 * One line a call, numbers in hex, blocks named by their addresses:
 *
 *	a MEM BYTES		allocated
 *	r MEM BYTES NEW		resized, and perhaps moved
 *	f MEM			freed
 *
 * The allocator itself is ours, under its other names (prefix.h, build.mk).
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "../port.h"

/* This file has the C names; the allocator has these. */
void *fl_malloc(size_t n);
void *fl_calloc(size_t nr, size_t bytes);
void *fl_realloc(void *mem, size_t n);
void *fl_memalign(size_t alignment, size_t n);
int fl_posix_memalign(void **mem, size_t alignment, size_t n);
void fl_free(void *mem);
size_t fl_malloc_usable_size(void *mem);

void *memalign(size_t alignment, size_t n);
size_t malloc_usable_size(void *mem);

#define BUFFER_BYTES	65536
#define LINE_BYTES	64

static port_lock_t lock;	/* guards everything below */
static bool started;
static int fd = -1;
static pid_t owner;		/* a forked child must not write as well */
static char buffer[BUFFER_BYTES];
static size_t used;

static void flush_locked(void)
{
	if (fd >= 0 && getpid() == owner && write(fd, buffer, used) < 0)
		fd = -1;
	used = 0;
}

static void start_locked(void)
{
	const char *path = getenv("MALLOC_RECORD");

	started = true;
	owner = getpid();
	if (path)
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
}

static void put_hex(size_t n)
{
	int digits = n ? (67 - __builtin_clzl(n)) / 4 : 1;

	buffer[used++] = ' ';
	while (digits-- > 0)
		buffer[used++] = "0123456789abcdef"[n >> digits * 4 & 15];
}

static void record(char call, const size_t *numbers, int nr)
{
	port_lock(&lock, true);
	if (!started)
		start_locked();
	if (used + LINE_BYTES > BUFFER_BYTES)
		flush_locked();
	buffer[used++] = call;
	for (int i = 0; i < nr; i++)
		put_hex(numbers[i]);
	buffer[used++] = '\n';
	port_unlock(&lock);
}

static void *allocated(void *mem, size_t n)
{
	if (mem)
		record('a', (size_t[]){ (size_t)mem, n }, 2);
	return mem;
}

void *malloc(size_t n)
{
	return allocated(fl_malloc(n), n);
}

void *calloc(size_t nr, size_t bytes)
{
	return allocated(fl_calloc(nr, bytes), nr * bytes);
}

void *memalign(size_t alignment, size_t n)
{
	return allocated(fl_memalign(alignment, n), n);
}

void *aligned_alloc(size_t alignment, size_t n)
{
	return memalign(alignment, n);
}

int posix_memalign(void **mem, size_t alignment, size_t n)
{
	int err = fl_posix_memalign(mem, alignment, n);

	if (!err)
		allocated(*mem, n);
	return err;
}

void *realloc(void *mem, size_t n)
{
	size_t old = (size_t)mem;
	void *new;

	if (!mem)
		return malloc(n);
	new = fl_realloc(mem, n);
	if (new)
		record('r', (size_t[]){ old, n, (size_t)new }, 3);
	else if (!n)
		record('f', &old, 1);
	return new;
}

/* Before the free: afterwards another thread may have the address. */
void free(void *mem)
{
	size_t address = (size_t)mem;

	if (mem)
		record('f', &address, 1);
	fl_free(mem);
}

size_t malloc_usable_size(void *mem)
{
	return fl_malloc_usable_size(mem);
}

static __attribute__((destructor)) void record_end(void)
{
	port_lock(&lock, true);
	flush_locked();
	port_unlock(&lock);
}
