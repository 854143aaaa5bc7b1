/*
 * The virtual file system: system calls that take a path.
 *
 * Paths are kernel strings; path_from_user() fetches one. @dirfd is a directory
 * descriptor of the running task or AT_FDCWD, and is where a relative path
 * starts. Every function returns 0 or an errno of its manual page: -ENOENT,
 * -ENOTDIR, -ELOOP (more than 40 links), -ENAMETOOLONG (a name over 255 bytes, a
 * path over 4095), -EACCES, -EBADF (@dirfd), -ENOMEM, and what is named below.
 */
#pragma once

#include <uapi/fcntl.h>
#include <uapi/stat.h>
#include <uapi/statfs.h>

#include "io_buf.h"
#include "types.h"

struct dentry;
struct file;

/* The working directory and file mode mask of a process; threads share it. */
struct fs_context {
	uint32_t refs;      /* atomic */
	uint32_t umask;
	struct dentry *cwd; /* a reference */
};

/* The directory that every path starts from. */
extern struct dentry *vfs_root;

/* A context in the root directory, umask 022; NULL: no memory. */
struct fs_context *fs_context_create(void);

/* fork: a copy of @fs; NULL: no memory. */
struct fs_context *fs_context_fork(const struct fs_context *fs);

static inline void fs_context_get(struct fs_context *fs)
{
	__atomic_fetch_add(&fs->refs, 1, __ATOMIC_RELAXED);
}

/* NULL is allowed. */
void fs_context_put(struct fs_context *fs);

/*
 * Mount the root, make /dev and its files, /proc, /tmp. Panics when memory is
 * too small even for that. Once, after kmalloc_init().
 */
void vfs_init(void);

/*
 * Hang @root over the directory at @path and list it in /proc/mounts. The
 * reference to @root is taken over also on failure. -EBUSY: mounted already.
 */
int vfs_mount(struct dentry *root, const char *path);

/* The root dentry of mounted file system number @i; NULL behind the last. */
struct dentry *vfs_mount_at(size_t i);

/*
 * Copy a path from user space. 0 and *@path, to be given to path_put(), or
 * -EFAULT, -ENAMETOOLONG, -ENOMEM, -ENOENT (empty and not @may_be_empty).
 */
int path_from_user(vaddr_t user, bool may_be_empty, char **path);
void path_put(char *path);

/*
 * open(2) with all its flags; O_CLOEXEC is the descriptor's and ignored here.
 * *@file has one reference. @mode is used with O_CREAT and has the umask taken
 * off. -EEXIST, -EISDIR, -ENXIO (no such device), -EROFS, -ENOSPC, -EINVAL.
 */
int vfs_open(int dirfd, const char *path, unsigned int flags, uint32_t mode,
	     struct file **file);

/* The program at @path for exec: -EACCES unless a regular, executable file. */
int vfs_open_exec(int dirfd, const char *path, struct file **file);

/* stat, lstat, newfstatat: AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH. */
int vfs_stat(int dirfd, const char *path, int at_flags, struct stat *stat);

int vfs_statfs(const char *path, struct statfs *statfs);
void file_statfs(struct file *file, struct statfs *statfs);

/* access, faccessat: @access is R_OK, W_OK, X_OK or 0. */
int vfs_access(int dirfd, const char *path, int access, int at_flags);

/* -EEXIST, -EROFS, -ENOSPC. mknod: regular, fifo, character, block; -EPERM. */
int vfs_mkdir(int dirfd, const char *path, uint32_t mode);
int vfs_mknod(int dirfd, const char *path, uint32_t mode, uint64_t rdev);
int vfs_symlink(const char *target, int dirfd, const char *path);

/* @at_flags: AT_SYMLINK_FOLLOW. -EEXIST, -EPERM (a directory), -EXDEV. */
int vfs_link(int old_dirfd, const char *old_path, int new_dirfd,
	     const char *new_path, int at_flags);

/* -EISDIR; -ENOTEMPTY, -EBUSY (root, a mount point), -EINVAL (".") */
int vfs_unlink(int dirfd, const char *path);
int vfs_rmdir(int dirfd, const char *path);

/* renameat2 with RENAME_NOREPLACE or 0. */
#define RENAME_NOREPLACE 1u
int vfs_rename(int old_dirfd, const char *old_path, int new_dirfd,
	       const char *new_path, unsigned int flags);

/* Bytes put into @to, the target without a NUL; -EINVAL: not a link. */
ssize_t vfs_readlink(int dirfd, const char *path, struct io_buf *to);

/* -EISDIR, -EINVAL, -EFBIG. */
int vfs_truncate(const char *path, loff_t size);

int vfs_chmod(int dirfd, const char *path, uint32_t mode);
int vfs_chown(int dirfd, const char *path, uint32_t uid, uint32_t gid,
	      int at_flags);

/* utimensat: @times in nanoseconds since 1970; -1: leave that one as it is. */
int vfs_utimes(int dirfd, const char *path, int64_t atime_ns, int64_t mtime_ns,
	       int at_flags);

/* The same for an open file. */
int file_chmod(struct file *file, uint32_t mode);
int file_chown(struct file *file, uint32_t uid, uint32_t gid);
void file_utimes(struct file *file, int64_t atime_ns, int64_t mtime_ns);

int vfs_chdir(const char *path);
int file_chdir(struct file *file);

/*
 * The working directory's path in @buf. Its length with the NUL, or -ERANGE
 * (@size too small), -ENOENT (the directory was removed).
 */
ssize_t vfs_getcwd(char *buf, size_t size);
