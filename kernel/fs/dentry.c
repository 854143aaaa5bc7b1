/*
 * The tree of names.
 *
 * A directory's children form a list by age, which readdir follows, and, once
 * there are more than a few, a hash table that doubles as they grow in number:
 *
 *	dir.children <-> "bin" <-> "dev" <-> "tmp"
 *	dir.buckets  [0] -> "dev" -> "bin"
 *	             [1] -> "tmp"
 *
 * A child holds a reference to its parent, so a name never outlives the
 * directories above it. Unlinked names keep their parent, for "(deleted)" paths.
 */
#include "dentry.h"

#include <uapi/errno.h>

#include "kmalloc.h"
#include "panic.h"
#include "string.h"

#define MIN_BUCKETS 16 /* a directory with fewer children is searched as a list */

static struct spinlock dentry_lock = SPINLOCK_INIT(RANK_TABLE);

static uint32_t hash_name(const char *name, size_t length)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	while (length--)
		hash = (hash ^ (uint8_t)*name++) * 16777619u;
	return hash;
}

static char *copy_name(const char *name, size_t length)
{
	char *copy = kmalloc(length + 1);

	if (copy) {
		memcpy(copy, name, length);
		copy[length] = '\0';
	}
	return copy;
}

struct dentry *dentry_create(const char *name, size_t length,
			     struct inode *inode)
{
	struct dentry *dentry = kzalloc(sizeof(*dentry));

	if (!dentry)
		return NULL;
	dentry->name = copy_name(name, length);
	if (!dentry->name) {
		kfree(dentry);
		return NULL;
	}
	dentry->name_bytes = (uint32_t)length;
	dentry->refs = 1;
	dentry->inode = inode;
	list_init(&dentry->sibling);
	return dentry;
}

struct dentry *dentry_create_root(struct inode *inode)
{
	struct dentry *root = dentry_create("", 0, inode);

	if (root) {
		root->is_root = true;
		root->parent = root;
		inode->nlink = 2;
	}
	return root;
}

/* ---- the children of one directory; the caller holds dentry_lock ---- */

static struct dentry **bucket_of(struct directory *dir, uint32_t hash)
{
	return &dir->buckets[hash & (dir->nr_buckets - 1)];
}

static void bucket_push(struct directory *dir, struct dentry *child)
{
	struct dentry **bucket = bucket_of(dir, child->hash);

	child->bucket_next = *bucket;
	*bucket = child;
}

static void bucket_remove(struct directory *dir, struct dentry *child)
{
	struct dentry **link = bucket_of(dir, child->hash);

	while (*link != child)
		link = &(*link)->bucket_next;
	*link = child->bucket_next;
}

/* Double the table. Without memory for it lookups get slower, not wrong. */
static void grow_buckets(struct directory *dir)
{
	uint32_t nr = dir->buckets ? 2 * dir->nr_buckets : MIN_BUCKETS;
	struct dentry **buckets = kzalloc(nr * sizeof(struct dentry *));
	struct dentry *child;

	if (!buckets)
		return;
	kfree(dir->buckets);
	dir->buckets = buckets;
	dir->nr_buckets = nr;
	list_for_each(child, &dir->children, sibling)
		bucket_push(dir, child);
}

static struct dentry *find_child(struct directory *dir, const char *name,
				 size_t length, uint32_t hash)
{
	struct dentry *child;

	if (!dir->buckets) {
		list_for_each(child, &dir->children, sibling)
			if (child->hash == hash &&
			    child->name_bytes == length &&
			    memcmp(child->name, name, length) == 0)
				return child;
		return NULL;
	}
	for (child = *bucket_of(dir, hash); child; child = child->bucket_next)
		if (child->hash == hash && child->name_bytes == length &&
		    memcmp(child->name, name, length) == 0)
			return child;
	return NULL;
}

/* The child's parent pointer and its reference are the caller's business. */
static void add_child(struct directory *dir, struct dentry *child)
{
	child->cookie = ++dir->next_cookie;
	child->linked = true;
	list_push_back(&dir->children, &child->sibling);
	if (++dir->nr > MIN_BUCKETS && dir->nr > dir->nr_buckets)
		grow_buckets(dir); /* enters the new child too, if it can */
	else if (dir->buckets)
		bucket_push(dir, child);
}

static void remove_child(struct directory *dir, struct dentry *child)
{
	list_remove(&child->sibling);
	if (dir->buckets)
		bucket_remove(dir, child);
	child->linked = false;
	dir->nr--;
}

/* ---- references ---- */

