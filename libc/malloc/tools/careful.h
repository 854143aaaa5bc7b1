/*
 * careful.h - options for finding bugs, at a price.
 *
 *	perturb=BYTE	new blocks are filled with its complement, freed with it
 *	zero=1		freed blocks are filled with zeros
 *	quarantine=N	up to N freed bytes, in 2047 blocks at most, wait before
 *			anyone gets them; if they were filled, they must not
 *			have changed
 *	random=1	up to 512 bytes are left free in front of a new block
 *
 * With any of them there are no thread caches, so each free comes by here.
 */
#pragma once

#include "../options.h"

/* Is every block to pass through here, or to be placed anew? */
static inline bool options_careful(void)
{
	return malloc_options.perturb || malloc_options.zero ||
	       malloc_options.quarantine || malloc_options.random;
}

/* Weak: where tools/ is left out nobody can set an option, and nothing calls. */
#define CAREFUL	__attribute__((weak))

/* How many bytes random leaves free in front of a new chunk. */
CAREFUL size_t careful_lead(void);

/* Fill a new block of @n bytes as perturb says. */
CAREFUL void careful_fill_new(void *mem, size_t n);

/* Fill @c, in use and checked, and free it, or an older one in its place. */
CAREFUL void careful_free(struct chunk *c);

/* Free all that waits, also before an option changes how it is judged. */
void careful_flush(void);
