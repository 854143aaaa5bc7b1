/*
 * The proc file system: tables of entries as directories and files.
 *
 * Nothing here is stored. A lookup makes an inode that knows its table entry and
 * its process, and a read makes the text. Which names there are:
 *
 *	/proc            proc_root_dir, and a directory for each process
 *	/proc/PID        proc_task_dir
 *	/proc/PID/fd     a link for each open file
 *	/proc/PID/task   a directory for each thread: proc_thread_dir
 */
#include "proc.h"

#include <uapi/errno.h>
#include <uapi/statfs.h>

#include "cred.h"
#include "dentry.h"
#include "fdtable.h"
#include "file.h"
#include "kmalloc.h"
#include "mm.h"
#include "printk.h"
#include "proc_node.h"
#include "readdir.h"
#include "string.h"
#include "task.h"

#define ROOT_INO 1
#define NO_FD (-1)

/* Where directories put what is not in their table; both fit a loff_t well. */
#define POS_PIDS 0x10000
#define POS_FDS 0x10000

static struct filesystem procfs = {
	.name = "proc",
	.magic = PROC_SUPER_MAGIC,
	.dev = 2,
};

static struct filesystem sysfs = {
	.name = "sysfs",
	.magic = SYSFS_MAGIC,
	.dev = 4,
};

static const struct inode_ops proc_inode_ops;
static const struct file_ops proc_dir_ops;

/* ---- processes ---- */

struct task *proc_lock_task(pid_t pid)
{
	struct task *task;

	mutex_lock(&tasklist_lock);
	task = task_find_locked(pid);
	if (!task)
		mutex_unlock(&tasklist_lock);
	return task;
}

void proc_done_with_task(void)
{
	mutex_unlock(&tasklist_lock);
}

/*
 * Whether /proc, or /proc/@process/task, has a directory @pid. As on Linux,
 * /proc shows a thread to whoever asks for it, and lists processes only.
 */
static bool task_exists(pid_t process, pid_t pid)
{
	struct task *task = proc_lock_task(pid);
	bool exists;

	if (!task)
		return false;
	exists = !process || task->tgid == process;
	proc_done_with_task();
	return exists;
}

/* Of all processes, or the threads of @process: the first from @pid on, or 0. */
static pid_t next_task(pid_t process, pid_t pid)
{
	struct task *task;
	pid_t found = 0;

	mutex_lock(&tasklist_lock);
	list_for_each(task, &all_tasks, all_link) {
		if (task->pid < pid ||
		    task->tgid != (process ? process : task->pid))
			continue;
		found = task->pid;
		break;
	}
	mutex_unlock(&tasklist_lock);
	return found;
}

/* The first open file of @pid at or above @fd, counted, or NULL. */
static struct file *next_file(pid_t pid, int *fd)
{
	struct task *task = proc_lock_task(pid);
	struct file *file = NULL;
	int found = -EBADF;

	if (!task)
		return NULL;
	if (task->files)
		found = fds_next(task->files, *fd, &file);
	proc_done_with_task();
	*fd = found;
	return found < 0 ? NULL : file;
}

/* ---- inode numbers: unique, and the same in readdir and stat ---- */

static uint64_t entry_ino(uint64_t parent, size_t i)
{
	return parent << 6 | (i + 1);
}

static uint64_t task_ino(uint64_t parent, pid_t pid)
{
	return (parent + 1) << 20 | (uint32_t)pid;
}

static uint64_t fd_ino(uint64_t parent, int fd)
{
	return parent << 12 | (uint32_t)fd;
}

/* ---- inodes ---- */

static const struct file_ops *ops_for(uint32_t mode)
{
	if (S_ISREG(mode))
		return &proc_file_ops;
	return S_ISDIR(mode) ? &proc_dir_ops : &no_file_ops;
}

/*
 * What is below a process's directory belongs to who the process acts for, and to
 * root if it is not dumpable.
 */
static void set_owner(struct inode *inode, pid_t pid)
{
	struct task *task = pid ? proc_lock_task(pid) : NULL;

	if (!task)
		return;
	if (task->mm && task->mm->dumpable) {
		inode->uid = task->cred->user.effective;
		inode->gid = task->cred->group.effective;
	}
	proc_done_with_task();
}

