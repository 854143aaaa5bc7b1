/*
 * The only way from the kernel to user memory.
 *
 * Each function checks that the whole range lies in user space, lets page
 * faults bring pages in, and turns an access that cannot succeed into an error
 * instead of a panic. They sleep (a fault may), so no spinlock may be held, and
 * mm->lock of the running task must not be held either.
 */
#pragma once

#include "types.h"

/* Whether [addr, addr + bytes) lies in user space, overflow included. */
bool user_range_ok(vaddr_t addr, size_t bytes);

/* Copy @bytes in or out. Returns the bytes that could NOT be copied: 0 is all. */
size_t copy_from_user_partial(void *to, vaddr_t from, size_t bytes);
size_t copy_to_user_partial(vaddr_t to, const void *from, size_t bytes);

/* As above, all or nothing: 0 or -EFAULT. */
int copy_from_user(void *to, vaddr_t from, size_t bytes);
int copy_to_user(vaddr_t to, const void *from, size_t bytes);

/* Fill with zero bytes; 0 or -EFAULT. */
int clear_user(vaddr_t to, size_t bytes);

/*
 * Copy a string, its NUL included, into @to of @size bytes. Its length without
 * the NUL, -EFAULT, or -ENAMETOOLONG when no NUL was found within @size.
 */
long copy_string_from_user(char *to, vaddr_t from, size_t size);
