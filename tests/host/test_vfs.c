/*
 * Names and files in tmpfs agree with a model of a few arrays after any sequence
 * of system calls, also when every allocation may fail, and the last unlink
 * gives back every byte and frame. If they did not, a program would find another
 * file than it made, or the machine would fill up with removed ones.
 */
// build: -include tests/host/support/host_task.h tests/host/support/host.c tests/host/support/host_frames.c tests/host/support/host_kernel.c tests/host/support/host_vfs.c kernel/mm/frame.c kernel/mm/early.c kernel/mm/ledger.c kernel/mm/range_list.c kernel/fs/attr.c kernel/fs/dentry.c kernel/fs/file.c kernel/fs/file_size.c kernel/fs/inode.c kernel/fs/io_buf.c kernel/fs/namei.c kernel/fs/names.c kernel/fs/open.c kernel/fs/page_tree.c kernel/fs/readdir.c kernel/fs/tmpfs.c kernel/fs/tmpfs_size.c tests/host/support/host_tmpfs_swap.c kernel/task/cred.c -Itests/host/support
#define _ISOC11_SOURCE /* of the host only ISO C: POSIX types are the kernel's */
#include <string.h>

#include <uapi/dirent.h>
#include <uapi/errno.h>

#include "dentry.h"
#include "file.h"
#include "frame.h"
#include "host.h"
#include "host_kernel.h"
#include "namei.h"
#include "tmpfs.h"
#include "vfs.h"

#define NR_STEPS 200000
#define NR_OBJECTS 400
#define NR_NAMES 4
#define DEPTH_MAX 3
#define ROOT 0
#define NONE (-1)

/* ---- the model ---- */

enum kind { FREE, FOLDER, FILE_ };

struct object {
	enum kind kind;
	int entry[NR_NAMES]; /* folders: object of each name, or NONE */
	int nr_links;        /* files: names */
	uint64_t content;    /* files: the first eight bytes */
};

static struct object objects[NR_OBJECTS];

static int new_object(enum kind kind)
{
	for (int i = 1; i < NR_OBJECTS; i++) {
		if (objects[i].kind != FREE)
			continue;
		objects[i] = (struct object){ .kind = kind };
		for (int name = 0; name < NR_NAMES; name++)
			objects[i].entry[name] = NONE;
		return i;
	}
	abort(); /* NR_NAMES ^ DEPTH_MAX bounds how many there are */
}

static bool is_empty(int folder)
{
	for (int name = 0; name < NR_NAMES; name++)
		if (objects[folder].entry[name] != NONE)
			return false;
	return true;
}

static void drop_object(int object)
{
	struct object *o = &objects[object];

	if (o->kind == FOLDER || --o->nr_links == 0)
		o->kind = FREE;
}

/* A path of one to DEPTH_MAX names, as text and as the model takes it. */
struct path {
	char text[4 * DEPTH_MAX + 1];
	int name[DEPTH_MAX];
	int depth;
};

static struct path random_path(void)
{
	struct path path = { .depth = 1 + (int)host_below(DEPTH_MAX) };
	char *p = path.text;

	for (int i = 0; i < path.depth; i++) {
		path.name[i] = (int)host_below(NR_NAMES);
		p += sprintf(p, "/n%d", path.name[i]);
	}
	return path;
}

static int last_name(const struct path *path)
{
	return path->name[path->depth - 1];
}

/* The folder that the last name is looked up in; an errno if none is. */
static int model_parent(const struct path *path)
{
	int at = ROOT;

	for (int i = 0; i < path->depth - 1; i++) {
		at = objects[at].entry[path->name[i]];
		if (at == NONE)
			return -ENOENT;
		if (objects[at].kind != FOLDER)
			return -ENOTDIR;
	}
	return at;
}

/* The last name's entry in the folder @parent. */
static int *entry_of(int parent, const struct path *path)
{
	return &objects[parent].entry[last_name(path)];
}

