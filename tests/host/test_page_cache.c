/*
 * The page cache against a model: every page that is read has the contents of
 * its place on the disk, a page that is cached is not read again, and whatever
 * fails - the disk, the allocator of frames, that of tree nodes - nothing is
 * lost and nothing half read stays behind.
 */
// build: -include tests/host/support/host_task.h tests/host/support/host.c tests/host/support/host_frames.c tests/host/support/host_kernel.c kernel/mm/frame.c kernel/mm/early.c kernel/mm/ledger.c kernel/mm/range_list.c kernel/mm/page_cache.c kernel/mm/frame_ring.c kernel/fs/file.c kernel/fs/inode.c kernel/fs/io_buf.c kernel/fs/page_tree.c kernel/task/cred.c -Itests/host/support
#define _ISOC11_SOURCE /* of the host only ISO C: POSIX types are the kernel's */
#include <string.h>

#include <uapi/errno.h>

#include "dentry.h"
#include "file.h"
#include "frame.h"
#include "host.h"
#include "host_kernel.h"
#include "page_cache.h"
#include "reclaim.h"
#include "sched.h"
#include "timer.h"
#include "uaccess.h"

#define NR_STEPS 200000
#define NR_FILES 6
#define MAX_PAGES 200
#define NR_HELD 8

/* ---- the kernel around the code under test ---- */

uint64_t min_free_frames;

/* One thread: nobody ever has to wait for a page. */
void wait_prepare_blocked(struct wait_queue *queue, struct waiter *waiter)
{
	(void)queue, (void)waiter;
	panic("a page stays unread");
}

void wait_finish(struct wait_queue *queue, struct waiter *waiter)
{
	(void)queue, (void)waiter;
}

void wake_up(struct wait_queue *queue)
{
	(void)queue;
}

void schedule(void)
{
}

uint64_t ktime_real_ns(void)
{
	return 0;
}

void dentry_put(struct dentry *dentry)
{
	(void)dentry;
}

char *dentry_path(struct dentry *dentry, char *buf, size_t size)
{
	(void)dentry, (void)buf, (void)size;
	return NULL;
}

int clear_user(vaddr_t to, size_t bytes)
{
	(void)to, (void)bytes;
	return -EFAULT;
}

/* ---- the disk, and what we know of the cache ---- */

static struct filesystem fs = { .name = "test" };
static struct file *files[NR_FILES];
static bool cached[NR_FILES][MAX_PAGES]; /* may have been dropped since */
static bool disk_fails;                  /* now and then */
static size_t nr_disk_errors;

/* The byte at @pos of file @which: never 0, which is what lies behind the end. */
static unsigned char byte_at(uint64_t which, uint64_t pos)
{
	return (unsigned char)(1 + (which * 131 + pos * 7 + (pos >> 12)) % 255);
}

static int read_pages(struct inode *inode, uint64_t index,
		      struct frame *const *frames, size_t nr)
{
	uint64_t which = inode->ino - 1;

	CHECK(!inode->lock.owner);
	for (size_t i = 0; i < nr; i++) {
		unsigned char *bytes = frame_to_virt(frames[i]);

		CHECK(index + i < MAX_PAGES);
		/* With memory low it may have been given up a moment ago. */
		CHECK(!cached[which][index + i] || min_free_frames);
		for (size_t at = 0; at < PAGE_SIZE; at++)
			bytes[at] = byte_at(which,
					    ((index + i) << PAGE_SHIFT) + at);
	}
	if (disk_fails && host_below(4) == 0) {
		nr_disk_errors++;
		return -EIO;
	}
	for (size_t i = 0; i < nr; i++)
		cached[which][index + i] = true;
	return 0;
}

static const struct inode_ops inode_ops = {
	.read_pages = read_pages,
	.destroy = page_cache_destroy,
};

static const struct file_ops file_ops = {
	.read = page_cache_read,
	.lseek = generic_lseek,
	.get_frame = page_cache_get_frame,
};

static void make_files(void)
{
	for (size_t i = 0; i < NR_FILES; i++) {
		struct inode *inode = inode_create(&fs, S_IFREG | 0444,
						   &inode_ops, &file_ops);

		inode->size = (loff_t)host_below(MAX_PAGES * PAGE_SIZE);
		files[i] = file_create(inode, NULL, O_RDONLY);
		inode_put(inode);
	}
}

/* Frames are given up behind our back: ask the tree what is left. */
static void look_again(void)
{
	for (size_t i = 0; i < NR_FILES; i++)
		for (size_t page = 0; page < MAX_PAGES; page++)
			cached[i][page] = page_tree_find(
				&files[i]->inode->pages, page);
}