/* Drop a reference unless it is the last one, which needs the lock. */
static bool put_unless_last(struct dentry *dentry)
{
	uint32_t refs = __atomic_load_n(&dentry->refs, __ATOMIC_RELAXED);

	while (refs > 1)
		if (__atomic_compare_exchange_n(&dentry->refs, &refs, refs - 1,
						true, __ATOMIC_RELEASE,
						__ATOMIC_RELAXED))
			return true;
	return false;
}

/*
 * The last reference takes the name out of the tree under the same lock under
 * which dentry_find() would add one. Loops upwards, since the name held its
 * parent.
 */
void dentry_put(struct dentry *dentry)
{
	while (!put_unless_last(dentry)) {
		struct dentry *parent;

		spin_lock(&dentry_lock);
		if (__atomic_sub_fetch(&dentry->refs, 1, __ATOMIC_ACQ_REL)) {
			spin_unlock(&dentry_lock);
			return;
		}
		parent = dentry->is_root ? NULL : dentry->parent;
		if (dentry->linked && parent)
			remove_child(&parent->inode->dir, dentry);
		spin_unlock(&dentry_lock);

		inode_put(dentry->inode);
		kfree(dentry->name);
		kfree(dentry);
		if (!parent)
			return;
		dentry = parent;
	}
}

struct dentry *dentry_parent(struct dentry *dentry)
{
	struct dentry *parent;

	spin_lock(&dentry_lock);
	parent = dentry->parent;
	dentry_get(parent);
	spin_unlock(&dentry_lock);
	return parent;
}

/* ---- find, link, unlink ---- */

struct dentry *dentry_find(struct dentry *dir, const char *name, size_t length)
{
	uint32_t hash = hash_name(name, length);
	struct dentry *child;

	spin_lock(&dentry_lock);
	child = find_child(&dir->inode->dir, name, length, hash);
	if (child)
		dentry_get(child);
	spin_unlock(&dentry_lock);
	return child;
}

/*
 * A directory has two links of its own, its name and ".", and its ".." is one
 * more of its parent. The caller holds dentry_lock.
 */
static void count_links(struct inode *parent, struct inode *inode, int change)
{
	if (S_ISDIR(inode->mode)) {
		inode->nlink += 2 * change;
		parent->nlink += change;
	} else {
		inode->nlink += change;
	}
}

static int link_locked(struct dentry *dir, struct dentry *dentry, bool pinned)
{
	struct directory *children = &dir->inode->dir;

	if (children->dead)
		return -ENOENT;
	if (find_child(children, dentry->name, dentry->name_bytes,
		       dentry->hash))
		return -EEXIST;
	dentry_get(dir);
	dentry->parent = dir;
	add_child(children, dentry);
	if (pinned) {
		dentry_get(dentry);
		count_links(dir->inode, dentry->inode, 1);
	}
	return 0;
}

int dentry_link(struct dentry *dir, struct dentry *dentry, bool pinned)
{
	int err;

	dentry->hash = hash_name(dentry->name, dentry->name_bytes);
	spin_lock(&dentry_lock);
	err = link_locked(dir, dentry, pinned);
	spin_unlock(&dentry_lock);
	return err;
}

/* Whether the name may go; a directory accepts no entries from then on. */
static int may_unlink_locked(struct dentry *dentry)
{
	if (dentry->is_root || dentry->mounted)
		return -EBUSY;
	if (!dentry->linked)
		return -ENOENT;
	if (S_ISDIR(dentry->inode->mode) && dentry->inode->dir.nr)
		return -ENOTEMPTY;
	return 0;
}

/* The reference that the tree held is the caller's to drop. */
static void unlink_locked(struct dentry *dentry)
{
	struct inode *parent = dentry->parent->inode;

	if (S_ISDIR(dentry->inode->mode))
		dentry->inode->dir.dead = true;
	remove_child(&parent->dir, dentry);
	count_links(parent, dentry->inode, -1);
}

int dentry_unlink(struct dentry *dentry)
{
	int err;

	spin_lock(&dentry_lock);
	err = may_unlink_locked(dentry);
	if (!err)
		unlink_locked(dentry);
	spin_unlock(&dentry_lock);
	if (!err)
		dentry_put(dentry);
	return err;
}

/* ---- rename ---- */

static bool is_below_locked(const struct dentry *dentry,
			    const struct dentry *ancestor)
{
	for (; dentry != ancestor; dentry = dentry->parent)
		if (dentry->parent == dentry)
			return false;
	return true;
}

static int may_rename_locked(struct dentry *dentry, struct dentry *dir,
			     const struct dentry *target,
			     struct dentry *victim)
{
	if (dentry->is_root || dentry->mounted)
		return -EBUSY;
	if (!dentry->linked || dir->inode->dir.dead || target != victim)
		return -ENOENT;
	if (is_below_locked(dir, dentry))
		return -EINVAL;
	return victim ? may_unlink_locked(victim) : 0;
}

