/*
 * check.c - finding out what is wrong with a pointer, and ending on it.
 *
 * The texts are an interface: tests and people search for them. README.md
 * lists them with their causes.
 */
#include "check.h"

#include "arena.h"
#include "map.h"
#include "tcache.h"

bool malloc_is_broken;

void malloc_message(const char *what, const char *detail, bool fatal)
{
	const char *const parts[] = { "malloc: ", what, ": ", detail };
	char line[160];
	size_t at = 0;

	for (int i = 0; i < 4; i++)
		for (const char *s = parts[i]; *s && at < sizeof(line) - 1; s++)
			line[at++] = *s;
	line[at++] = '\n';
	port_message(line, at, fatal);
}

/*
 * A SIGABRT handler may call malloc while this thread, or another one, holds
 * an arena lock. So no lock is released and none is taken any more: until the
 * program is gone every request gets a mapping, and frees are dropped.
 */
_Noreturn void malloc_panic(const char *what, const void *address)
{
	char hex[2 + 16 + 1] = "", *digit = hex + sizeof(hex) - 1;

	malloc_is_broken = true;
	tcache = (struct tcache *)&tcache_none;
	for (uintptr_t value = (uintptr_t)address; value; value /= 16)
		*--digit = "0123456789abcdef"[value % 16];
	*--digit = 'x';
	*--digit = '0';
	malloc_message(what, digit, true);
	__builtin_trap();	/* the port promised not to return */
}

_Noreturn void malloc_panic_bad_pointer(void *mem)
{
	struct chunk *c = mem_to_chunk(mem);
	enum chunk_state state;
	bool is_ours;

	if ((uintptr_t)mem % CHUNK_ALIGN)
		malloc_panic("misaligned pointer", mem);
	state = chunk_state(c);
	if ((state != CHUNK_IN_USE && state != CHUNK_FENCE &&
	     state != CHUNK_CORRUPT) || mapped_chunk_was_freed(c))
		malloc_panic("double free", mem);
	is_ours = chunk_is_mapped(c) && (uintptr_t)mem % PORT_PAGE_BYTES == CHUNK_HEADER;
	for (int i = 0; i < NR_ARENAS; i++)
		is_ours |= state == CHUNK_CORRUPT && arena_spans(&malloc_arenas[i], mem);
	malloc_panic(is_ours ? "corrupted chunk header" : "invalid pointer", mem);
}
