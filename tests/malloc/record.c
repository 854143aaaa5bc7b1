/*
 * record.c - write down what a program asks of malloc, for malloc-replay.
 *
 *	MALLOC_RECORD=trace LD_PRELOAD=build/host/librecord.so prog
 *
 * A trace is text. The first line is `malloc-trace 1`, the version; then comes
 * a line for each call, in the order in which they took effect:
 *
 *	a MEM BYTES		malloc or calloc
 *	m MEM BYTES ALIGNMENT	memalign and its kin
 *	r MEM BYTES NEW		realloc of MEM, which is now called NEW
 *	f MEM			free, or realloc to nothing
 *
 * Numbers are hexadecimal. MEM is only a name: here it is the address, but any
 * number does that no other live block has. ALIGNMENT is a power of two. The
 * beginning of a trace is a trace, so `head` makes a shorter one, and a program
 * that crashes leaves one; tests/malloc/cut-trace.awk makes a smaller one.
 *
 * The first process that runs is recorded; forked children and what they
 * execute are not. The allocator itself is ours, under its other names: in the
 * shared library by tools/prefix.h, in a static program by the linker's --wrap, see
 * build.mk.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../libc/malloc/port.h"

/* This file has the C names; the allocator has these. */
void *fl_malloc(size_t n);
void *fl_calloc(size_t nr, size_t bytes);
void *fl_realloc(void *mem, size_t n);
void *fl_reallocarray(void *mem, size_t nr, size_t bytes);
void *fl_memalign(size_t alignment, size_t n);
void *fl_aligned_alloc(size_t alignment, size_t n);
int fl_posix_memalign(void **mem, size_t alignment, size_t n);
void *fl_valloc(size_t n);
void *fl_pvalloc(size_t n);
void fl_free(void *mem);
void fl_free_sized(void *mem, size_t n);
void fl_free_aligned_sized(void *mem, size_t alignment, size_t n);
size_t fl_malloc_usable_size(void *mem);

void *reallocarray(void *mem, size_t nr, size_t bytes);
void *memalign(size_t alignment, size_t n);
void *valloc(size_t n);
void *pvalloc(size_t n);
void free_sized(void *mem, size_t n);
void free_aligned_sized(void *mem, size_t alignment, size_t n);
size_t malloc_usable_size(void *mem);

#define LINE_BYTES	64

static const char version[] = "malloc-trace 1\n";

static port_lock_t lock;	/* guards everything below */
static bool started;
static int fd = -1;
static pid_t owner;		/* set with started, constant after */

/* Each line at once: a program may end by a signal, by _exit() or by exec(). */
static void write_locked(const char *line, size_t bytes)
{
	int saved = errno;

	if (fd >= 0 && write(fd, line, bytes) < 0)
		fd = -1;
	errno = saved;
}

static void complain(const char *path)
{
	const char *const parts[] = { "malloc-record: cannot write ", path, "\n" };

	for (int i = 0; i < 3; i++)
		if (write(STDERR_FILENO, parts[i], strlen(parts[i])) < 0)
			return;
}

/* O_EXCL: what the program executes must not write over our trace. */
static void start_locked(void)
{
	const char *path = getenv("MALLOC_RECORD");

	started = true;
	owner = getpid();
	if (path)
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (path && fd < 0 && errno != EEXIST)
		complain(path);
	write_locked(version, sizeof(version) - 1);
}

/* A blank and @n to @line; how many characters. */
static size_t put_hex(char *line, size_t n)
{
	int digits = n ? (67 - __builtin_clzl(n)) / 4 : 1;
	size_t used = 0;

	line[used++] = ' ';
	while (digits-- > 0)
		line[used++] = "0123456789abcdef"[n >> digits * 4 & 15];
	return used;
}

static void record_locked(char call, const size_t *numbers, int nr)
{
	char line[LINE_BYTES];
	size_t used = 0;

	if (!started)
		start_locked();
	line[used++] = call;
	for (int i = 0; i < nr; i++)
		used += put_hex(line + used, numbers[i]);
	line[used++] = '\n';
	write_locked(line, used);
}

/* A forked child must not touch the lock: its holder may not exist there. */
static bool recording(void)
{
	return !started || getpid() == owner;
}

static void record(char call, const size_t *numbers, int nr)
{
	if (!recording())
		return;
	port_lock(&lock);
	record_locked(call, numbers, nr);
	port_unlock(&lock);
}

static void *allocated(void *mem, size_t n)
{
	if (mem)
		record('a', (size_t[]){ (size_t)mem, n }, 2);
	return mem;
}

static void *aligned(void *mem, size_t n, size_t alignment)
{
	if (mem)
		record('m', (size_t[]){ (size_t)mem, n, alignment }, 3);
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

/* It takes any alignment, and rounds it up. */
void *memalign(size_t alignment, size_t n)
{
	size_t power = 1;

	while (power && power < alignment)
		power *= 2;
	return aligned(fl_memalign(alignment, n), n, power);
}

void *valloc(size_t n)
{
	return aligned(fl_valloc(n), n, PORT_PAGE_BYTES);
}

void *pvalloc(size_t n)
{
	return aligned(fl_pvalloc(n), n, PORT_PAGE_BYTES);
}

void *aligned_alloc(size_t alignment, size_t n)
{
	return aligned(fl_aligned_alloc(alignment, n), n, alignment);
}

int posix_memalign(void **mem, size_t alignment, size_t n)
{
	int err = fl_posix_memalign(mem, alignment, n);

	if (!err)
		aligned(*mem, n, alignment);
	return err;
}

/*
 * Under the lock as a whole: once the old address is free, another thread's
 * block may get it, and must not be in the trace before we are.
 */
static void *realloc_recorded(void *mem, size_t n)
{
	size_t old = (size_t)mem;
	void *new;

	port_lock(&lock);
	new = fl_realloc(mem, n);
	if (new)
		record_locked('r', (size_t[]){ old, n, (size_t)new }, 3);
	else if (!n)
		record_locked('f', &old, 1);
	port_unlock(&lock);
	return new;
}

void *realloc(void *mem, size_t n)
{
	if (!mem)
		return malloc(n);
	return recording() ? realloc_recorded(mem, n) : fl_realloc(mem, n);
}

/* An overflow is refused by the allocator itself, and is no event. */
void *reallocarray(void *mem, size_t nr, size_t bytes)
{
	size_t n;

	if (__builtin_mul_overflow(nr, bytes, &n))
		return fl_reallocarray(mem, nr, bytes);
	return realloc(mem, n);
}

/* Before the free: afterwards another thread may have the address. */
static void *freed(void *mem)
{
	size_t address = (size_t)mem;

	if (mem)
		record('f', &address, 1);
	return mem;
}

void free(void *mem)
{
	fl_free(freed(mem));
}

void free_sized(void *mem, size_t n)
{
	fl_free_sized(freed(mem), n);
}

void free_aligned_sized(void *mem, size_t alignment, size_t n)
{
	fl_free_aligned_sized(freed(mem), alignment, n);
}

size_t malloc_usable_size(void *mem)
{
	return fl_malloc_usable_size(mem);
}