static struct inode *make_inode(struct filesystem *fs,
				const struct proc_node *node, uint32_t mode,
				uint64_t ino)
{
	struct proc_node *copy = kmalloc(sizeof(*copy));
	struct inode *inode;

	if (!copy)
		return NULL;
	inode = inode_create(fs, mode, &proc_inode_ops, ops_for(mode));
	if (!inode) {
		kfree(copy);
		return NULL;
	}
	*copy = *node;
	inode->proc = copy;
	inode->ino = ino;
	inode->nlink = S_ISDIR(mode) ? 2 : 1;
	set_owner(inode, node->pid);
	return inode;
}

static void proc_destroy(struct inode *inode)
{
	kfree(inode->proc);
}

/* ---- lookup ---- */

/* A decimal number without leading zeros, or -1. */
static int parse_number(const char *name, size_t length)
{
	int n = 0;

	if (!length || length > 9 || (name[0] == '0' && length > 1))
		return -1;
	for (size_t i = 0; i < length; i++) {
		if (name[i] < '0' || name[i] > '9')
			return -1;
		n = 10 * n + name[i] - '0';
	}
	return n;
}

static struct inode *entry_inode(const struct inode *parent, size_t i)
{
	const struct proc_entry *entry = &parent->proc->dir->entries[i];
	struct proc_node node = {
		.entry = entry,
		.dir = entry->dir,
		.pid = parent->proc->pid,
		.fd = NO_FD,
	};

	return make_inode(parent->fs, &node, entry->mode,
			  entry_ino(parent->ino, i));
}

static int lookup_task(const struct inode *parent, const char *name,
		       size_t length, struct inode **inode)
{
	const struct proc_dir *dir = parent->proc->dir;
	struct proc_node node = {
		.dir = dir->has_threads ? &proc_thread_dir : &proc_task_dir,
		.fd = NO_FD,
	};

	node.pid = parse_number(name, length);
	if (node.pid <= 0 || !task_exists(parent->proc->pid, node.pid))
		return -ENOENT;
	*inode = make_inode(parent->fs, &node, S_IFDIR | 0555,
			    task_ino(parent->ino, node.pid));
	return *inode ? 0 : -ENOMEM;
}

static int lookup_fd(const struct inode *dir, const char *name, size_t length,
		     struct inode **inode)
{
	struct proc_node node = { .pid = dir->proc->pid };
	struct file *file;
	int fd = parse_number(name, length);

	node.fd = fd;
	if (fd < 0)
		return -ENOENT;
	file = next_file(node.pid, &fd);
	if (file)
		file_put(file);
	if (!file || fd != node.fd)
		return -ENOENT;
	*inode = make_inode(dir->fs, &node, S_IFLNK | 0700,
			    fd_ino(dir->ino, fd));
	return *inode ? 0 : -ENOMEM;
}

static int proc_lookup(struct dentry *dentry, const char *name, size_t length,
		       struct inode **inode)
{
	const struct inode *parent = dentry->inode;
	const struct proc_dir *dir = parent->proc->dir;

	for (size_t i = 0; i < dir->nr; i++) {
		const char *entry = dir->entries[i].name;

		if (strlen(entry) != length || memcmp(entry, name, length))
			continue;
		*inode = entry_inode(parent, i);
		return *inode ? 0 : -ENOMEM;
	}
	if (dir->has_processes || dir->has_threads)
		return lookup_task(parent, name, length, inode);
	if (dir->has_files)
		return lookup_fd(parent, name, length, inode);
	return -ENOENT;
}

/* ---- links ---- */

static char *fd_link(const struct proc_node *node)
{
	char *target = kmalloc(PATH_MAX_BYTES);
	int fd = node->fd;
	struct file *file;
	char *path = NULL;

	if (!target)
		return NULL;
	target[0] = '\0';
	file = next_file(node->pid, &fd);
	if (!file)
		return target;
	if (file->dentry)
		path = dentry_path(file->dentry, target, PATH_MAX_BYTES);
	if (path)
		memmove(target, path, strlen(path) + 1);
	else
		snprintf(target, PATH_MAX_BYTES, "pipe:[%lu]",
			 file->inode->ino);
	file_put(file);
	return target;
}