/* ---- steps ---- */

static struct frame *held[NR_HELD]; /* as if they were mapped */

static void check_contents(size_t which, uint64_t index,
			   const struct frame *frame)
{
	const unsigned char *bytes = frame_to_virt(frame);
	uint64_t size = (uint64_t)files[which]->inode->size;

	for (int i = 0; i < 8; i++) {
		size_t at = i == 7 ? PAGE_SIZE - 1 : host_below(PAGE_SIZE);
		uint64_t pos = (index << PAGE_SHIFT) + at;

		CHECK_EQ(bytes[at], pos < size ? byte_at(which, pos) : 0);
	}
}

static bool excusable(int err)
{
	return (err == -EIO && disk_fails) || (err == -ENOMEM && host_no_memory);
}

static void step_fault(void)
{
	size_t which = host_below(NR_FILES), slot = host_below(NR_HELD);
	uint64_t index = host_below(MAX_PAGES + 2);
	uint64_t size = (uint64_t)files[which]->inode->size;
	bool known = index < MAX_PAGES && cached[which][index];
	bool from_disk;
	struct frame *frame;
	int err = file_get_frame(files[which], index, &frame, &from_disk);

	if (index >= page_align_up(size) >> PAGE_SHIFT) {
		CHECK_EQ(err, -ENXIO);
		return;
	}
	if (err) {
		CHECK(!known && excusable(err));
		return;
	}
	CHECK_EQ(from_disk, !known);
	CHECK_EQ(frame->purpose, FRAME_CACHE);
	check_contents(which, index, frame);
	if (held[slot])
		frame_put(held[slot]);
	held[slot] = frame;
}

static void step_read(void)
{
	static unsigned char bytes[5 * PAGE_SIZE];
	size_t which = host_below(NR_FILES);
	loff_t pos = (loff_t)host_below(MAX_PAGES * PAGE_SIZE);
	loff_t left = files[which]->inode->size - pos;
	size_t want = host_below(sizeof(bytes));
	struct io_buf to = io_buf_kernel(bytes, want);
	ssize_t n = file_pread(files[which], &to, pos);

	if (n < 0) {
		CHECK(excusable((int)n));
		return;
	}
	if (!disk_fails && !host_no_memory)
		CHECK_EQ(n, left <= 0 ? 0 : (uint64_t)left < want
						    ? left : (loff_t)want);
	for (ssize_t i = 0; i < n; i += 97)
		CHECK_EQ(bytes[i], byte_at(which, (uint64_t)(pos + i)));
}

static void step_shrink(void)
{
	uint64_t before = ledger.frames[FRAME_CACHE];
	size_t nr = page_cache_shrink(host_below(40), host_below(200));

	CHECK_EQ(ledger.frames[FRAME_CACHE], before - nr);
	look_again();
}

static void step(uint64_t i)
{
	disk_fails = i / 1000 % 3 == 1;
	host_no_memory = i / 1000 % 5 == 2;
	min_free_frames = i / 1000 % 7 == 3 ? UINT64_MAX : 0;
	if (host_no_memory && host_below(4) == 0)
		frame_fail_after(host_below(4), host_below(4));
	switch (host_below(16)) {
	case 0:
		step_shrink();
		break;
	case 1:
	case 2:
		step_read();
		break;
	default:
		step_fault();
	}
	frame_fail_after(0, 0);
	if (min_free_frames) /* a miss may have given others up */
		look_again();
}

static void let_go(void)
{
	for (size_t i = 0; i < NR_HELD; i++)
		if (held[i])
			frame_put(held[i]);
}

int main(void)
{
	uint64_t free_before;

	host_seed();
	host_frames_init(16UL << 20);
	frame_init();
	free_before = ledger.frames[FRAME_FREE];
	make_files();

	for (uint64_t i = 0; i < NR_STEPS && !host_failures; i++)
		step(i);
	CHECK(nr_disk_errors > 100);
	frame_validate();
	host_report("page_cache_agrees_with_model");

	let_go();
	page_cache_drop();
	CHECK_EQ(ledger.frames[FRAME_CACHE], 0);
	look_again();
	disk_fails = host_no_memory = false;
	min_free_frames = 0;
	for (int i = 0; i < 100; i++)
		step_read();
	for (size_t i = 0; i < NR_FILES; i++)
		file_put(files[i]);
	CHECK_EQ(ledger.frames[FRAME_FREE], free_before);
	host_report("page_cache_gives_everything_back");
	return host_status();
}
