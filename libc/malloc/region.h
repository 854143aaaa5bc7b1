/*
 * region.h - a stretch of memory that an arena has got from the system.
 */
#pragma once

#include <stdbool.h>

struct arena;

struct region {
	char *base;
	char *end;	/* half-open, like every range */
	bool mapped;	/* from port_map(), so it can be unmapped alone */
};

/* All with arena->lock held. Pointers into the table last until it changes. */

/* The region that contains @p, or NULL. */
struct region *region_of(struct arena *a, const void *p);

/* Enter [@base, @end); false: no memory for a larger table. */
bool region_add(struct arena *a, char *base, char *end, bool mapped);

void region_drop(struct arena *a, struct region *r);
