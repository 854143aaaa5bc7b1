/*
 * The table of open files of a process: small numbers to struct file.
 */
#pragma once

#include "file.h"
#include "lock.h"
#include "task.h"
#include "types.h"

/* Descriptors that need no table of their own. */
#define FDS_INLINE 32

/* The hard limit of RLIMIT_NOFILE. */
#define NOFILE_MAX 4096

struct files {
	uint32_t refs;            /* atomic; tasks that share the table */
	struct spinlock lock;     /* guards all of the rest */
	uint32_t capacity;        /* slots of file and bits of cloexec */
	uint32_t lowest_free;     /* no slot below it is free */
	uint32_t end;             /* no slot from it on is in use */
	struct file **file;       /* inline_file, or kmalloc'ed */
	uint64_t *cloexec;        /* one bit a slot, likewise */
	uint64_t inline_cloexec[1];
	struct file *inline_file[FDS_INLINE];
};

/* An empty table with one reference, or NULL. */
struct files *fds_create(void);

/* A table whose 0, 1 and 2 are /dev/console: what the shell gives a program. */
int fds_open_console(struct files **files);

/* fork: a table of its own with the same open files, or NULL. */
struct files *fds_fork(struct files *files);

/* clone(CLONE_FILES): one more task shares the table. */
static inline void fds_share(struct files *files)
{
	__atomic_fetch_add(&files->refs, 1, __ATOMIC_RELAXED);
}

/* A task is done with the table; the last one closes everything. May sleep. */
void fds_put(struct files *files);

/*
 * exec: close what is marked close-on-exec. The table must be the caller's
 * alone; fds_unshare() sees to that and returns it, or NULL: no memory.
 */
void fds_close_on_exec(struct files *files);

/* The running task's table becomes its own alone. 0 or -ENOMEM. */
int fds_make_own(void);
struct files *fds_unshare(struct files *files);

/*
 * Give @file the lowest free descriptor >= @from of the running task. On
 * success the table has taken over the caller's reference. -EMFILE
 * (RLIMIT_NOFILE), -EINVAL (@from is beyond it), -ENOMEM.
 */
int fd_install_from(struct file *file, int from, bool cloexec);

static inline int fd_install(struct file *file, bool cloexec)
{
	return fd_install_from(file, 0, cloexec);
}

/*
 * A borrowed file. While the table is one task's, nobody can close the file
 * under it, so no reference is taken; fd_put() knows.
 */
struct fd {
	struct file *file; /* NULL: no such descriptor */
	bool counted;
};

struct fd fd_get_shared(struct files *files, int fd);

static inline struct fd fd_get(int fd)
{
	struct files *files = current->files;

	if (unlikely(__atomic_load_n(&files->refs, __ATOMIC_RELAXED) > 1))
		return fd_get_shared(files, fd);
	if (unlikely((uint32_t)fd >= files->capacity))
		return (struct fd){ NULL, false };
	return (struct fd){ files->file[fd], false };
}

static inline void fd_put(struct fd fd)
{
	if (unlikely(fd.counted))
		file_put(fd.file);
}

/* 0, or -EBADF. */
int fd_close(int fd);

/* dup3's work: @to, or -EBADF (@from; @to out of range), -ENOMEM. */
int fd_replace(int from, int to, bool cloexec);

/* The FD_CLOEXEC flag: 0 or 1, or -EBADF. */
int fd_get_cloexec(int fd);
int fd_set_cloexec(int fd, bool cloexec);

/* For /proc/PID/fd: the first descriptor >= @fd in use, its file counted. */
int fds_next(struct files *files, int fd, struct file **file);
