/*
 * Who has a file mapped; and taking pages of it out of every address space.
 */
#pragma once

#include "types.h"

struct inode;

/*
 * Unmap the pages [first, end) of @inode wherever they are mapped; a touch of
 * one is a fault again. @copies: also private copies of them, as truncate(2)
 * wants it. Takes tasklist_lock and each mm->lock, so the caller may hold
 * nothing but inode->io_lock; and what it has changed of the file must stand,
 * or a fault would map the old pages again.
 */
void unmap_file_pages(struct inode *inode, uint64_t first, uint64_t end,
		      bool copies);

/*
 * Whether a mapping exists through which @inode can be written, or could be after
 * an mprotect(). Locks as above.
 */
bool file_is_mapped_writable(struct inode *inode);
