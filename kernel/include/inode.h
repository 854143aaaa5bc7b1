/*
 * inode: a file as the file system has it, whatever it is called.
 *
 *	struct file    an open file: position, flags     file.h
 *	     |
 *	struct dentry  a name in a directory             dentry.h
 *	     |
 *	struct inode   type, rights, size, contents
 *
 * Names hold references to inodes, open files to names. The last reference
 * frees the contents, so a file that was removed while open lives on.
 */
#pragma once

#include <uapi/stat.h>

#include "list.h"
#include "lock.h"
#include "page_tree.h"
#include "types.h"

struct dentry;
struct file_ops;
struct frame;
struct inode;
struct pipe;
struct proc_node;

/* A mounted file system. */
struct filesystem {
	const char *name;    /* as /proc/mounts and /proc/filesystems have it */
	uint32_t magic;      /* statfs: f_type */
	uint32_t dev;        /* st_dev: makedev(0, n) */
	uint64_t next_ino;   /* atomic */
	uint64_t nr_inodes;  /* atomic */
	uint64_t nr_frames;  /* atomic: frames of file contents */
	uint64_t max_frames; /* 0: has no contents of its own */
	bool read_only;      /* constant */
};

/*
 * What a file system does with its inodes. A NULL entry means that the file
 * system cannot do it: -EROFS where a name would change.
 */
struct inode_ops {
	/*
	 * Find what the dentry tree does not have: the entry @name of @dir. A
	 * new inode reference in *@inode, or -ENOENT, -ENOMEM, -EIO. Not for
	 * file systems that keep all their names in the tree. May sleep.
	 */
	int (*lookup)(struct dentry *dir, const char *name, size_t length,
		      struct inode **inode);

	/*
	 * Make the inode of a new entry of @dir, @mode with its type. *@inode
	 * has one reference and nlink 0. -ENOSPC, -ENOMEM.
	 */
	int (*create)(struct inode *dir, uint32_t mode, uint64_t rdev,
		      struct inode **inode);

	/* Change the size of a regular file. -EFBIG, -ENOMEM. */
	int (*truncate)(struct inode *inode, loff_t size);

	/*
	 * fallocate(2), for a range that is not empty: see to it that no page of
	 * it is a hole, and without @keep_size that the file reaches its end; or
	 * make it a hole, which reads as zeros. -ENOSPC, -ENOMEM, -EINTR.
	 */
	int (*allocate)(struct inode *inode, loff_t offset, loff_t bytes,
			bool keep_size);
	int (*punch_hole)(struct inode *inode, loff_t offset, loff_t bytes);

	/*
	 * The target of a symbolic link, NUL-terminated, or NULL: no memory.
	 * Links like /proc/self make theirs; then *@made is what the caller
	 * gives to kfree() after use, otherwise it stays as it is.
	 */
	const char *(*get_link)(struct inode *inode, char **made);

	/*
	 * Links that lead to an open file, whatever has become of its name: its
	 * dentry with a reference, or NULL: get_link() says where.
	 */
	struct dentry *(*get_target)(struct inode *inode);

	/*
	 * Fill @frames with the @nr pages from @index on, which are pages of the
	 * file; what lies behind its end is cleared by the caller. For the page
	 * cache. 0 or -EIO. May sleep.
	 */
	int (*read_pages)(struct inode *inode, uint64_t index,
			  struct frame *const *frames, size_t nr);

	/* The last reference is gone: free the contents, not the inode. */
	void (*destroy)(struct inode *inode);
};

/* The entries of a directory that are in the dentry tree; see dentry.c. */
struct directory {
	struct list_node children; /* dentry_lock: by age, oldest first */
	struct dentry **buckets;   /* dentry_lock: NULL while there are few */
	uint32_t nr_buckets;       /* dentry_lock: a power of two */
	uint32_t nr;               /* dentry_lock */
	uint64_t next_cookie;      /* dentry_lock: numbers the children */
	bool dead;                 /* dentry_lock: removed, takes no entries */
};

struct inode {
	uint32_t refs;  /* atomic; the last inode_put() destroys it */
	uint32_t mode;  /* type constant; rights by chmod */
	uint32_t nlink; /* dentry_lock */
	uint32_t uid, gid;
	uint32_t seals; /* atomic: F_SEAL_*, see seals.h */
	uint64_t ino;   /* constant, as are the next four */
	uint64_t rdev;  /* devices: makedev(major, minor) */
	struct filesystem *fs;
	const struct inode_ops *ops;
	const struct file_ops *file_ops;
	uint64_t disk_sector;   /* constant, on a disk: where contents start */
	struct inode *fs_next;  /* the file system's: a list of its own */

	/*
	 * io_lock, rank 0, makes writes of a regular file atomic and is held
	 * while they copy from user memory. lock, rank 3, may be taken under
	 * mm->lock by a page fault, so no copy happens under it.
	 */
	struct mutex io_lock;
	struct mutex lock;
	loff_t size;         /* lock */
	uint64_t nr_frames;  /* lock: pages of contents, in memory or swapped */
	uint64_t nr_reserved; /* constant: tmpfs: pages promised at creation */
	uint64_t nr_swapped; /* lock: tmpfs: those of them that are swapped */
	bool stays;          /* atomic: tmpfs: is not swapped out: SHM_LOCK */
	struct list_node swap_link; /* tmpfs_swap.c: if there are any */
	uint64_t atime_ns, mtime_ns, ctime_ns; /* since 1970 */

	struct directory dir; /* directories: names in the dentry tree */

	union {
		struct page_tree pages; /* regular: lock */
		char *link;             /* symbolic link: target, kmalloc'ed */
		struct pipe *pipe;      /* pipe */
		struct proc_node *proc; /* proc: what the inode stands for */
	};
};

/*
 * A new inode of @fs with one reference, nlink 0 and all its locks, or NULL.
 * @mode includes the type.
 */
struct inode *inode_create(struct filesystem *fs, uint32_t mode,
			   const struct inode_ops *ops,
			   const struct file_ops *file_ops);

static inline void inode_get(struct inode *inode)
{
	__atomic_fetch_add(&inode->refs, 1, __ATOMIC_RELAXED);
}

void inode_put(struct inode *inode);

/* A reference, unless the last one has just been dropped: then false. */
bool inode_try_get(struct inode *inode);

/* Fill @stat from @inode; 0 always. */
void inode_stat(struct inode *inode, struct stat *stat);

/*
 * Whether the running thread may do what @access (R_OK, W_OK, X_OK) says, by its
 * ids for files, or by its real ones as access(2) asks. 0 or -EACCES.
 */
int inode_access(const struct inode *inode, int access);
int inode_access_real(const struct inode *inode, int access);

/* Whether it may change the attributes of @inode: as its owner, or for being root. */
bool inode_is_own(const struct inode *inode);

/* Device numbers as stat(2) packs them. */
static inline uint64_t makedev(uint32_t major, uint32_t minor)
{
	return (uint64_t)(major & 0xfff) << 8 | (minor & 0xff) |
	       (uint64_t)(minor & ~0xffu) << 12;
}

static inline uint32_t dev_major(uint64_t dev)
{
	return dev >> 8 & 0xfff;
}

static inline uint32_t dev_minor(uint64_t dev)
{
	return (dev & 0xff) | (dev >> 12 & 0xfff00);
}
