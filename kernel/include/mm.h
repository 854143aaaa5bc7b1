/*
 * mm_struct: one address space.
 *
 *	vma tree   what is promised   (mmap.c, brk.c edit it)
 *	tables     what is there      (fault.c fills them)
 *	counters   what it cost
 */
#pragma once

#include "arch.h"
#include "frame.h"
#include "list.h"
#include "lock.h"
#include "top_table.h"
#include "types.h"
#include "vma.h"

struct file;
struct trap_frame;

enum rss_kind { RSS_ANON, RSS_FILE, RSS_SHMEM, NR_RSS_KINDS };

struct mm_struct {
	uint32_t refs;      /* atomic; the last mm_put() destroys the mm */
	bool no_large_pages; /* lock: prctl(PR_SET_THP_DISABLE) */
	bool dumpable;       /* atomic: prctl(PR_SET_DUMPABLE) */
	struct mutex lock;  /* rank 2; sleeps, so never from an interrupt */
	struct list_node all_link; /* mm_list_lock: every mm there is */
	vaddr_t scan_addr;  /* lock: where reclaim goes on */

	struct vma_tree vmas;       /* lock */
	vaddr_t mmap_base;          /* top of the mmap area; set by exec */
	vaddr_t start_code, end_code, start_data, end_data; /* set by exec */
	vaddr_t start_brk;          /* set by exec */
	vaddr_t brk;                /* lock: exact byte; its VMA ends above */
	vaddr_t start_stack;        /* set by exec: initial stack pointer */
	vaddr_t arg_start, arg_end, env_start, env_end; /* set by exec */

	uint64_t rss[NR_RSS_KINDS]; /* lock: mapped frames, zero frame excluded */
	uint64_t swap_pages;        /* lock: entries that name a swap slot */
	uint64_t max_rss;           /* lock: high-water mark of their sum */
	uint64_t total_pages;       /* lock: pages of all VMAs */
	uint64_t data_pages;        /* lock: of private writable ones */
	uint64_t stack_pages;       /* lock: of those that grow down */
	uint64_t max_total_pages;   /* lock: its high-water mark */
	uint64_t locked_pages;      /* lock: of those that mlock keeps */
	uint64_t committed_pages;   /* lock: of those with VM_ACCOUNT */
	unsigned int def_flags;     /* lock: VM_* of new VMAs: mlockall */
	struct top_table top;       /* lock: leads to the page tables */
	uint64_t pgtable_frames;    /* lock: of page tables */
	struct frame *spare_tables; /* lock: one per large page, by owner */
	uint64_t minflt, majflt;    /* lock: of all tasks that used this mm */
};

/* Largest number of VMAs of one address space: /proc/sys/vm, atomic. */
extern int max_map_count;

/* An empty address space with one reference, or NULL. */
struct mm_struct *mm_create(void);

/* fork: a copy of @mm whose private pages are copy-on-write. NULL: no memory. */
struct mm_struct *mm_fork(struct mm_struct *mm);

static inline void mm_get(struct mm_struct *mm)
{
	__atomic_fetch_add(&mm->refs, 1, __ATOMIC_RELAXED);
}

/* Drop a reference; the last one unmaps everything and frees the mm. */
void mm_put(struct mm_struct *mm);

/*
 * All address spaces, for whoever visits them one after the other: the one at the
 * head of the list, or the one behind @mm, with a reference. NULL: there is none.
 */
struct mm_struct *mm_first(void);
struct mm_struct *mm_next(struct mm_struct *mm);

/* How many there are. */
size_t mm_count(void);

/* Put @mm at the end of that list. */
void mm_move_to_end(struct mm_struct *mm);

/*
 * Load the page tables of @mm, or the kernel's own for NULL. The scheduler does
 * so at each switch; exec and exit before they put the old mm. Cheap when they
 * are loaded already.
 */
void mm_switch(struct mm_struct *mm);

/* Whether this CPU has the tables of @mm loaded, so that changes need a flush. */
bool mm_is_loaded(const struct mm_struct *mm);

static inline uint64_t mm_rss(const struct mm_struct *mm)
{
	return mm->rss[RSS_ANON] + mm->rss[RSS_FILE] + mm->rss[RSS_SHMEM];
}

