/*
 * System V shared memory: segments that are found by a key.
 *
 * A segment is a file without a name and its entry in a table. Attaching maps
 * the file, so fork, exit, munmap and faults need to know nothing of segments:
 *
 *	table --> segment --> file <-- VMAs of those who are attached
 *
 * Every VMA holds one reference to the file, and so does the table until the
 * segment is removed: nattch == file->refs - !removed. A removed one has no key
 * any more and goes with its last VMA, but until then it can be attached by id.
 */
#include <uapi/errno.h>
#include <uapi/shm.h>

#include "cred.h"
#include "file.h"
#include "kmalloc.h"
#include "mm.h"
#include "overcommit.h"
#include "printk.h"
#include "task.h"
#include "timer.h"
#include "tmpfs.h"
#include "uaccess.h"
#include "vma_edit.h"

#define MAX_SEGMENTS 4096 /* Linux's SHMMNI */
#define NAME_BYTES 16
#define MODE_MASK 0777u
#define NO_LIMIT (~0UL - (1UL << 24)) /* Linux's default of shmmax, shmall */

_Static_assert(sizeof(struct shmid_ds) == 112, "programs know it");

struct segment {
	struct list_node link; /* shm_lock */
	int id;                /* constant */
	struct file *file;     /* constant; a reference until it is removed */
	struct shmid_ds ds;    /* shm_lock, but for shm_nattch */
};

/* Also taken under an mm->lock, when a VMA that goes was the last one. */
static struct mutex shm_lock = MUTEX_INIT(shm_lock, RANK_SHM);
static struct list_node segments = { &segments, &segments };
static int nr_segments; /* shm_lock */
static int next_id;     /* shm_lock */

/* Those of tmpfs and segment_release(); how a segment's file is known. */
static struct file_ops segment_ops;

static long now(void)
{
	return (long)(ktime_real_ns() / NSEC_PER_SEC);
}

static struct segment *find_id_locked(int id)
{
	struct segment *segment;

	list_for_each(segment, &segments, link)
		if (segment->id == id)
			return segment;
	return NULL;
}

static struct segment *find_key_locked(int key)
{
	struct segment *segment;

	list_for_each(segment, &segments, link)
		if (segment->ds.shm_perm.key == key)
			return segment;
	return NULL;
}

static bool is_removed(const struct segment *segment)
{
	return segment->ds.shm_perm.mode & SHM_DEST;
}

/* The last reference to a segment's file is gone, and so it had been removed. */
static void segment_release(struct file *file)
{
	struct segment *segment = file->private;

	if (!segment)
		return; /* it never got into the table */
	mutex_lock(&shm_lock);
	list_remove(&segment->link);
	nr_segments--;
	mutex_unlock(&shm_lock);
	kfree(segment);
}

/* ---- rights ---- */

/* Whether the running thread may do with @segment what @mode, 0 to 0777, says. */
static bool is_allowed(const struct segment *segment, unsigned int mode)
{
	const struct ipc_perm *perm = &segment->ds.shm_perm;
	const struct cred *cred = current->cred;
	unsigned int wanted = (mode >> 6 | mode >> 3 | mode) & 7;
	unsigned int granted = perm->mode;

	if (cred->user.effective == perm->uid ||
	    cred->user.effective == perm->cuid)
		granted >>= 6;
	else if (in_group(cred, perm->gid) || in_group(cred, perm->cgid))
		granted >>= 3;
	return !(wanted & ~granted) || capable(CAP_IPC_OWNER);
}

static bool is_owner(const struct segment *segment)
{
	uint32_t user = current->cred->user.effective;

	return user == segment->ds.shm_perm.uid ||
	       user == segment->ds.shm_perm.cuid || capable(CAP_SYS_ADMIN);
}

/* ---- shmget ---- */

