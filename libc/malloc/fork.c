/*
 * fork.c - a child must not inherit a lock whose holder it does not have.
 *
 * prepare takes every lock, in the order in which they are ever nested; the
 * parent releases them, the child makes them new. Caches of the threads that
 * the child lacks are lost to it: bounded, and never touched again.
 */
#include "../include/malloc.h"

#include "arena.h"
#include "options.h"

void __malloc_fork_prepare(void)
{
	malloc_ensure_started();
	for (int i = 0; i < NR_ARENAS; i++)
		arena_lock_this(&malloc_arenas[i]);
}

void __malloc_fork_parent(void)
{
	for (int i = 0; i < NR_ARENAS; i++)
		arena_unlock(&malloc_arenas[i]);
}

void __malloc_fork_child(void)
{
	for (int i = 0; i < NR_ARENAS; i++)
		malloc_arenas[i].lock = 0;
}
