/*
 * malloc_test_port.h - a port of malloc whose every call can be made to fail.
 *
 * The break is a static array, mappings come from the host; both are counted,
 * so a test can tell what malloc has not given back. Include it once.
 */
#pragma once

#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../libc/malloc/port.h"

#define TEST_BREAK_BYTES	(64UL << 20)

static char test_heap[TEST_BREAK_BYTES] __attribute__((aligned(4096)));
/* volatile: glibc's headers say that malloc is a leaf, and changes nothing here. */
static volatile size_t test_brk;	/* offset in test_heap */
static volatile size_t test_mapped_bytes;
static volatile unsigned long test_port_calls;	/* of calls that may refuse */
static unsigned long test_fail_at;	/* the call that does; 0: none */
static size_t test_map_limit = SIZE_MAX;	/* of test_mapped_bytes */
static bool test_no_break;		/* refuse every port_sbrk() growth */
static volatile size_t test_foreign;		/* so much somebody else takes after the next */
static char *volatile test_foreign_start;	/* where that was */
static int test_errno;
static const char *test_options;
static char test_message[200];		/* the last one */
static int test_nr_messages;
static jmp_buf *test_fatal;		/* where a fatal message goes */

static bool test_refuse(void)
{
	return ++test_port_calls == test_fail_at;
}

void port_start(struct port_boot *boot)
{
	boot->random[0] = 0x1234567;
	boot->random[1] = 0x89abcdef;
	boot->nr_cpus = 2;
	malloc_parse_options(test_options);
}

void *port_sbrk(intptr_t bytes)
{
	char *old = test_heap + test_brk;

	if (bytes > 0 && (test_no_break || test_refuse() ||
			  test_brk + bytes > TEST_BREAK_BYTES))
		return NULL;
	test_brk += bytes;
	if (bytes < 0)		/* the system zeroes what it gets back */
		memset(test_heap + test_brk, 0, -bytes);
	if (bytes > 0 && test_foreign) {
		test_foreign_start = memset(test_heap + test_brk, 0x5a, test_foreign);
		test_brk += test_foreign;
		test_foreign = 0;
	}
	return old;
}

void *port_map(void *old, size_t old_bytes, size_t new_bytes)
{
	void *result;

	if (test_refuse() ||
	    test_mapped_bytes + new_bytes - old_bytes > test_map_limit)
		return NULL;
	if (old)
		result = mremap(old, old_bytes, new_bytes, MREMAP_MAYMOVE);
	else
		result = mmap(NULL, new_bytes, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (result == MAP_FAILED)
		return NULL;
	test_mapped_bytes += new_bytes - old_bytes;
	return result;
}

void port_unmap(void *start, size_t bytes)
{
	munmap(start, bytes);
	test_mapped_bytes -= bytes;
}

bool port_decommit(void *start, size_t bytes, bool guard)
{
	if (test_refuse())
		return false;
	if (guard)
		return !mprotect(start, bytes, PROT_NONE);
	memset(start, 0, bytes);
	return true;
}

void port_lock(port_lock_t *lock)
{
	if (*lock)
		port_message("deadlock\n", 9, true);
	*lock = 1;
}

void port_unlock(port_lock_t *lock)
{
	*lock = 0;
}

bool port_thread(void)
{
	return true;
}

void port_errno(int err)
{
	test_errno = err;
}

void port_message(const char *line, size_t bytes, bool fatal)
{
	snprintf(test_message, sizeof(test_message), "%.*s", (int)bytes, line);
	test_nr_messages++;
	if (!fatal)
		return;
	if (test_fatal)
		longjmp(*test_fatal, 1);
	fprintf(stderr, "%s", test_message);
	_exit(1);
}
