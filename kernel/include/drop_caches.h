/*
 * Forgetting what disks can tell again, so that the next use is like the first.
 */
#pragma once

#define DROP_PAGES 1u  /* cached pages that nobody has mapped */
#define DROP_INODES 2u /* what is known of files that nobody has open */

/* Give back what @what, of DROP_*, says. May sleep; no lock may be held. */
void drop_caches(unsigned int what);
