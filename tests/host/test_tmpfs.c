/*
 * The contents and the frames of a file in tmpfs agree with a model after any
 * sequence of writes, truncates, allocations and holes, also when memory runs
 * out in the middle of one: then it has changed nothing. If they did not, a file
 * would show bytes that nobody wrote, or keep frames that nobody can reach.
 */
// build: -include tests/host/support/host_task.h tests/host/support/host.c tests/host/support/host_frames.c tests/host/support/host_kernel.c tests/host/support/host_vfs.c kernel/mm/frame.c kernel/mm/early.c kernel/mm/ledger.c kernel/mm/range_list.c kernel/fs/attr.c kernel/fs/dentry.c kernel/fs/file.c kernel/fs/file_size.c kernel/fs/inode.c kernel/fs/io_buf.c kernel/fs/namei.c kernel/fs/names.c kernel/fs/open.c kernel/fs/page_tree.c kernel/fs/readdir.c kernel/fs/tmpfs.c kernel/fs/tmpfs_size.c tests/host/support/host_tmpfs_swap.c kernel/task/cred.c -Itests/host/support
#define _ISOC11_SOURCE /* of the host only ISO C: POSIX types are the kernel's */
#include <string.h>

#include <uapi/fcntl.h>
#include <uapi/errno.h>
#include <uapi/unistd.h>

#include "dentry.h"
#include "file.h"
#include "frame.h"
#include "host.h"
#include "host_kernel.h"
#include "namei.h"
#include "tmpfs.h"
#include "vfs.h"

#define NR_STEPS 60000
#define NR_PAGES 40
#define FILE_BYTES (NR_PAGES * PAGE_SIZE)

/* ---- the model ---- */

static struct file *file;
static char bytes[FILE_BYTES];  /* behind the size: zeros */
static bool filled[NR_PAGES];   /* has a frame */
static bool data[NR_PAGES];     /* and somebody has written to it */
static loff_t size;

static loff_t pick_offset(void)
{
	loff_t offset = (loff_t)host_below(FILE_BYTES);

	return host_below(2) ? offset : (loff_t)page_align_down((uint64_t)offset);
}

static loff_t pick_bytes(loff_t offset)
{
	return 1 + (loff_t)host_below(FILE_BYTES - (uint64_t)offset);
}

static void fill(loff_t offset, loff_t n)
{
	for (loff_t page = offset / (loff_t)PAGE_SIZE;
	     page * (loff_t)PAGE_SIZE < offset + n; page++)
		filled[page] = true;
}

static void fill_data(loff_t offset, loff_t n)
{
	fill(offset, n);
	for (loff_t page = offset / (loff_t)PAGE_SIZE;
	     page * (loff_t)PAGE_SIZE < offset + n; page++)
		data[page] = true;
}

/* The whole pages of a range lose their frames. */
static void unfill(loff_t offset, loff_t n)
{
	for (loff_t page = (offset + (loff_t)PAGE_SIZE - 1) / (loff_t)PAGE_SIZE;
	     (page + 1) * (loff_t)PAGE_SIZE <= offset + n; page++)
		filled[page] = data[page] = false;
}

/* ---- steps ---- */

static void step_write(loff_t offset, loff_t n)
{
	static char what[FILE_BYTES];
	struct io_buf buf = io_buf_kernel(what, (size_t)n);
	ssize_t written;

	memset(what, (int)host_below(256), (size_t)n);
	written = file_pwrite(file, &buf, offset);
	if (written < 0) {
		CHECK(host_no_memory && written == -ENOMEM);
		return;
	}
	CHECK(written == n || host_no_memory);
	memcpy(bytes + offset, what, (size_t)written);
	fill_data(offset, written);
	if (offset + written > size)
		size = offset + written;
}

static void step_truncate(loff_t new_size)
{
	CHECK_EQ(file_truncate(file, new_size), 0);
	if (new_size < size) {
		memset(bytes + new_size, 0, FILE_BYTES - (size_t)new_size);
		unfill(new_size, (loff_t)FILE_BYTES - new_size);
	}
	size = new_size;
}