static int rename_locked(struct dentry *dentry, struct dentry *dir,
			 char *name, size_t length, struct dentry *victim)
{
	struct dentry *old_dir = dentry->parent;
	uint32_t hash = hash_name(name, length);
	struct dentry *target = find_child(&dir->inode->dir, name, length,
					   hash);
	int err = may_rename_locked(dentry, dir, target, victim);

	if (err)
		return err;
	if (victim)
		unlink_locked(victim);
	remove_child(&old_dir->inode->dir, dentry);
	count_links(old_dir->inode, dentry->inode, -1);
	dentry->name = name;
	dentry->name_bytes = (uint32_t)length;
	dentry->hash = hash;
	dentry->parent = dir;
	dentry_get(dir);
	add_child(&dir->inode->dir, dentry);
	count_links(dir->inode, dentry->inode, 1);
	return 0;
}

int dentry_rename(struct dentry *dentry, struct dentry *dir, char *name,
		  size_t length, struct dentry *victim)
{
	struct dentry *old_dir;
	char *old_name;
	int err;

	spin_lock(&dentry_lock);
	old_dir = dentry->parent;
	old_name = dentry->name;
	err = rename_locked(dentry, dir, name, length, victim);
	spin_unlock(&dentry_lock);
	if (err)
		return err;
	kfree(old_name);
	dentry_put(old_dir);
	if (victim)
		dentry_put(victim);
	return 0;
}

/* ---- mount points, paths, reading a directory ---- */

/*
 * The mounted root takes the covered directory's place: same name, same parent.
 * So ".." and paths need to know nothing of mounts.
 */
int dentry_mount(struct dentry *dentry, struct dentry *root)
{
	char *name = copy_name(dentry->name, dentry->name_bytes);

	if (!name)
		return -ENOMEM;
	spin_lock(&dentry_lock);
	KASSERT(root->is_root && !dentry->mounted && dentry->linked);
	kfree(root->name);
	root->name = name;
	root->name_bytes = dentry->name_bytes;
	root->parent = dentry->parent;
	dentry_get(root->parent);
	dentry_get(root);
	dentry->mounted = root;
	spin_unlock(&dentry_lock);
	return 0;
}

/* Put @bytes of @text in front of *@at, unless that is before @buf. */
static bool prepend(char *buf, char **at, const char *text, size_t bytes)
{
	if ((size_t)(*at - buf) < bytes)
		return false;
	*at -= bytes;
	memcpy(*at, text, bytes);
	return true;
}

static char *path_locked(const struct dentry *dentry, char *buf, size_t size)
{
	static const char deleted[] = " (deleted)";
	char *at = buf + size;

	if (!prepend(buf, &at, "", 1))
		return NULL;
	if (!dentry->linked && !dentry->is_root &&
	    !prepend(buf, &at, deleted, sizeof(deleted) - 1))
		return NULL;
	if (dentry->parent == dentry)
		return prepend(buf, &at, "/", 1) ? at : NULL;
	for (; dentry->parent != dentry; dentry = dentry->parent)
		if (!prepend(buf, &at, dentry->name, dentry->name_bytes) ||
		    !prepend(buf, &at, "/", 1))
			return NULL;
	return at;
}

char *dentry_path(struct dentry *dentry, char *buf, size_t size)
{
	char *path;

	spin_lock(&dentry_lock);
	path = path_locked(dentry, buf, size);
	spin_unlock(&dentry_lock);
	return path;
}

size_t dentry_copy_name(struct dentry *dentry, char buf[NAME_MAX_BYTES + 1])
{
	size_t length;

	spin_lock(&dentry_lock);
	length = dentry->name_bytes;
	memcpy(buf, dentry->name, length + 1);
	spin_unlock(&dentry_lock);
	return length;
}

bool dentry_is_unlinked(struct dentry *dentry)
{
	bool unlinked;

	spin_lock(&dentry_lock);
	unlinked = !dentry->linked && !dentry->is_root;
	spin_unlock(&dentry_lock);
	return unlinked;
}

struct dentry *dentry_next_child(struct dentry *dir, uint64_t after,
				 struct dentry *hint)
{
	struct list_node *children = &dir->inode->dir.children;
	struct dentry *child = NULL;
	struct list_node *node;

	spin_lock(&dentry_lock);
	node = children->next;
	if (hint && hint->linked && hint->parent == dir &&
	    hint->cookie == after)
		node = hint->sibling.next;
	for (; node != children; node = node->next) {
		child = list_entry(node, struct dentry, sibling);
		if (child->cookie > after)
			break;
	}
	if (node == children)
		child = NULL;
	else
		dentry_get(child);
	spin_unlock(&dentry_lock);
	return child;
}
