/*
 * dentry: one name in one directory, and the tree that the names form.
 *
 * For tmpfs this tree is the directory: each name holds a reference of its own
 * until it is unlinked. For file systems whose directories are elsewhere the
 * tree holds what is in use.
 *
 * One spinlock, dentry_lock, guards the whole tree. Each operation below takes
 * it for one step of a path, a few pointers long; nothing sleeps under it.
 */
#pragma once

#include "inode.h"
#include "list.h"
#include "lock.h"
#include "types.h"

#define NAME_MAX_BYTES 255
#define PATH_MAX_BYTES 4096 /* with the NUL */

struct dentry {
	uint32_t refs;           /* atomic */
	uint32_t hash;           /* of name: dentry_lock */
	struct inode *inode;     /* constant; a reference */
	struct dentry *parent;   /* dentry_lock; a reference; root: itself */
	char *name;              /* dentry_lock; kmalloc'ed, with a NUL */
	uint32_t name_bytes;     /* dentry_lock */
	bool linked;             /* dentry_lock: is its parent's child */
	bool is_root;            /* constant: the root of a file system */
	struct dentry *bucket_next;  /* dentry_lock */
	struct list_node sibling;    /* dentry_lock */
	uint64_t cookie;         /* dentry_lock: its place for readdir */
	struct dentry *mounted;  /* set once: root of what is mounted here */
};

static inline void dentry_get(struct dentry *dentry)
{
	__atomic_fetch_add(&dentry->refs, 1, __ATOMIC_RELAXED);
}

void dentry_put(struct dentry *dentry);

/*
 * A dentry for @inode, in no directory yet, or NULL. It takes over the caller's
 * reference to @inode; on failure the caller still has it.
 */
struct dentry *dentry_create(const char *name, size_t length,
			     struct inode *inode);

/* The root of a file system; otherwise as dentry_create(). */
struct dentry *dentry_create_root(struct inode *inode);

/* A reference to the child of @dir of that name, or NULL. */
struct dentry *dentry_find(struct dentry *dir, const char *name,
			   size_t length);

/*
 * Make @dentry a child of @dir. @pinned: the tree keeps it until it is
 * unlinked, and the inode has one link more. -EEXIST: the name is taken;
 * -ENOENT: @dir was removed.
 */
int dentry_link(struct dentry *dir, struct dentry *dentry, bool pinned);

/*
 * Take @dentry out of its directory, and the link off its inode. -ENOENT: it is
 * gone already. -ENOTEMPTY: a directory that has entries. -EBUSY: something is
 * mounted on it.
 */
int dentry_unlink(struct dentry *dentry);

/*
 * Move @dentry to @dir under @name (a kmalloc'ed copy, taken over on success),
 * replacing @victim, the dentry of that name, if not NULL. -ENOENT: one of them
 * was removed or replaced meanwhile; -EINVAL: @dir lies below @dentry;
 * -ENOTEMPTY; -EBUSY.
 */
int dentry_rename(struct dentry *dentry, struct dentry *dir, char *name,
		  size_t length, struct dentry *victim);

/* A reference to the parent; the root's is the root. */
struct dentry *dentry_parent(struct dentry *dentry);

/* Hang @root, the root of a file system, over the directory @dentry. */
int dentry_mount(struct dentry *dentry, struct dentry *root);

/*
 * Write the absolute path of @dentry at the end of @buf and return where it
 * starts, or NULL when @size is too small. A name that was removed ends in
 * " (deleted)".
 */
char *dentry_path(struct dentry *dentry, char *buf, size_t size);

/* Copy the name, which a rename may change, with its NUL; its length. */
size_t dentry_copy_name(struct dentry *dentry, char buf[NAME_MAX_BYTES + 1]);

/* Whether the name was removed: its directory has no path any more. */
bool dentry_is_unlinked(struct dentry *dentry);

/*
 * The child of @dir with the smallest cookie above @after, with a reference, or
 * NULL. The cookies of removed children are never given to others, so that a
 * reader of the directory misses none and sees none twice. @hint, if not NULL,
 * is the child whose cookie was @after: it saves the search.
 */
struct dentry *dentry_next_child(struct dentry *dir, uint64_t after,
				 struct dentry *hint);
