/*
 * fixed.c - the port for a machine without a system: firmware, a boot loader,
 * a kernel before paging. The break moves inside one buffer; nothing is ever
 * mapped, so large requests come from there too, and nothing is cached.
 *
 * One caller at a time: build with -DMALLOC_NO_THREADS. A broken heap stops
 * the machine; a system that can print would do so in port_message().
 */
#include "fixed.h"

#include "../port.h"

static char *start, *brk, *end;

void fixed_heap(void *buffer, size_t bytes)
{
	uintptr_t base = ((uintptr_t)buffer + PORT_PAGE_BYTES - 1) &
			 ~(PORT_PAGE_BYTES - 1);

	start = brk = (char *)base;
	end = (char *)buffer + bytes;
}

/* Constants: the same run gives the same addresses and tags every time. */
void port_start(struct port_boot *boot)
{
	boot->random[0] = 0x6a09e667f3bcc908;
	boot->random[1] = 0xbb67ae8584caa73b;
}

/* A buffer starts with whatever it held, but must read as zero. */
void *port_sbrk(intptr_t bytes)
{
	char *old = brk;

	if (!start || bytes > end - brk)
		return NULL;
	brk += bytes;
	if (bytes > 0)
		__builtin_memset(old, 0, bytes);
	return old;
}

void *port_map(void *old, size_t old_bytes, size_t new_bytes)
{
	(void)old, (void)old_bytes, (void)new_bytes;
	return NULL;
}

void port_unmap(void *from, size_t bytes)
{
	(void)from, (void)bytes;
}

bool port_decommit(void *from, size_t bytes, bool guard)
{
	(void)from, (void)bytes, (void)guard;
	return false;
}

void port_lock(port_lock_t *lock)
{
	(void)lock;
}

void port_unlock(port_lock_t *lock)
{
	(void)lock;
}

bool port_thread(void)
{
	return true;
}

void port_errno(int err)
{
	(void)err;
}

void port_message(const char *line, size_t bytes, bool fatal)
{
	(void)line, (void)bytes;
	if (fatal)
		__builtin_trap();
}
