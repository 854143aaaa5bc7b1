/*
 * The system calls mmap and munmap: check what a program asks for, then map.c.
 */
#include <uapi/errno.h>
#include <uapi/mman.h>

#include "fdtable.h"
#include "file.h"
#include "mm.h"
#include "pgtable.h"
#include "task.h"
#include "tmpfs.h"

_Static_assert(PROT_READ == VM_READ && PROT_WRITE == VM_WRITE &&
		       PROT_EXEC == VM_EXEC,
	       "prot bits are used as VM_ flags");

/*
 * Pages that are there already cost no fault. A failure ends it without an
 * error, as on Linux: the pages that are missing will fault when touched.
 */
void mm_populate(struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	mutex_lock(&mm->lock);
	for (vaddr_t addr = start; addr < end; addr += PAGE_SIZE) {
		const struct vma *vma = vma_find(&mm->vmas, addr);
		const pte_t *pte = pgtable_find(mm->pml4, addr);
		unsigned int access = ACCESS_READ;

		if (!vma || vma->start > addr)
			break;
		if (pte && !pte_none(*pte))
			continue;
		if ((vma->flags & (VM_WRITE | VM_SHARED)) == VM_WRITE)
			access = ACCESS_WRITE;
		if (mm_fault_locked(mm, addr, access))
			break;
	}
	mutex_unlock(&mm->lock);
}

/*
 * Whether @file may be mapped as asked. -ENODEV: such files cannot be. -EACCES:
 * it is not open for reading, or not for writing where a shared mapping would
 * write to it.
 */
static int check_file(const struct file *file, int prot,
		      struct map_request *request)
{
	if (!file_mappable(file))
		return -ENODEV;
	if (!file_readable(file))
		return -EACCES;
	if (!(request->flags & VM_SHARED) || file_writable(file))
		return 0;
	if (prot & PROT_WRITE)
		return -EACCES;
	request->flags |= VM_DENY_WRITE;
	return 0;
}

static unsigned int vm_flags_of(int prot, int flags)
{
	unsigned int vm = (unsigned int)prot & VM_ACCESS;

	if (flags & MAP_NORESERVE)
		vm |= VM_NORESERVE;
	if (flags & MAP_GROWSDOWN)
		vm |= VM_GROWSDOWN;
	if ((flags & MAP_TYPE) != MAP_PRIVATE)
		vm |= VM_SHARED;
	return vm;
}

static long do_mmap(struct map_request *request, int flags)
{
	struct mm_struct *mm = current->mm;
	int64_t addr;

	mutex_lock(&mm->lock);
	addr = mm_map_locked(mm, request);
	mutex_unlock(&mm->lock);
	if (addr >= 0 && flags & MAP_POPULATE)
		mm_populate(mm, (vaddr_t)addr, (vaddr_t)addr + request->bytes);
	return addr;
}

/* Shared anonymous memory is a shared mapping of a file without a name. */
static long mmap_shared_anonymous(struct map_request *request, int flags)
{
	long ret = tmpfs_open_unnamed("dev/zero", (loff_t)request->bytes,
				      &request->file);

	if (ret)
		return ret;
	ret = do_mmap(request, flags);
	file_put(request->file); /* the VMA has its own reference */
	return ret;
}

static long mmap_file(struct map_request *request, int prot, int flags, int fd)
{
	struct fd f = fd_get(fd);
	long ret = -EBADF;

	if (!f.file)
		return ret;
	ret = check_file(f.file, prot, request);
	if (!ret) {
		request->file = f.file;
		ret = do_mmap(request, flags);
	}
	fd_put(f);
	return ret;
}

/*
 * mmap(2). -EINVAL: empty, an offset within a page, no or an unknown type.
 * -EBADF, -EACCES, -ENODEV: the file. -EOVERFLOW: its pages cannot be numbered.
 * The rest as mm_map_locked().
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
		.file_page = (uint64_t)offset >> PAGE_SHIFT,
	};
	int type = flags & MAP_TYPE;

	if ((uint64_t)offset & (PAGE_SIZE - 1) || !bytes)
		return -EINVAL;
	if (type != MAP_PRIVATE && type != MAP_SHARED &&
	    type != MAP_SHARED_VALIDATE)
		return -EINVAL;
	if (!request.bytes)
		return -ENOMEM; /* rounding up wrapped around */
	if (!(flags & MAP_ANONYMOUS)) {
		if (request.file_page + (request.bytes >> PAGE_SHIFT) >
		    (uint64_t)1 << (63 - PAGE_SHIFT))
			return -EOVERFLOW;
		return mmap_file(&request, prot, flags, fd);
	}
	request.file_page = 0;
	if (request.flags & VM_SHARED)
		return mmap_shared_anonymous(&request, flags);
	return do_mmap(&request, flags);
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