static int create_locked(int key, size_t bytes, int flags)
{
	bool reserve = !(flags & SHM_NORESERVE) ||
		       overcommit_memory == OVERCOMMIT_NEVER;
	struct segment *segment;
	char name[NAME_BYTES];
	int err;

	if (!bytes || bytes > INT64_MAX - PAGE_SIZE)
		return -EINVAL;
	if (nr_segments == MAX_SEGMENTS)
		return -ENOSPC;
	segment = kzalloc(sizeof(*segment));
	if (!segment)
		return -ENOMEM;
	snprintf(name, sizeof(name), "SYSV%08x", (unsigned int)key);
	err = tmpfs_open_unnamed(name, (loff_t)page_align_up(bytes),
				 reserve, &segment->file);
	if (err) {
		kfree(segment);
		return err;
	}
	segment_ops = tmpfs_file_ops;
	segment_ops.release = segment_release;
	segment->file->ops = &segment_ops;
	segment->file->private = segment;
	segment->id = next_id++ & INT32_MAX;
	segment->ds.shm_perm.key = key;
	segment->ds.shm_perm.mode = (unsigned int)flags & MODE_MASK;
	segment->ds.shm_segsz = bytes;
	segment->ds.shm_ctime = now();
	segment->ds.shm_perm.uid = segment->ds.shm_perm.cuid =
		current->cred->user.effective;
	segment->ds.shm_perm.gid = segment->ds.shm_perm.cgid =
		current->cred->group.effective;
	segment->ds.shm_cpid = current->tgid;
	list_push_back(&segments, &segment->link);
	nr_segments++;
	return segment->id;
}

static int get_locked(int key, size_t bytes, int flags)
{
	struct segment *segment = NULL;

	if (key != IPC_PRIVATE)
		segment = find_key_locked(key);
	if (!segment && (key == IPC_PRIVATE || flags & IPC_CREAT))
		return create_locked(key, bytes, flags);
	if (!segment)
		return -ENOENT;
	if (flags & IPC_CREAT && flags & IPC_EXCL)
		return -EEXIST;
	if (!is_allowed(segment, (unsigned int)flags & MODE_MASK))
		return -EACCES;
	return bytes > segment->ds.shm_segsz ? -EINVAL : segment->id;
}

/* shmget(2): an id. -ENOENT, -EEXIST, -EACCES, -EINVAL (size), -ENOSPC, -ENOMEM. */
long sys_shmget(int key, size_t bytes, int flags)
{
	int id;

	mutex_lock(&shm_lock);
	id = get_locked(key, bytes, flags);
	mutex_unlock(&shm_lock);
	return id;
}

/* ---- shmat, shmdt ---- */

/* A reference, unless the last one is being given up just now. */
static bool try_get(struct file *file)
{
	uint32_t refs = __atomic_load_n(&file->refs, __ATOMIC_RELAXED);

	while (refs)
		if (__atomic_compare_exchange_n(&file->refs, &refs, refs + 1,
						true, __ATOMIC_RELAXED,
						__ATOMIC_RELAXED))
			return true;
	return false;
}

/*
 * The file of @id with a reference, noted as attached now. -EINVAL: no such.
 * -EACCES.
 */
static int attach_file(int id, int flags, struct file **file)
{
	unsigned int mode = flags & SHM_RDONLY ? 0444 : 0666;
	struct segment *segment;
	int err = 0;

	mutex_lock(&shm_lock);
	segment = find_id_locked(id);
	if (segment && !is_allowed(segment, mode)) {
		err = -EACCES;
	} else if (segment && try_get(segment->file)) {
		*file = segment->file;
		segment->ds.shm_atime = now();
		segment->ds.shm_lpid = current->tgid;
	} else {
		err = -EINVAL;
	}
	mutex_unlock(&shm_lock);
	return err;
}

static unsigned int vm_flags_of(int flags)
{
	unsigned int vm = VM_READ | VM_SHARED;

	vm |= flags & SHM_RDONLY ? VM_DENY_WRITE : VM_WRITE;
	return flags & SHM_EXEC ? vm | VM_EXEC : vm;
}