static bool lies_below(int object, int folder)
{
	if (object == folder)
		return true;
	for (int name = 0; name < NR_NAMES; name++) {
		int child = objects[folder].entry[name];

		if (child != NONE && objects[child].kind == FOLDER &&
		    lies_below(object, child))
			return true;
	}
	return false;
}

/* ---- steps: each is done to both ---- */

/* What a step returned, against what it must: no memory is always an excuse. */
static bool agrees(int got, int want)
{
	if (host_no_memory && got == -ENOMEM)
		return false;
	CHECK_EQ(got, want);
	return want == 0;
}

static void step_mkdir(void)
{
	struct path path = random_path();
	int parent = model_parent(&path);
	int want = parent < 0 ? parent
			      : *entry_of(parent, &path) != NONE ? -EEXIST : 0;

	if (agrees(vfs_mkdir(AT_FDCWD, path.text, 0755), want))
		*entry_of(parent, &path) = new_object(FOLDER);
}

/* What open(2) with O_CREAT must answer once the parent is there. */
static int model_open_error(int object)
{
	return object != NONE && objects[object].kind == FOLDER ? -EISDIR : 0;
}

static bool exists(const char *path)
{
	bool failing = host_no_memory, found;
	struct stat stat;

	host_no_memory = false;
	found = vfs_stat(AT_FDCWD, path, 0, &stat) == 0;
	host_no_memory = failing;
	return found;
}

/* Open, making the file if need be, and write; remember what. */
static void step_write(void)
{
	struct path path = random_path();
	int parent = model_parent(&path), want = parent, *entry;
	uint64_t content = host_random();
	struct io_buf from = io_buf_kernel(&content, sizeof(content));
	struct file *file;
	bool opened;

	if (parent >= 0)
		want = model_open_error(*entry_of(parent, &path));
	opened = agrees(vfs_open(AT_FDCWD, path.text, O_CREAT | O_RDWR, 0644,
				 &file),
			want);
	if (want)
		return;
	entry = entry_of(parent, &path);
	/* Memory may have run out after the file was made: then it is there. */
	if (*entry == NONE && (opened || exists(path.text))) {
		*entry = new_object(FILE_);
		objects[*entry].nr_links = 1;
	}
	if (!opened)
		return;
	if (file_write(file, &from) == sizeof(content))
		objects[*entry].content = content;
	else
		CHECK(host_no_memory);
	file_put(file);
}

static void step_unlink(void)
{
	struct path path = random_path();
	int parent = model_parent(&path), want = parent;

	if (parent >= 0) {
		int object = *entry_of(parent, &path);

		want = object == NONE			 ? -ENOENT
		       : objects[object].kind == FOLDER ? -EISDIR
							 : 0;
	}
	if (!agrees(vfs_unlink(AT_FDCWD, path.text), want))
		return;
	drop_object(*entry_of(parent, &path));
	*entry_of(parent, &path) = NONE;
}

static void step_rmdir(void)
{
	struct path path = random_path();
	int parent = model_parent(&path), want = parent;

	if (parent >= 0) {
		int object = *entry_of(parent, &path);

		if (object == NONE)
			want = -ENOENT;
		else if (objects[object].kind != FOLDER)
			want = -ENOTDIR;
		else
			want = is_empty(object) ? 0 : -ENOTEMPTY;
	}
	if (!agrees(vfs_rmdir(AT_FDCWD, path.text), want))
		return;
	drop_object(*entry_of(parent, &path));
	*entry_of(parent, &path) = NONE;
}

static void step_link(void)
{
	struct path from = random_path(), to = random_path();
	int from_parent = model_parent(&from), to_parent = model_parent(&to);
	int want = 0, object = NONE;

	if (from_parent >= 0)
		object = *entry_of(from_parent, &from);
	if (from_parent < 0)
		want = from_parent;
	else if (object == NONE)
		want = -ENOENT;
	else if (to_parent < 0)
		want = to_parent;
	else if (*entry_of(to_parent, &to) != NONE)
		want = -EEXIST;
	else if (objects[object].kind == FOLDER)
		want = -EPERM;
	if (!agrees(vfs_link(AT_FDCWD, from.text, AT_FDCWD, to.text, 0), want))
		return;
	*entry_of(to_parent, &to) = object;
	objects[object].nr_links++;
}

