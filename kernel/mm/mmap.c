/*
 * The system calls mmap and munmap: check what a program asks for, then map.c.
 */
#include <uapi/errno.h>
#include <uapi/mman.h>

#include "fdtable.h"
#include "file.h"
#include "mm.h"
#include "overcommit.h"
#include "seals.h"
#include "task.h"
#include "tmpfs.h"
#include "vma_edit.h"

_Static_assert(PROT_READ == VM_READ && PROT_WRITE == VM_WRITE &&
		       PROT_EXEC == VM_EXEC,
	       "prot bits are used as VM_ flags");

/* What MAP_SHARED_VALIDATE knows, unlike MAP_SHARED, which ignores the rest. */
#define KNOWN_FLAGS \
	(MAP_TYPE | MAP_FIXED | MAP_ANONYMOUS | MAP_32BIT | MAP_GROWSDOWN | \
	 MAP_DENYWRITE | MAP_EXECUTABLE | MAP_LOCKED | MAP_NORESERVE | \
	 MAP_POPULATE | MAP_NONBLOCK | MAP_STACK | MAP_HUGETLB | \
	 MAP_HUGE_2MB | MAP_HUGE_1GB)

/*
 * Whether @file may be mapped as asked. -EINVAL: no type, or as a stack. -EPERM:
 * sealed against writing.
 * -EOPNOTSUPP: unknown flags. -EACCES: it is not open for reading, or not for
 * writing where a shared mapping would write to it. -ENODEV: such files cannot.
 */
static int check_file(const struct file *file, int prot, int flags)
{
	int type = flags & MAP_TYPE;

	if (file_is_path(file))
		return -EBADF;
	if (type != MAP_PRIVATE && type != MAP_SHARED &&
	    type != MAP_SHARED_VALIDATE)
		return -EINVAL;
	if (type == MAP_SHARED_VALIDATE && flags & ~KNOWN_FLAGS)
		return -EOPNOTSUPP;
	if (type != MAP_PRIVATE && prot & PROT_WRITE && !file_writable(file))
		return -EACCES;
	if (!file_readable(file))
		return -EACCES;
	if (!file_mappable(file))
		return -ENODEV;
	if (type != MAP_PRIVATE && prot & PROT_WRITE &&
	    is_sealed(file->inode, SEALS_WRITE))
		return -EPERM;
	return flags & MAP_GROWSDOWN ? -EINVAL : 0;
}

static unsigned int vm_flags_of(int prot, int flags)
{
	unsigned int vm = (unsigned int)prot & VM_ACCESS;

	/* Who promises no more than there is does not take no for an answer. */
	if (flags & MAP_NORESERVE && overcommit_memory != OVERCOMMIT_NEVER)
		vm |= VM_NORESERVE;
	if (flags & MAP_GROWSDOWN)
		vm |= VM_GROWSDOWN;
	if (flags & MAP_LOCKED)
		vm |= VM_LOCKED;
	if ((flags & MAP_TYPE) != MAP_PRIVATE)
		vm |= VM_SHARED;
	return vm;
}

/* -EPERM, -EAGAIN: RLIMIT_MEMLOCK forbids what @request, or mlockall(), asks. */
static int check_lock(const struct mm_struct *mm,
		      const struct map_request *request, int flags)
{
	unsigned int vm = request->flags | mm->def_flags;

	if (likely(!(vm & VM_LOCKED)))
		return 0;
	if (flags & MAP_LOCKED && !may_mlock())
		return -EPERM;
	return mm_may_lock(mm, request->bytes >> PAGE_SHIFT) ? 0 : -EAGAIN;
}

/* Map @request, unless its address, and then @check, an errno, forbid it. */
static long do_mmap(struct map_request *request, int flags, int check)
{
	struct mm_struct *mm = current->mm;
	bool populate = (flags & (MAP_POPULATE | MAP_NONBLOCK)) == MAP_POPULATE;
	int64_t addr;
	int lock_check;

	mutex_lock(&mm->lock);
	lock_check = check_lock(mm, request, flags);
	if (lock_check)
		check = lock_check; /* Linux looks at that first */
	if (likely(!check)) {
		addr = mm_map_locked(mm, request);
	} else {
		addr = mm_place_locked(mm, request);
		addr = addr < 0 ? addr : check;
	}
	populate |= (request->flags | mm->def_flags) & VM_LOCKED;
	mutex_unlock(&mm->lock);
	if (addr >= 0 && populate)
		mm_populate(mm, (vaddr_t)addr, (vaddr_t)addr + request->bytes);
	return addr;
}

