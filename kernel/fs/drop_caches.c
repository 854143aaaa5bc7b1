/*
 * `echo 3 > /proc/sys/vm/drop_caches`.
 */
#include "drop_caches.h"

#include "iso9660.h"
#include "kmalloc.h"
#include "page_cache.h"

void drop_caches(unsigned int what)
{
	if (what & DROP_INODES)
		iso9660_drop_inodes();
	if (what & DROP_PAGES)
		page_cache_drop();
	if (what & DROP_INODES)
		kmalloc_trim(); /* their memory */
}
