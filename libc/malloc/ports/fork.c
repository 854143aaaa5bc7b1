/*
 * fork.c - fork() while other threads are inside malloc.
 *
 * The parent takes every lock, in the order in which they are ever nested, and
 * both sides release them. Caches of the threads that the child lacks are lost
 * to it: bounded, and never touched again.
 */
#include "../../include/malloc.h"

#include "../arena.h"
#include "../check.h"
#include "../options.h"

void __malloc_fork_prepare(void)
{
	malloc_ensure_started();
	for (int i = 0; i < NR_ARENAS && !malloc_is_broken; i++)
		port_lock(&malloc_arenas[i].lock);
}

/*
 * In the child, too: nobody waits there, so opening a lock wakes no one. Of a
 * broken heap no lock may ever be released again: check.c.
 */
void __malloc_fork_done(void)
{
	for (int i = 0; i < NR_ARENAS && !malloc_is_broken; i++)
		port_unlock(&malloc_arenas[i].lock);
}