/*
 * What a mapped @frame counts as. Files of tmpfs are shared memory, programs of
 * the root file system too, as on a Linux whose root is one.
 */
static inline enum rss_kind rss_kind_of(const struct frame *frame)
{
	if (frame_is_anon(frame))
		return RSS_ANON;
	return frame->purpose == FRAME_FILE ? RSS_SHMEM : RSS_FILE;
}

static inline void mm_count_rss(struct mm_struct *mm, enum rss_kind kind,
				int64_t delta)
{
	mm->rss[kind] += (uint64_t)delta;
	if (mm_rss(mm) > mm->max_rss)
		mm->max_rss = mm_rss(mm);
}

/* ---- map.c, mprotect.c, mmap.c ---- */

/* What mm_map() is asked for; mmap(2), exec and brk fill it. */
struct map_request {
	vaddr_t addr;        /* a hint, or the place if @fixed */
	size_t bytes;        /* page aligned, not 0 */
	unsigned int flags;  /* VM_* */
	bool fixed;          /* exactly at addr; what is there goes away */
	bool no_replace;     /* with fixed: -EEXIST if anything is there */
	bool low;            /* not fixed: below 2 GiB */
	struct file *file;   /* NULL: anonymous; mm_map() takes its own reference */
	uint64_t file_page;
	uint64_t moved_pages; /* mremap takes so many back elsewhere, at once */
};

/*
 * Where mm_map_locked() would put it, or its first errors: -EINVAL, -ENOMEM (no
 * gap), -EPERM, -EEXIST. Caller holds mm->lock.
 */
int64_t mm_place_locked(struct mm_struct *mm,
			const struct map_request *request);

/*
 * Map a region. Returns its address, or -ENOMEM (no gap, RLIMIT_AS, too many
 * VMAs, no memory), -EEXIST (@no_replace), -EINVAL, -EPERM (below
 * MMAP_MIN_ADDR). On failure nothing has changed. Caller holds mm->lock.
 */
int64_t mm_map_locked(struct mm_struct *mm, const struct map_request *request);

/* Unmap [start, end), page aligned; holes are allowed. 0 or -ENOMEM. */
int mm_unmap_locked(struct mm_struct *mm, vaddr_t start, vaddr_t end);

/*
 * Change the rights of [start, end). 0, -ENOMEM (a hole, a limit, or no memory)
 * or -EACCES.
 */
int mm_protect_locked(struct mm_struct *mm, vaddr_t start, vaddr_t end,
		      unsigned int prot);

long sys_mmap(vaddr_t addr, size_t bytes, int prot, int flags, int fd,
	      loff_t offset);
long sys_munmap(vaddr_t addr, size_t bytes);
long sys_mprotect(vaddr_t addr, size_t bytes, int prot);

/* ---- populate.c ---- */

/*
 * Fault in the pages of [start, end), for writing where they are private and
 * writable; holes are passed over. Takes mm->lock. It ends at the first page
 * that cannot be had: -EFAULT, -EACCES, -ENXIO or -ENOMEM as mm_fault(), or
 * -EINTR when the task is to die. Callers that only meant to be helpful ignore
 * that: what is missing will fault when touched.
 */
int mm_populate(struct mm_struct *mm, vaddr_t start, vaddr_t end);

/*
 * The same for what mlock keeps and nothing else, as well as it can be done: a
 * VMA in which a page cannot be had does not hinder the next.
 */
void mm_populate_mlocked(struct mm_struct *mm, vaddr_t start, vaddr_t end);

/*
 * The part of @vma in [start, end), for a caller that holds mm->lock; nothing if
 * mlock has it fill touch by touch. Errors as mm_populate().
 */
int mm_populate_vma_locked(struct mm_struct *mm, const struct vma *vma,
			   vaddr_t start, vaddr_t end);

/*
 * Make every page of [start, end) usable for @access, which each VMA must
 * allow: MADV_POPULATE_READ and _WRITE. Takes mm->lock. 0, or at the first page
 * where it is impossible -ENOMEM (a hole, or no memory), -EACCES, -ENXIO, or
 * -EINTR when the task is to die.
 */
int mm_populate_access(struct mm_struct *mm, vaddr_t start, vaddr_t end,
		       unsigned int access);

