/*
 * event.h - telling an observer what the allocator does.
 *
 * With no observer this is one load and one branch, and only on slow paths:
 * the fast path has no events, so an observer switches the caches off.
 */
#pragma once

#include "../../include/malloc.h"
#include "../chunk.h"

extern __malloc_event_hook malloc_event_hook;

static inline void malloc_event(enum malloc_event_kind kind, void *address, size_t bytes)
{
	__malloc_event_hook hook = __atomic_load_n(&malloc_event_hook, __ATOMIC_RELAXED);
	struct malloc_event event = { kind, address, bytes };

	if (unlikely(hook != NULL))
		hook(&event);
}