static int64_t attach(struct file *file, vaddr_t addr, int flags)
{
	struct mm_struct *mm = current->mm;
	struct map_request request = {
		.addr = addr,
		.bytes = (size_t)file->inode->size,
		.flags = vm_flags_of(flags),
		.fixed = addr,
		.no_replace = !(flags & SHM_REMAP),
		.file = file,
	};
	int64_t at;

	mutex_lock(&mm->lock);
	at = mm_map_locked(mm, &request);
	mutex_unlock(&mm->lock);
	return at == -EEXIST ? -EINVAL : at;
}

/* shmat(2): its address. -EINVAL: no such id, or not there. -ENOMEM. */
long sys_shmat(int id, vaddr_t addr, int flags)
{
	struct file *file;
	int64_t at;
	int err;

	if (flags & SHM_RND)
		addr = page_align_down(addr);
	if (!page_aligned(addr) || (!addr && flags & SHM_REMAP))
		return -EINVAL;
	err = attach_file(id, flags, &file);
	if (err)
		return err;
	at = attach(file, addr, flags);
	file_put(file);
	return at;
}

/* Whether @vma shows the page of @file that an attachment at @addr has there. */
static bool is_part(const struct vma *vma, const struct file *file,
		    vaddr_t addr)
{
	return vma->file == file &&
	       vma->start - addr == vma->file_page << PAGE_SHIFT;
}

static void note_detached(struct segment *segment)
{
	mutex_lock(&shm_lock);
	segment->ds.shm_dtime = now();
	segment->ds.shm_lpid = current->tgid;
	mutex_unlock(&shm_lock);
}

/* What is left of the attachment at @addr: parts of it may be unmapped. */
static int detach_locked(struct mm_struct *mm, vaddr_t addr)
{
	struct vma *vma = vma_find(&mm->vmas, addr);
	struct file *file = vma ? vma->file : NULL;
	vaddr_t end;

	if (!file || file->ops != &segment_ops || !is_part(vma, file, addr))
		return -EINVAL;
	note_detached(file->private);
	end = addr + (vaddr_t)file->inode->size;
	while (vma && vma->start < end) {
		struct vma *next = vma->next;
		bool last = !next || next->start >= end;
		int err = 0;

		if (is_part(vma, file, addr))
			err = mm_unmap_locked(mm, vma->start, vma->end);
		if (err || last)
			return err;
		vma = next;
	}
	return 0;
}

/* shmdt(2). -EINVAL: no segment is attached at @addr. */
long sys_shmdt(vaddr_t addr)
{
	struct mm_struct *mm = current->mm;
	long err;

	if (!page_aligned(addr))
		return -EINVAL;
	mutex_lock(&mm->lock);
	err = detach_locked(mm, addr);
	mutex_unlock(&mm->lock);
	return err;
}

/* ---- shmctl ---- */

/* Nobody finds it by its key any more; the caller puts the table's reference. */
static struct file *remove_locked(struct segment *segment)
{
	if (is_removed(segment))
		return NULL;
	segment->ds.shm_perm.mode |= SHM_DEST;
	segment->ds.shm_perm.key = IPC_PRIVATE;
	return segment->file;
}

static struct shmid_ds stat_locked(const struct segment *segment)
{
	struct shmid_ds ds = segment->ds;

	ds.shm_nattch = __atomic_load_n(&segment->file->refs,
					__ATOMIC_RELAXED) -
			!is_removed(segment);
	return ds;
}

static void set_locked(struct segment *segment, const struct shmid_ds *from)
{
	struct ipc_perm *perm = &segment->ds.shm_perm;

	perm->uid = from->shm_perm.uid;
	perm->gid = from->shm_perm.gid;
	perm->mode = (perm->mode & ~MODE_MASK) |
		     (from->shm_perm.mode & MODE_MASK);
	segment->ds.shm_ctime = now();
}