static void step_allocate(loff_t offset, loff_t n)
{
	int mode = host_below(2) ? FALLOC_FL_KEEP_SIZE : 0;
	int err = file_allocate(file, mode, offset, n);

	if (err) {
		CHECK(host_no_memory && err == -ENOMEM);
		return;
	}
	for (loff_t page = offset / (loff_t)PAGE_SIZE;
	     page * (loff_t)PAGE_SIZE < offset + n; page++)
		data[page] = filled[page]; /* a second time is a use */
	fill(offset, n);
	if (!mode && offset + n > size)
		size = offset + n;
}

static void step_punch(loff_t offset, loff_t n)
{
	CHECK_EQ(file_allocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
			       offset, n), 0);
	memset(bytes + offset, 0, (size_t)n);
	unfill(offset, n);
}

/* ---- comparing ---- */

static void compare_contents(void)
{
	static char seen[FILE_BYTES];
	struct io_buf buf = io_buf_kernel(seen, FILE_BYTES);

	CHECK_EQ(file->inode->size, size);
	CHECK_EQ(file_pread(file, &buf, 0), size);
	CHECK(memcmp(seen, bytes, (size_t)size) == 0);
}

static void compare_frames(void)
{
	uint64_t nr = 0;

	for (uint64_t page = 0; page < NR_PAGES; page++) {
		const struct frame *frame =
			page_tree_find(&file->inode->pages, page);

		CHECK_EQ(frame != NULL, filled[page]);
		nr += filled[page];
	}
	CHECK_EQ(file->inode->nr_frames, nr);
	CHECK_EQ(file->inode->fs->nr_frames, nr);
}

/* What lseek should find from @offset on. */
static loff_t model_seek(loff_t offset, bool wanted)
{
	if (offset >= size)
		return -ENXIO;
	for (loff_t pos = offset; pos < size;
	     pos = (loff_t)page_align_down((uint64_t)pos + PAGE_SIZE))
		if (data[pos / (loff_t)PAGE_SIZE] == wanted)
			return pos;
	return wanted ? -ENXIO : size;
}

static void compare_seek(void)
{
	loff_t offset = pick_offset();

	CHECK_EQ(file_lseek(file, offset, SEEK_DATA), model_seek(offset, true));
	CHECK_EQ(file_lseek(file, offset, SEEK_HOLE),
		 model_seek(offset, false));
}

static void random_step(void)
{
	loff_t offset = pick_offset(), n = pick_bytes(offset);

	switch (host_below(5)) {
	case 0:
	case 1:
		step_write(offset, n < 20000 ? n : 20000);
		break;
	case 2:
		step_truncate(offset);
		break;
	case 3:
		step_allocate(offset, n);
		break;
	default:
		step_punch(offset, n);
	}
}

static void random_steps_match_model(const char *name, bool memory_fails)
{
	uint64_t free_frames = ledger.frames[FRAME_FREE];

	CHECK_EQ(tmpfs_open_unnamed("model", 0, false, &file), 0);
	for (int step = 0; step < NR_STEPS; step++) {
		host_no_memory = memory_fails;
		random_step();
		host_no_memory = false;
		compare_frames();
		compare_seek();
		if (step % 16 == 0)
			compare_contents();
	}
	compare_contents();
	file_put(file);
	CHECK_EQ(ledger.frames[FRAME_FREE], free_frames);
	memset(bytes, 0, sizeof(bytes));
	memset(filled, 0, sizeof(filled));
	memset(data, 0, sizeof(data));
	size = 0;
	host_report(name);
}

int main(void)
{
	host_seed();
	host_frames_init(1UL << 20);
	frame_init();
	vfs_root = tmpfs_create();
	random_steps_match_model("tmpfs_contents_and_frames_match_model", false);
	random_steps_match_model("tmpfs_failed_steps_change_nothing", true);
	return host_status();
}
