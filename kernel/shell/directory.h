/*
 * The entries of a directory, read whole and sorted.
 */
#pragma once

#include "arena.h"
#include "types.h"

struct directory_entry {
	char *name;
	unsigned char type; /* DT_* of uapi/dirent.h */
};

struct directory_list {
	struct directory_entry *entries; /* sorted by name */
	size_t nr;
};

/*
 * Read the directory @path, "." and ".." included, into memory of @arena.
 * 0, or what vfs_open() and file_getdents() may return, or -ENOMEM.
 */
int directory_read(const char *path, struct arena *arena,
		   struct directory_list *list);
