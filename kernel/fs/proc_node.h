/*
 * How the files of /proc are described.
 *
 * Each file is a line of a table: its name and the function that makes its text.
 * proc.c turns tables into inodes; proc_task.c and proc_system.c fill them.
 */
#pragma once

#include "proc_text.h"
#include "types.h"

struct proc_dir;
struct task;

struct proc_entry {
	const char *name;
	uint32_t mode; /* with the type */

	/*
	 * Regular files: write the text. @task is the process below whose
	 * directory the file is, or NULL; tasklist_lock is held if there is one.
	 */
	void (*format)(struct proc_text *text, struct task *task);

	/*
	 * Settings: take over the number that was written. 0 or an errno, as
	 * -EINVAL for one that means nothing. NULL: the file is read-only.
	 */
	int (*store)(uint64_t number);

	/* Symbolic links: the target, kmalloc'ed, or NULL: no memory. */
	char *(*link)(struct task *task);

	/* Directories. */
	const struct proc_dir *dir;
};

struct proc_dir {
	const struct proc_entry *entries;
	size_t nr;
	bool has_processes; /* the root: and one directory per process */
	bool has_files;     /* fd: and one link per open file */
};

/* /proc itself and /proc/PID. */
extern const struct proc_dir proc_root_dir;
extern const struct proc_dir proc_task_dir;

/* /proc/PID/mounts: every process sees the same ones. */
void proc_format_mounts(struct proc_text *text, struct task *task);

#define PROC_FILE(name_, format_) \
	{ .name = (name_), .mode = S_IFREG | 0444, .format = (format_) }
#define PROC_SETTING(name_, format_, store_)                                   \
	{ .name = (name_), .mode = S_IFREG | 0644, .format = (format_), \
	  .store = (store_) }
#define PROC_LINK(name_, link_) \
	{ .name = (name_), .mode = S_IFLNK | 0777, .link = (link_) }
#define PROC_DIR(name_, dir_) \
	{ .name = (name_), .mode = S_IFDIR | 0555, .dir = (dir_) }
