/*
 * The scalar types that kernel headers share.
 *
 * A physical address and a virtual one are both 64 bits wide; the two names
 * exist so that a prototype says which it wants.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t paddr_t; /* physical address, in bytes */
typedef uint64_t vaddr_t; /* virtual address, in bytes */
typedef uint64_t pfn_t;   /* physical frame number: paddr >> PAGE_SHIFT */
typedef uint64_t pte_t;   /* an entry of any of the four table levels */
typedef uint64_t swap_t;  /* a page of a swap area: see swap.h; 0: none */
typedef int32_t pid_t;
typedef int64_t ssize_t;
typedef int64_t loff_t; /* a position in a file, in bytes */

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* The structure of @type whose field @member is at @ptr. */
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
