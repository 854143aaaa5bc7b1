/*
 * event.c - the one observer of the allocator.
 */
#include "event.h"

#include "tcache.h"

__malloc_event_hook malloc_event_hook;

void __malloc_set_event_hook(__malloc_event_hook hook)
{
	malloc_ensure_started();
	malloc_event_hook = NULL;	/* emptying the caches is no event */
	if (hook)
		__malloc_thread_exit();
	malloc_event_hook = hook;
}