/* ---- mincore.c, mlock.c, msync.c ---- */
long sys_mincore(vaddr_t addr, size_t bytes, vaddr_t vector);
long sys_mlock(vaddr_t addr, size_t bytes);
long sys_mlock2(vaddr_t addr, size_t bytes, int flags);
long sys_munlock(vaddr_t addr, size_t bytes);
long sys_mlockall(int flags);
long sys_munlockall(void);
long sys_msync(vaddr_t addr, size_t bytes, int flags);

/* ---- madvise.c, mremap.c ---- */
long sys_madvise(vaddr_t addr, size_t bytes, int advice);
long sys_mremap(vaddr_t old_addr, size_t old_bytes, size_t new_bytes, int flags,
		vaddr_t new_addr);

/* ---- shm.c ---- */
long sys_shmget(int key, size_t bytes, int flags);
long sys_shmat(int id, vaddr_t addr, int flags);
long sys_shmdt(vaddr_t addr);
long sys_shmctl(int id, int cmd, vaddr_t ds);

/* ---- brk.c ---- */
long sys_brk(vaddr_t new_brk);

/* ---- fault.c ---- */

/*
 * Make the page at @addr usable for @access, or say why it cannot be.
 *
 * Called from the page-fault trap for a user-mode access or for a kernel access
 * through uaccess. Takes mm->lock and may sleep. 0: retry the instruction.
 * -EFAULT: no VMA here. -EACCES: the VMA forbids it. -ENXIO: the file ends
 * before this page. -EIO: the disk could not read it. -ENOMEM: no frame left;
 * nothing was changed: reclaim_frames(), and then oom_kill(), may find one.
 */
int mm_fault(struct mm_struct *mm, vaddr_t addr, unsigned int access);

/* The same for a caller that holds mm->lock. */
int mm_fault_locked(struct mm_struct *mm, vaddr_t addr, unsigned int access);

/*
 * Replace the swap entry at @pte, which is the page @addr of @vma, by the page,
 * without the right to write. *@from_disk: it was read. 0, -ENOMEM or -EIO. Caller
 * holds mm->lock.
 */
int mm_swap_in_locked(struct mm_struct *mm, const struct vma *vma, pte_t *pte,
		      bool *from_disk);

/*
 * The entry of the page at @addr for who looks at an address space that need not
 * be the running one: a page that was swapped out is brought back. Not present:
 * there is none. Caller holds mm->lock.
 */
pte_t mm_peek_locked(struct mm_struct *mm, vaddr_t addr);

/* Kinds of resolved faults, counted system-wide; the order of `faults`. */
enum fault_kind {
	FAULT_ANON_ZERO,  /* first touch was a read: the shared zero frame */
	FAULT_ANON_WRITE, /* first touch was a write: a fresh zeroed frame */
	FAULT_ZERO_WRITE, /* write to a page that showed the zero frame */
	FAULT_COW_COPY,   /* write to a shared frame: copied */
	FAULT_COW_REUSE,  /* the last sharer keeps its frame */
	FAULT_STACK_GROW, /* the stack's VMA grew; counted beside the page */
	FAULT_FILE_READ,  /* a page of a file, mapped from the cache */
	FAULT_FILE_COPY,  /* a private page of a file, written: copied */
	FAULT_LARGE_ZERO, /* as the first two, with a page of 2 MiB */
	FAULT_LARGE_WRITE,
	FAULT_SWAP_IN,    /* a page came back from swap, or from its cache */
	FAULT_SPURIOUS,   /* the page was fine by the time we looked */
	NR_FAULT_KINDS,
};

/* System-wide; written under the mm->lock of the faulting mm. */
struct fault_stats {
	uint64_t kind[NR_FAULT_KINDS];
	uint64_t minor, major; /* as Linux counts: minor + major == resolved */
	uint64_t rejected;     /* ended in a signal or in -EFAULT */
};

extern struct fault_stats fault_stats;

/* The name of @kind for people, such as "anon-zero". */
const char *fault_kind_name(enum fault_kind kind);

/* Take the shared zero frame; once, after frame_init(). */
void fault_init(void);

/* The one frame of zeros that read faults map; never counted in rss. */
extern struct frame *zero_frame;
