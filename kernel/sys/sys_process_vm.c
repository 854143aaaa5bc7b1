/*
 * process_vm_readv and process_vm_writev: copy between the caller's memory and
 * that of another process, without a stop in between.
 *
 * Two lists of segments meet byte by byte: the local one is a cursor that drains
 * or fills, the remote one is walked. What was copied before one side ended is
 * the result.
 */
#include <uapi/errno.h>
#include <uapi/uio.h>

#include "cred.h"
#include "frame.h"
#include "io_buf.h"
#include "kmalloc.h"
#include "mm.h"
#include "remote.h"
#include "syscall.h"
#include "task.h"
#include "uaccess.h"

typedef size_t (*remote_copy_fn)(struct mm_struct *mm, vaddr_t addr,
				 struct io_buf *buf, size_t bytes);

/*
 * A kernel copy of the caller's list of @nr segments in *@copy, kmalloc'ed; NULL
 * if it is empty. -EINVAL: too many. -EFAULT. -ENOMEM.
 */
static int get_segments(vaddr_t user, unsigned long nr, struct iovec **copy)
{
	*copy = NULL;
	if (nr > UIO_MAXIOV)
		return -EINVAL;
	if (!nr)
		return 0;
	*copy = kmalloc(nr * sizeof(**copy));
	if (!*copy)
		return -ENOMEM;
	return copy_from_user(*copy, user, nr * sizeof(**copy));
}

/* -EINVAL: a length is negative. -EFAULT: a segment is no user memory. */
static int check_segments(const struct iovec *vec, unsigned long nr, bool local)
{
	for (unsigned long i = 0; i < nr; i++) {
		if ((ssize_t)vec[i].iov_len < 0)
			return -EINVAL;
		if (local && !user_range_ok((vaddr_t)vec[i].iov_base,
					    vec[i].iov_len))
			return -EFAULT;
	}
	return 0;
}

/*
 * The address space of process @pid, with a reference. -ESRCH: it has none.
 * -EPERM: it is not ours to look at.
 */
static int get_mm(pid_t pid, struct mm_struct **mm)
{
	struct task *task;
	int err = 0;

	*mm = NULL;
	mutex_lock(&tasklist_lock);
	task = task_find_locked(pid);
	if (task && !may_trace(task))
		err = -EPERM;
	else if (task)
		*mm = task_mm_get_locked(task);
	mutex_unlock(&tasklist_lock);
	if (err)
		return err;
	return *mm ? 0 : -ESRCH;
}

#define PREFAULT_PAGES 1024 /* Linux pins as many at a time */

/*
 * Linux has all pages of a remote segment in memory before it copies the first
 * byte, whatever the local side holds; who looks at residency can tell.
 */
static void fault_in(struct mm_struct *mm, const struct iovec *segment,
		     unsigned int access)
{
	vaddr_t addr = page_align_down((vaddr_t)segment->iov_base);
	vaddr_t end = (vaddr_t)segment->iov_base + segment->iov_len;
	struct frame *frame;

	if (end > addr + PREFAULT_PAGES * PAGE_SIZE)
		end = addr + PREFAULT_PAGES * PAGE_SIZE;
	for (; addr < end; addr += PAGE_SIZE) {
		if (remote_get_frame(mm, addr, access, &frame))
			break;
		frame_put(frame);
	}
}

static long copy_all(struct mm_struct *mm, struct io_buf *local,
		     const struct iovec *remote, unsigned long nr,
		     remote_copy_fn copy)
{
	size_t total = local->bytes;

	for (unsigned long i = 0; i < nr && local->bytes; i++) {
		size_t n = remote[i].iov_len < local->bytes ? remote[i].iov_len
							    : local->bytes;

		fault_in(mm, &remote[i],
			 copy == remote_read ? ACCESS_READ : ACCESS_WRITE);
		if (copy(mm, (vaddr_t)remote[i].iov_base, local, n) < n)
			return local->bytes < total
				       ? (long)(total - local->bytes)
				       : -EFAULT;
	}
	return (long)(total - local->bytes);
}

static size_t total_bytes(const struct iovec *vec, unsigned long nr)
{
	size_t bytes = 0;

	for (unsigned long i = 0; i < nr; i++)
		bytes += vec[i].iov_len;
	return bytes;
}

static long copy_checked(pid_t pid, struct io_buf *local,
			 const struct iovec *remote, unsigned long nr,
			 remote_copy_fn copy)
{
	struct mm_struct *mm;
	long copied;
	int err;

	/* Nothing to copy is success, whoever the other process is. */
	if (!local->bytes || !total_bytes(remote, nr))
		return 0;
	err = get_mm(pid, &mm);
	if (err)
		return err;
	copied = copy_all(mm, local, remote, nr, copy);
	mm_put(mm);
	return copied;
}

static long process_vm(pid_t pid, vaddr_t local_vec, unsigned long nr_local,
		       vaddr_t remote_vec, unsigned long nr_remote,
		       unsigned long flags, remote_copy_fn copy)
{
	struct iovec *local = NULL, *remote = NULL;
	struct io_buf buf;
	long ret;

	if (flags)
		return -EINVAL;
	ret = get_segments(local_vec, nr_local, &local);
	if (!ret)
		ret = check_segments(local, nr_local, true);
	if (!ret)
		ret = io_buf_user_vec(&buf, local, nr_local);
	if (!ret && buf.bytes)
		ret = get_segments(remote_vec, nr_remote, &remote);
	if (!ret && buf.bytes)
		ret = check_segments(remote, nr_remote, false);
	if (!ret && buf.bytes)
		ret = copy_checked(pid, &buf, remote, nr_remote, copy);
	kfree(local);
	kfree(remote);
	return ret;
}

/*
 * process_vm_readv(2). -EINVAL: flags, too many segments, a negative length.
 * -EFAULT: a list, or the first byte of either side, cannot be reached. -ESRCH.
 */
long sys_process_vm_readv(pid_t pid, vaddr_t local, unsigned long nr_local,
			  vaddr_t remote, unsigned long nr_remote,
			  unsigned long flags)
{
	return process_vm(pid, local, nr_local, remote, nr_remote, flags,
			  remote_read);
}

long sys_process_vm_writev(pid_t pid, vaddr_t local, unsigned long nr_local,
			   vaddr_t remote, unsigned long nr_remote,
			   unsigned long flags)
{
	return process_vm(pid, local, nr_local, remote, nr_remote, flags,
			  remote_write);
}