/* What rename(2) must answer once both parents are there. */
static int model_rename_error(int object, int to_parent, int victim)
{
	bool folder;

	if (object == NONE)
		return -ENOENT;
	folder = objects[object].kind == FOLDER;
	if (victim != NONE && (objects[victim].kind == FOLDER) != folder)
		return folder ? -ENOTDIR : -EISDIR;
	if (victim == object)
		return 0;
	if (folder && lies_below(to_parent, object))
		return -EINVAL;
	return victim != NONE && folder && !is_empty(victim) ? -ENOTEMPTY : 0;
}

static void step_rename(void)
{
	struct path from = random_path(), to = random_path();
	int from_parent = model_parent(&from), to_parent = model_parent(&to);
	int want = from_parent < 0 ? from_parent : to_parent < 0 ? to_parent : 0;
	int object = NONE, victim = NONE;

	if (to.depth > from.depth)
		return; /* no path would reach what a folder took down with it */
	if (!want) {
		object = *entry_of(from_parent, &from);
		victim = *entry_of(to_parent, &to);
		want = model_rename_error(object, to_parent, victim);
	}
	if (!agrees(vfs_rename(AT_FDCWD, from.text, AT_FDCWD, to.text, 0),
		    want) ||
	    victim == object)
		return;
	if (victim != NONE)
		drop_object(victim);
	*entry_of(from_parent, &from) = NONE;
	*entry_of(to_parent, &to) = object;
}

static void random_step(void)
{
	static void (*const steps[])(void) = {
		step_mkdir, step_write, step_unlink, step_rmdir,
		step_link,  step_rename, step_mkdir, step_write,
	};

	if (host_no_memory)
		frame_fail_after(0, host_below(8) == 0);
	steps[host_below(ARRAY_SIZE(steps))]();
	frame_fail_after(0, 0);
}

/* ---- comparison ---- */

/* How many of the folder's entries getdents64 lists, "." and ".." left out. */
static int count_entries(const char *path)
{
	_Alignas(8) char records[100]; /* small: several calls are needed */
	struct file *folder;
	ssize_t n;
	int nr = 0;

	CHECK_EQ(vfs_open(AT_FDCWD, path, O_RDONLY, 0, &folder), 0);
	for (;;) {
		struct io_buf to = io_buf_kernel(records, sizeof(records));

		n = file_getdents(folder, &to);
		if (n <= 0)
			break;
		for (ssize_t at = 0; at < n;) {
			struct linux_dirent64 *entry = (void *)(records + at);

			nr += entry->d_name[0] != '.';
			at += entry->d_reclen;
		}
	}
	CHECK_EQ(n, 0);
	file_put(folder);
	return nr;
}

static void compare_file(const struct object *object, const char *path)
{
	uint64_t content = 0;
	struct io_buf to = io_buf_kernel(&content, sizeof(content));
	struct file *file;

	CHECK_EQ(vfs_open(AT_FDCWD, path, O_RDONLY, 0, &file), 0);
	CHECK(file_read(file, &to) >= 0);
	CHECK_EQ(content, object->content);
	file_put(file);
}