/* *@put: a file whose reference is to be given up, without the lock. */
static int control_locked(int id, int cmd, struct shmid_ds *ds,
			  struct file **put)
{
	struct segment *segment = find_id_locked(id);

	if (!segment)
		return -EINVAL;
	if ((cmd == IPC_STAT || cmd == SHM_STAT) && !is_allowed(segment, 0444))
		return -EACCES;
	if ((cmd == IPC_RMID || cmd == IPC_SET) && !is_owner(segment))
		return -EPERM;
	if ((cmd == SHM_LOCK || cmd == SHM_UNLOCK) &&
	    !(is_owner(segment) && may_mlock()) && !capable(CAP_IPC_LOCK))
		return -EPERM;
	switch (cmd) {
	case IPC_RMID:
		*put = remove_locked(segment);
		return 0;
	case IPC_SET:
		set_locked(segment, ds);
		return 0;
	case SHM_STAT:
	case SHM_STAT_ANY:
		*ds = stat_locked(segment);
		return segment->id;
	case IPC_STAT:
		*ds = stat_locked(segment);
		return 0;
	case SHM_LOCK: /* what is out comes back when it is touched */
		segment->ds.shm_perm.mode |= SHM_LOCKED;
		segment->file->inode->stays = true;
		return 0;
	case SHM_UNLOCK:
		segment->ds.shm_perm.mode &= ~SHM_LOCKED;
		segment->file->inode->stays = false;
		return 0;
	default:
		return -EINVAL;
	}
}

static bool tells_status(int cmd)
{
	return cmd == IPC_STAT || cmd == SHM_STAT || cmd == SHM_STAT_ANY;
}

static long control(int id, int cmd, vaddr_t user)
{
	struct file *put = NULL;
	struct shmid_ds ds;
	int ret;

	if (cmd == IPC_SET && copy_from_user(&ds, user, sizeof(ds)))
		return -EFAULT;
	mutex_lock(&shm_lock);
	ret = control_locked(id, cmd, &ds, &put);
	mutex_unlock(&shm_lock);
	if (put)
		file_put(put);
	if (ret >= 0 && tells_status(cmd) &&
	    copy_to_user(user, &ds, sizeof(ds)))
		return -EFAULT;
	return ret;
}

/* ---- about all segments ---- */

/* The highest id in use, or 0; what there is in @info. */
static int sum_up_locked(struct shm_info *info)
{
	const struct segment *segment;
	int highest = 0;

	*info = (struct shm_info){ .used_ids = nr_segments };
	list_for_each(segment, &segments, link) {
		const struct inode *inode = segment->file->inode;

		info->shm_tot += (uint64_t)inode->size >> PAGE_SHIFT;
		info->shm_rss += inode->nr_frames;
		if (segment->id > highest)
			highest = segment->id;
	}
	return highest;
}

static long get_info(int cmd, vaddr_t user)
{
	const struct shminfo limits = {
		.shmmax = NO_LIMIT, .shmmin = 1, .shmmni = MAX_SEGMENTS,
		.shmseg = MAX_SEGMENTS, .shmall = NO_LIMIT,
	};
	struct shm_info info;
	int highest, err;

	mutex_lock(&shm_lock);
	highest = sum_up_locked(&info);
	mutex_unlock(&shm_lock);
	err = cmd == IPC_INFO ? copy_to_user(user, &limits, sizeof(limits))
			      : copy_to_user(user, &info, sizeof(info));
	return err ? err : highest;
}

/*
 * shmctl(2). -EINVAL: no such id or command. -EFAULT. An id is its own index for
 * SHM_STAT.
 */
long sys_shmctl(int id, int cmd, vaddr_t user)
{
	if (cmd == IPC_INFO || cmd == SHM_INFO)
		return get_info(cmd, user);
	return control(id, cmd, user);
}
