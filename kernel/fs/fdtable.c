/*
 * Tables of open files.
 *
 * Up to FDS_INLINE descriptors live in struct files itself; beyond that the
 * arrays are doubled in memory of their own. Nothing that can sleep happens
 * under the lock, so files are closed after they have left the table.
 */
#include "fdtable.h"

#include <uapi/errno.h>

#include "kmalloc.h"
#include "string.h"
#include "vfs.h"

static size_t cloexec_words(uint32_t capacity)
{
	return (capacity + 63) / 64;
}

struct files *fds_create(void)
{
	struct files *files = kzalloc(sizeof(*files));

	if (!files)
		return NULL;
	files->refs = 1;
	files->lock = (struct spinlock)SPINLOCK_INIT(RANK_TABLE);
	files->capacity = FDS_INLINE;
	files->file = files->inline_file;
	files->cloexec = files->inline_cloexec;
	return files;
}

static void free_arrays(struct files *files)
{
	if (files->file != files->inline_file) {
		kfree(files->file);
		kfree(files->cloexec);
	}
}

static bool cloexec_get(const struct files *files, uint32_t fd)
{
	return files->cloexec[fd / 64] >> fd % 64 & 1;
}

static void cloexec_set(struct files *files, uint32_t fd, bool set)
{
	uint64_t bit = 1UL << fd % 64;

	if (set)
		files->cloexec[fd / 64] |= bit;
	else
		files->cloexec[fd / 64] &= ~bit;
}

/*
 * Make room for @capacity descriptors. Called without the lock: it allocates
 * first, and whoever loses a race frees what it does not need.
 */
static int grow(struct files *files, uint32_t capacity)
{
	size_t words = cloexec_words(capacity);
	struct file **file = kzalloc(capacity * sizeof(struct file *));
	uint64_t *cloexec = kzalloc(words * sizeof(uint64_t));
	struct file **old_file = file;
	uint64_t *old_cloexec = cloexec;

	if (!file || !cloexec) {
		kfree(file);
		kfree(cloexec);
		return -ENOMEM;
	}
	spin_lock(&files->lock);
	if (files->capacity < capacity) {
		memcpy(file, files->file,
		       files->capacity * sizeof(struct file *));
		memcpy(cloexec, files->cloexec,
		       cloexec_words(files->capacity) * sizeof(uint64_t));
		old_file = files->file;
		old_cloexec = files->cloexec;
		files->file = file;
		files->cloexec = cloexec;
		files->capacity = capacity;
	}
	spin_unlock(&files->lock);
	if (old_file != files->inline_file) {
		kfree(old_file);
		kfree(old_cloexec);
	}
	return 0;
}

/* ---- life of a table ---- */

/* Lock @files with @copy large enough for what is in it. */
static int lock_for_copy(struct files *copy, struct files *files)
{
	for (;;) {
		uint32_t capacity;

		spin_lock(&files->lock);
		if (files->end <= copy->capacity)
			return 0;
		capacity = files->capacity;
		spin_unlock(&files->lock);
		if (grow(copy, capacity))
			return -ENOMEM;
	}
}

struct files *fds_fork(struct files *files)
{
	struct files *copy = fds_create();

	if (!copy)
		return NULL;
	if (lock_for_copy(copy, files)) {
		fds_put(copy);
		return NULL;
	}
	for (uint32_t fd = 0; fd < files->end; fd++) {
		copy->file[fd] = files->file[fd];
		if (copy->file[fd])
			file_get(copy->file[fd]);
	}
	memcpy(copy->cloexec, files->cloexec,
	       cloexec_words(files->end) * sizeof(uint64_t));
	copy->end = files->end;
	copy->lowest_free = files->lowest_free;
	spin_unlock(&files->lock);
	return copy;
}

void fds_put(struct files *files)
{
	if (__atomic_sub_fetch(&files->refs, 1, __ATOMIC_ACQ_REL))
		return;
	for (uint32_t fd = 0; fd < files->end; fd++)
		if (files->file[fd])
			file_put(files->file[fd]);
	free_arrays(files);
	kfree(files);
}

struct files *fds_unshare(struct files *files)
{
	struct files *copy;

	if (__atomic_load_n(&files->refs, __ATOMIC_ACQUIRE) == 1)
		return files;
	copy = fds_fork(files);
	if (copy)
		fds_put(files);
	return copy;
}

int fds_make_own(void)
{
	struct files *files = fds_unshare(current->files);

	if (!files)
		return -ENOMEM;
	current->files = files;
	return 0;
}

int fds_open_console(struct files **out)
{
	struct files *files = fds_create();
	struct file *console;
	int err;

	if (!files)
		return -ENOMEM;
	err = vfs_open(AT_FDCWD, "/dev/console", O_RDWR, 0, &console);
	if (err) {
		fds_put(files);
		return err;
	}
	file_get(console);
	file_get(console);
	for (files->end = 0; files->end < 3; files->end++)
		files->file[files->end] = console;
	files->lowest_free = files->end;
	*out = files;
	return 0;
}

