/*
 * The memory of an address space that need not be the running one.
 */
#pragma once

#include "types.h"

struct frame;
struct io_buf;
struct mm_struct;

/*
 * The frame that @mm shows at @addr, with a reference, made usable for @access
 * (ACCESS_READ or ACCESS_WRITE) by a fault if need be; its VMA must allow that.
 * Takes mm->lock. -EFAULT: it does not, or the page cannot be had.
 */
int remote_get_frame(struct mm_struct *mm, vaddr_t addr, unsigned int access,
		     struct frame **frame);

/*
 * Copy @bytes at @addr of @mm to the cursor @to, or from @from; the cursors have
 * as many bytes. Returns the bytes copied: less than @bytes where one of the two
 * sides ended.
 */
size_t remote_read(struct mm_struct *mm, vaddr_t addr, struct io_buf *to,
		   size_t bytes);
size_t remote_write(struct mm_struct *mm, vaddr_t addr, struct io_buf *from,
		    size_t bytes);