static void compare(int id, const char *path)
{
	const struct object *object = &objects[id];
	struct stat stat;
	int nr = 0, folders = 0;

	CHECK_EQ(vfs_stat(AT_FDCWD, *path ? path : "/", 0, &stat), 0);
	if (object->kind == FILE_) {
		CHECK(S_ISREG(stat.st_mode));
		CHECK_EQ(stat.st_nlink, object->nr_links);
		compare_file(object, path);
		return;
	}
	for (int name = 0; name < NR_NAMES; name++) {
		char below[64];

		snprintf(below, sizeof(below), "%s/n%d", path, name);
		if (object->entry[name] == NONE) {
			CHECK_EQ(vfs_stat(AT_FDCWD, below, 0, &stat), -ENOENT);
			continue;
		}
		nr++;
		folders += objects[object->entry[name]].kind == FOLDER;
		compare(object->entry[name], below);
	}
	CHECK_EQ(vfs_stat(AT_FDCWD, *path ? path : "/", 0, &stat), 0);
	CHECK(S_ISDIR(stat.st_mode));
	CHECK_EQ(stat.st_nlink, 2 + folders);
	CHECK_EQ(count_entries(*path ? path : "/"), nr);
}

static void compare_all(void)
{
	bool failing = host_no_memory;

	host_no_memory = false;
	compare(ROOT, "");
	host_no_memory = failing;
}

static void remove_below(int folder, const char *path)
{
	for (int name = 0; name < NR_NAMES; name++) {
		int child = objects[folder].entry[name];
		char below[64];

		if (child == NONE)
			continue;
		snprintf(below, sizeof(below), "%s/n%d", path, name);
		if (objects[child].kind == FOLDER) {
			remove_below(child, below);
			CHECK_EQ(vfs_rmdir(AT_FDCWD, below), 0);
		} else {
			CHECK_EQ(vfs_unlink(AT_FDCWD, below), 0);
		}
		drop_object(child);
		objects[folder].entry[name] = NONE;
	}
}

/* ---- the tests ---- */

static void random_steps_match_model(const char *name)
{
	int64_t allocated = host_nr_allocated;
	uint64_t free_frames = ledger.frames[FRAME_FREE];

	for (int step = 0; step < NR_STEPS; step++) {
		random_step();
		if (step % 2000 == 0)
			compare_all();
	}
	compare_all();
	host_no_memory = false;
	remove_below(ROOT, "");
	compare_all();
	CHECK_EQ(host_nr_allocated, allocated);
	CHECK_EQ(ledger.frames[FRAME_FREE], free_frames);
	host_report(name);
}

/* Found by all, listed once each, and gone without a trace. */
static void large_folder_is_no_list(void)
{
	const int nr = 20000;
	int64_t allocated;
	struct stat stat;
	char path[32];

	CHECK_EQ(vfs_mkdir(AT_FDCWD, "/big", 0755), 0);
	allocated = host_nr_allocated;
	for (int i = 0; i < nr; i++) {
		snprintf(path, sizeof(path), "/big/%d", i);
		CHECK_EQ(vfs_mknod(AT_FDCWD, path, S_IFREG | 0600, 0), 0);
	}
	CHECK_EQ(count_entries("/big"), nr);
	for (int i = 0; i < nr; i++) {
		snprintf(path, sizeof(path), "/big/%d", i * 7 % nr);
		CHECK_EQ(vfs_stat(AT_FDCWD, path, 0, &stat), 0);
		CHECK_EQ(vfs_unlink(AT_FDCWD, path), 0);
	}
	CHECK_EQ(host_nr_allocated, allocated + 1); /* the hash table */
	CHECK_EQ(vfs_rmdir(AT_FDCWD, "/big"), 0);
	CHECK_EQ(host_nr_allocated, allocated - 3); /* inode, dentry, name */
	host_report("vfs_large_folder_is_no_list");
}

int main(void)
{
	host_seed();
	host_frames_init(1UL << 20);
	frame_init();
	for (int i = 0; i < NR_NAMES; i++)
		objects[ROOT].entry[i] = NONE;
	objects[ROOT].kind = FOLDER;
	vfs_root = tmpfs_create();
	random_steps_match_model("vfs_random_steps_match_model");
	host_no_memory = true;
	random_steps_match_model("vfs_failed_steps_change_nothing");
	large_folder_is_no_list();
	return host_status();
}
