/*
 * getdents64 fills a buffer with entries; they are copied out and sorted.
 */
#include "directory.h"

#include <uapi/dirent.h>
#include <uapi/errno.h>

#include "file.h"
#include "string.h"
#include "vfs.h"

#define DIRENT_BUFFER_BYTES 4096

/* Add one entry; the array doubles as it fills. */
static int append(struct directory_list *list, size_t *capacity,
		  const struct linux_dirent64 *dirent, struct arena *arena)
{
	struct directory_entry *entry;

	if (list->nr == *capacity) {
		size_t larger = *capacity ? *capacity * 2 : 32;

		entry = arena_alloc(arena, larger * sizeof(*entry));
		if (!entry)
			return -ENOMEM;
		if (list->nr)
			memcpy(entry, list->entries, list->nr * sizeof(*entry));
		list->entries = entry;
		*capacity = larger;
	}
	entry = &list->entries[list->nr++];
	entry->type = dirent->d_type;
	entry->name = arena_strndup(arena, dirent->d_name,
				    strlen(dirent->d_name));
	return entry->name ? 0 : -ENOMEM;
}

/* Shell sort: short, in place, and quick enough for any directory here. */
static void sort(struct directory_list *list)
{
	for (size_t gap = list->nr / 2; gap; gap /= 2) {
		for (size_t i = gap; i < list->nr; i++) {
			struct directory_entry entry = list->entries[i];
			size_t at = i;

			for (; at >= gap && strcmp(list->entries[at - gap].name,
						   entry.name) > 0; at -= gap)
				list->entries[at] = list->entries[at - gap];
			list->entries[at] = entry;
		}
	}
}

static int read_all(struct file *file, char *buffer,
		    struct directory_list *list, struct arena *arena)
{
	size_t capacity = 0;

	for (;;) {
		struct io_buf to = io_buf_kernel(buffer, DIRENT_BUFFER_BYTES);
		ssize_t bytes = file_getdents(file, &to);
		ssize_t at = 0;

		if (bytes <= 0)
			return (int)bytes;
		while (at < bytes) {
			const struct linux_dirent64 *dirent =
				(const void *)(buffer + at);
			int err = append(list, &capacity, dirent, arena);

			if (err)
				return err;
			at += dirent->d_reclen;
		}
	}
}

int directory_read(const char *path, struct arena *arena,
		   struct directory_list *list)
{
	char *buffer = arena_alloc(arena, DIRENT_BUFFER_BYTES);
	struct file *file;
	int err;

	list->entries = NULL;
	list->nr = 0;
	if (!buffer)
		return -ENOMEM;
	err = vfs_open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, 0, &file);
	if (err)
		return err;
	err = read_all(file, buffer, list, arena);
	file_put(file);
	if (!err)
		sort(list);
	return err;
}