/* ---- slots; the caller holds files->lock ---- */

static uint32_t find_free(const struct files *files, uint32_t from)
{
	uint32_t fd = from > files->lowest_free ? from : files->lowest_free;

	while (fd < files->end && files->file[fd])
		fd++;
	return fd;
}

static void set_slot(struct files *files, uint32_t fd, struct file *file,
		     bool cloexec)
{
	files->file[fd] = file;
	cloexec_set(files, fd, cloexec);
	if (fd >= files->end)
		files->end = fd + 1;
	if (fd == files->lowest_free)
		files->lowest_free = fd + 1;
}

static struct file *clear_slot(struct files *files, uint32_t fd)
{
	struct file *file;

	if (fd >= files->end || !files->file[fd])
		return NULL;
	file = files->file[fd];
	files->file[fd] = NULL;
	if (fd < files->lowest_free)
		files->lowest_free = fd;
	while (files->end && !files->file[files->end - 1])
		files->end--;
	return file;
}

/* ---- descriptors of the running task ---- */

static uint64_t descriptor_limit(void)
{
	uint64_t limit = task_rlimit(RLIMIT_NOFILE);

	return limit < NOFILE_MAX ? limit : NOFILE_MAX;
}

/* See to it that slot @fd exists. */
static int ensure_slot(struct files *files, uint32_t fd)
{
	uint32_t capacity = files->capacity;

	while (capacity <= fd)
		capacity *= 2;
	return capacity > files->capacity ? grow(files, capacity) : 0;
}

int fd_install_from(struct file *file, int from, bool cloexec)
{
	struct files *files = current->files;
	uint64_t limit = descriptor_limit();
	uint32_t fd;
	int err;

	if ((uint64_t)from >= limit)
		return -EINVAL;
	for (;;) {
		spin_lock(&files->lock);
		fd = find_free(files, (uint32_t)from);
		if (fd < files->capacity && fd < limit)
			break;
		spin_unlock(&files->lock);
		if (fd >= limit)
			return -EMFILE;
		err = ensure_slot(files, fd);
		if (err)
			return err;
	}
	set_slot(files, fd, file, cloexec);
	spin_unlock(&files->lock);
	return (int)fd;
}

struct fd fd_get_shared(struct files *files, int fd)
{
	struct file *file = NULL;

	spin_lock(&files->lock);
	if ((uint32_t)fd < files->end)
		file = files->file[fd];
	if (file)
		file_get(file);
	spin_unlock(&files->lock);
	return (struct fd){ file, file != NULL };
}

int fd_close(int fd)
{
	struct files *files = current->files;
	struct file *file;

	spin_lock(&files->lock);
	file = clear_slot(files, (uint32_t)fd);
	spin_unlock(&files->lock);
	if (!file)
		return -EBADF;
	file_put(file);
	return 0;
}

int fd_replace(int from, int to, bool cloexec)
{
	struct files *files = current->files;
	struct fd source = fd_get_shared(files, from);
	struct file *old;
	int err = -EBADF;

	if (!source.file)
		return -EBADF;
	if (to < 0 || (uint64_t)to >= descriptor_limit())
		goto fail;
	err = ensure_slot(files, (uint32_t)to);
	if (err)
		goto fail;
	spin_lock(&files->lock);
	old = (uint32_t)to < files->end ? files->file[to] : NULL;
	set_slot(files, (uint32_t)to, source.file, cloexec);
	spin_unlock(&files->lock);
	if (old)
		file_put(old);
	return to; /* the table has the reference that fd_get_shared() took */
fail:
	file_put(source.file);
	return err;
}

int fd_get_cloexec(int fd)
{
	struct files *files = current->files;
	int result = -EBADF;

	spin_lock(&files->lock);
	if ((uint32_t)fd < files->end && files->file[fd])
		result = cloexec_get(files, (uint32_t)fd);
	spin_unlock(&files->lock);
	return result;
}

int fd_set_cloexec(int fd, bool cloexec)
{
	struct files *files = current->files;
	int err = -EBADF;

	spin_lock(&files->lock);
	if ((uint32_t)fd < files->end && files->file[fd]) {
		cloexec_set(files, (uint32_t)fd, cloexec);
		err = 0;
	}
	spin_unlock(&files->lock);
	return err;
}

void fds_close_on_exec(struct files *files)
{
	for (uint32_t fd = 0; fd < files->end; fd++) {
		struct file *file = NULL;

		spin_lock(&files->lock);
		if (cloexec_get(files, fd))
			file = clear_slot(files, fd);
		spin_unlock(&files->lock);
		if (file)
			file_put(file);
	}
}

int fds_next(struct files *files, int fd, struct file **file)
{
	int found = -EBADF;

	spin_lock(&files->lock);
	for (uint32_t i = (uint32_t)fd; i < files->end; i++) {
		if (!files->file[i])
			continue;
		*file = files->file[i];
		file_get(*file);
		found = (int)i;
		break;
	}
	spin_unlock(&files->lock);
	return found;
}