/* Shared anonymous memory is a shared mapping of a file without a name. */
static long mmap_shared_anonymous(struct map_request *request, int flags)
{
	long ret = tmpfs_open_unnamed("dev/zero", (loff_t)request->bytes,
				      !(request->flags & VM_NORESERVE),
				      &request->file);

	if (ret)
		return ret;
	ret = do_mmap(request, flags, 0);
	file_put(request->file); /* the VMA has its own reference */
	return ret;
}

static long mmap_anonymous(struct map_request *request, int flags)
{
	int type = flags & MAP_TYPE;

	request->file_page = 0;
	if (flags & MAP_HUGETLB)
		return -ENOMEM; /* no frames are reserved for those */
	if (type == MAP_PRIVATE)
		return do_mmap(request, flags, 0);
	if (type != MAP_SHARED || flags & MAP_GROWSDOWN)
		return do_mmap(request, flags, -EINVAL);
	return mmap_shared_anonymous(request, flags);
}

/* /dev/zero: the memory that systems without MAP_ANONYMOUS had. */
static long mmap_zeros(struct map_request *request, int flags)
{
	request->file_page = 0;
	if ((flags & MAP_TYPE) == MAP_PRIVATE)
		return do_mmap(request, flags, 0);
	return mmap_shared_anonymous(request, flags);
}

static long mmap_file(struct map_request *request, struct file *file, int prot,
		      int flags)
{
	uint64_t end_page = request->file_page + (request->bytes >> PAGE_SHIFT);
	int check = check_file(file, prot, flags);

	if (end_page > 1UL << (63 - PAGE_SHIFT))
		check = -EOVERFLOW;
	if (!check && file->ops->maps_zeros)
		return mmap_zeros(request, flags);
	if (request->flags & VM_SHARED &&
	    (!file_writable(file) || is_sealed(file->inode, SEALS_WRITE)))
		request->flags |= VM_DENY_WRITE;
	request->file = file;
	return do_mmap(request, flags, check);
}

/* Empty, or so long that rounding up wrapped around. */
static int check_length(size_t bytes)
{
	if (!bytes)
		return -EINVAL;
	return page_align_up(bytes) ? 0 : -ENOMEM;
}

/*
 * mmap(2). -EINVAL: empty, an offset within a page, no or an unknown type.
 * -EBADF, and as check_file(): the file. -EOVERFLOW: its pages cannot be
 * numbered. The rest as mm_map_locked(). Of two mistakes the one is reported that
 * Linux finds first: offset, descriptor, length, address, file.
 */
long sys_mmap(vaddr_t addr, size_t bytes, int prot, int flags, int fd,
	      loff_t offset)
{
	struct map_request request = {
		.addr = addr,
		.bytes = page_align_up(bytes),
		.flags = vm_flags_of(prot, flags),
		.fixed = flags & (MAP_FIXED | MAP_FIXED_NOREPLACE),
		.no_replace = flags & MAP_FIXED_NOREPLACE,
		.low = flags & MAP_32BIT,
		.file_page = (uint64_t)offset >> PAGE_SHIFT,
	};
	struct fd f;
	long ret = check_length(bytes);

	if (!page_aligned((uint64_t)offset))
		return -EINVAL;
	if (flags & MAP_ANONYMOUS)
		return ret ? ret : mmap_anonymous(&request, flags);
	f = fd_get(fd);
	if (!f.file)
		return -EBADF;
	if (flags & MAP_HUGETLB)
		ret = -EINVAL;
	if (!ret)
		ret = mmap_file(&request, f.file, prot, flags);
	fd_put(f);
	return ret;
}

/* munmap(2). -EINVAL: not page aligned, empty, or not user space. */
long sys_munmap(vaddr_t addr, size_t bytes)
{
	struct mm_struct *mm = current->mm;
	long err;

	if (!page_aligned(addr) || !bytes || addr > USER_END ||
	    bytes > USER_END - addr)
		return -EINVAL;
	mutex_lock(&mm->lock);
	err = mm_unmap_locked(mm, addr, addr + page_align_up(bytes));
	mutex_unlock(&mm->lock);
	return err;
}