/* What is open may have lost its name, or never had one. */
static struct dentry *proc_get_target(struct inode *inode)
{
	const struct proc_node *node = inode->proc;
	struct dentry *dentry = NULL;
	struct file *file;
	int fd = node->fd;

	if (fd == NO_FD)
		return NULL;
	file = next_file(node->pid, &fd);
	if (!file)
		return NULL;
	if (fd == node->fd && file->dentry) {
		dentry = file->dentry;
		dentry_get(dentry);
	}
	file_put(file);
	return dentry;
}

static const char *proc_get_link(struct inode *inode, char **made)
{
	const struct proc_node *node = inode->proc;
	struct task *task = NULL;

	if (node->fd != NO_FD)
		return *made = fd_link(node);
	if (node->pid) {
		task = proc_lock_task(node->pid);
		if (!task)
			return *made = kzalloc(1);
	}
	*made = node->entry->link(task);
	if (task)
		proc_done_with_task();
	return *made;
}

/* ---- directories ---- */

static bool emit_entries(struct file *file, struct dir_buf *dir)
{
	const struct proc_dir *table = file->inode->proc->dir;

	while ((size_t)file->pos - DIR_POS_FIRST < table->nr) {
		size_t i = (size_t)file->pos - DIR_POS_FIRST;
		const struct proc_entry *entry = &table->entries[i];

		if (!dir_emit(dir, entry->name, strlen(entry->name),
			      entry_ino(file->inode->ino, i), entry->mode,
			      file->pos + 1))
			return false;
		file->pos++;
	}
	return true;
}

static void emit_tasks(struct file *file, struct dir_buf *dir)
{
	const struct inode *inode = file->inode;
	char name[16];
	pid_t pid;

	if (file->pos < POS_PIDS)
		file->pos = POS_PIDS;
	while ((pid = next_task(inode->proc->pid,
				(pid_t)(file->pos - POS_PIDS)))) {
		int length = snprintf(name, sizeof(name), "%d", pid);

		if (!dir_emit(dir, name, (size_t)length,
			      task_ino(inode->ino, pid), S_IFDIR,
			      POS_PIDS + pid + 1))
			return;
		file->pos = POS_PIDS + pid + 1;
	}
}

static void emit_fds(struct file *file, struct dir_buf *dir)
{
	struct file *open;
	char name[16];
	int fd;

	if (file->pos < POS_FDS)
		file->pos = POS_FDS;
	for (;;) {
		int length;

		fd = (int)(file->pos - POS_FDS);
		open = next_file(file->inode->proc->pid, &fd);
		if (!open)
			return;
		file_put(open);
		length = snprintf(name, sizeof(name), "%d", fd);
		if (!dir_emit(dir, name, (size_t)length,
			      fd_ino(file->inode->ino, fd), S_IFLNK,
			      POS_FDS + fd + 1))
			return;
		file->pos = POS_FDS + fd + 1;
	}
}

static int proc_readdir(struct file *file, struct dir_buf *dir)
{
	const struct proc_dir *table = file->inode->proc->dir;

	if (!dir_emit_dots(file, dir) || !emit_entries(file, dir))
		return dir->err;
	if (table->has_processes || table->has_threads)
		emit_tasks(file, dir);
	else if (table->has_files)
		emit_fds(file, dir);
	return dir->err;
}

static const struct inode_ops proc_inode_ops = {
	.lookup = proc_lookup,
	.get_link = proc_get_link,
	.get_target = proc_get_target,
	.destroy = proc_destroy,
};

static const struct file_ops proc_dir_ops = {
	.readdir = proc_readdir,
	.lseek = dir_lseek,
};

static struct dentry *create_root(struct filesystem *fs,
				  const struct proc_dir *dir)
{
	struct proc_node node = { .dir = dir, .fd = NO_FD };
	struct inode *inode = make_inode(fs, &node, S_IFDIR | 0555, ROOT_INO);
	struct dentry *root;

	if (!inode)
		return NULL;
	root = dentry_create_root(inode);
	if (!root)
		inode_put(inode);
	return root;
}

struct dentry *procfs_create(void)
{
	return create_root(&procfs, &proc_root_dir);
}

struct dentry *sysfs_create(void)
{
	return create_root(&sysfs, &sysfs_root_dir);
}
