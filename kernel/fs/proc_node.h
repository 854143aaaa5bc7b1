/*
 * How the files of /proc are described.
 *
 * Each file is a line of a table: its name and the functions that make its text
 * and take what is written. proc.c turns tables into directories, proc_file.c
 * into files; the other proc_*.c fill them.
 */
#pragma once

#include "proc_text.h"
#include "types.h"

struct file_ops;
struct io_buf;
struct mm_struct;
struct proc_dir;
struct proc_setting;
struct task;

struct proc_entry {
	const char *name;
	uint32_t mode; /* with the type */

	/*
	 * Regular files: write the text. @task is the task below whose directory
	 * the file is, or NULL; tasklist_lock is held if there is one.
	 */
	void (*format)(struct proc_text *text, struct task *task);

	/*
	 * Regular files that are no text: as file_ops->read, with the address
	 * space of the task. NULL: see format.
	 */
	ssize_t (*read)(struct mm_struct *mm, struct io_buf *to, loff_t *pos);

	/*
	 * Take over what was written, @bytes of @text with a NUL behind. Below a
	 * task's directory tasklist_lock is held. 0 or an errno, as -EINVAL for
	 * what means nothing. NULL: the file is read-only.
	 */
	int (*write)(struct task *task, const char *text, size_t bytes);

	/* Files below /proc/sys that are one number; format and write: NULL. */
	const struct proc_setting *setting;

	/* Symbolic links: the target, kmalloc'ed, or NULL: no memory. */
	char *(*link)(struct task *task);

	/* Directories. */
	const struct proc_dir *dir;
};

/* A number in [min, max]: a variable, or what functions make of it. */
struct proc_setting {
	int *value;                /* atomic; or NULL and the functions below */
	uint64_t (*get)(void);
	int (*set)(uint64_t);      /* both NULL or 0: read-only */
	uint64_t min, max;
};

struct proc_dir {
	const struct proc_entry *entries;
	size_t nr;
	bool has_processes; /* the root: and one directory per process */
	bool has_threads;   /* task: and one directory per thread */
	bool has_files;     /* fd: and one link per open file */
};

/* What an inode stands for: inode->private. */
struct proc_node {
	const struct proc_entry *entry; /* NULL: a link below fd */
	const struct proc_dir *dir;     /* directories: their contents */
	pid_t pid;                      /* 0: below no task */
	int fd;                         /* links below fd */
};

/* /proc itself, /proc/sys, /proc/PID and /proc/PID/task/TID. */
extern const struct proc_dir proc_root_dir;
extern const struct proc_dir proc_sys_dir;
extern const struct proc_dir proc_task_dir;
extern const struct proc_dir proc_thread_dir;

/* sysfs.c: /sys, made of the same tables. */
extern const struct proc_dir sysfs_root_dir;

/* proc_file.c: what every regular file of /proc does. */
extern const struct file_ops proc_file_ops;

/*
 * The task @pid, with tasklist_lock held until proc_done_with_task(); NULL, and
 * not held, if it is gone.
 */
struct task *proc_lock_task(pid_t pid);
void proc_done_with_task(void);

/*
 * One decimal number, perhaps negative, with white space around it, in
 * [min, max]; else -EINVAL.
 */
int proc_parse_number(const char *text, int64_t min, int64_t max,
		      int64_t *number);

/* /proc/PID/mounts: every process sees the same ones. */
void proc_format_mounts(struct proc_text *text, struct task *task);

#define PROC_FILE(name_, format_) \
	{ .name = (name_), .mode = S_IFREG | 0444, .format = (format_) }
#define PROC_WRITABLE(name_, format_, write_)                             \
	{ .name = (name_), .mode = S_IFREG | 0644, .format = (format_), \
	  .write = (write_) }
#define PROC_LINK(name_, link_) \
	{ .name = (name_), .mode = S_IFLNK | 0777, .link = (link_) }
#define PROC_DIR(name_, dir_) \
	{ .name = (name_), .mode = S_IFDIR | 0555, .dir = (dir_) }
