/*
 * /proc/PID/smaps: for each VMA its line of maps, and what its pages are.
 * smaps_rollup: the sums over all of them.
 */
#include "proc_smaps.h"

#include <uapi/errno.h>

#include "kmalloc.h"
#include "mm.h"
#include "proc_maps.h"
#include "proc_text.h"
#include "thp.h"
#include "vma_usage.h"

static void kib_line(struct proc_text *text, const char *label, uint64_t bytes)
{
	proc_printf(text, "%-16s%8lu kB\n", label, bytes >> 10);
}

static void put_pss(struct proc_text *text, const struct vma_usage *usage)
{
	kib_line(text, "Rss:", usage->rss);
	kib_line(text, "Pss:", usage->pss >> PSS_SHIFT);
	kib_line(text, "Pss_Dirty:", usage->pss_dirty >> PSS_SHIFT);
}

/* The lines that smaps and the rollup share, but the first three. */
static void put_usage(struct proc_text *text, const struct vma_usage *usage)
{
	kib_line(text, "Shared_Clean:", usage->shared_clean);
	kib_line(text, "Shared_Dirty:", usage->shared_dirty);
	kib_line(text, "Private_Clean:", usage->private_clean);
	kib_line(text, "Private_Dirty:", usage->private_dirty);
	kib_line(text, "Referenced:", usage->referenced);
	kib_line(text, "Anonymous:", usage->anonymous);
	kib_line(text, "KSM:", 0);
	kib_line(text, "LazyFree:", usage->lazy_free);
	kib_line(text, "AnonHugePages:", usage->large);
	kib_line(text, "ShmemPmdMapped:", 0);
	kib_line(text, "FilePmdMapped:", 0);
	kib_line(text, "Shared_Hugetlb:", 0);
	kib_line(text, "Private_Hugetlb:", 0);
	kib_line(text, "Swap:", usage->swap);
	kib_line(text, "SwapPss:", usage->swap_pss >> PSS_SHIFT);
	kib_line(text, "Locked:", usage->pss_locked >> PSS_SHIFT);
}

/*
 * Linux's two letters for each flag, in the order of its bits. A shared mapping
 * of a file that may not be written has lost sh and mw there: only ms tells.
 */
static void put_flags(struct proc_text *text, unsigned int flags)
{
	const struct {
		unsigned int present;
		const char *letters;
	} names[] = {
		{ flags & VM_READ, "rd" },
		{ flags & VM_WRITE, "wr" },
		{ flags & VM_EXEC, "ex" },
		{ flags & VM_SHARED && !(flags & VM_DENY_WRITE), "sh" },
		{ true, "mr" },
		{ !(flags & VM_DENY_WRITE), "mw" },
		{ true, "me" },
		{ flags & VM_SHARED, "ms" },
		{ flags & VM_GROWSDOWN, "gd" },
		{ flags & VM_LOCKED, "lo" },
		{ flags & VM_SEQ_READ, "sr" },
		{ flags & VM_RAND_READ, "rr" },
		{ flags & VM_DONTFORK, "dc" },
		{ flags & VM_LOCKONFAULT, "lf" },
		{ flags & VM_ACCOUNT, "ac" },
		{ flags & VM_NORESERVE, "nr" },
		{ flags & VM_WIPEONFORK, "wf" },
		{ flags & VM_DONTDUMP, "dd" },
		{ flags & VM_HUGEPAGE, "hg" },
		{ flags & VM_NOHUGEPAGE, "nh" },
	};

	proc_printf(text, "VmFlags: ");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].present)
			proc_printf(text, "%s ", names[i].letters);
	proc_append(text, "\n", 1);
}

static void put_vma(struct proc_text *text, struct mm_struct *mm,
		    const struct vma *vma, char *line)
{
	struct vma_usage usage = { 0 };

	vma_usage_add(&usage, mm, vma);
	proc_append(text, line, proc_maps_line(line, vma));
	kib_line(text, "Size:", vma->end - vma->start);
	kib_line(text, "KernelPageSize:", PAGE_SIZE);
	kib_line(text, "MMUPageSize:", PAGE_SIZE);
	put_pss(text, &usage);
	put_usage(text, &usage);
	proc_printf(text, "%-16s%8u\n", "THPeligible:",
		    thp_is_eligible(mm, vma));
	put_flags(text, vma->flags);
}

void proc_put_smaps(struct proc_text *text, struct mm_struct *mm)
{
	char *line = kmalloc(MAPS_LINE_BYTES);

	if (!line) {
		text->err = -ENOMEM;
		return;
	}
	mutex_lock(&mm->lock);
	for (const struct vma *vma = mm->vmas.first; vma; vma = vma->next)
		put_vma(text, mm, vma, line);
	mutex_unlock(&mm->lock);
	kfree(line);
}

static void put_rollup_line(struct proc_text *text, vaddr_t start, vaddr_t end)
{
	size_t at = text->bytes;

	proc_printf(text, "%08lx-%08lx ---p 00000000 00:00 0 ", start, end);
	at = text->bytes - at;
	proc_printf(text, "%*s[rollup]\n", (int)(MAPS_NAME_COLUMN - at), "");
}

void proc_put_smaps_rollup(struct proc_text *text, struct mm_struct *mm)
{
	struct vma_usage usage = { 0 };
	vaddr_t start = 0, end = 0;

	mutex_lock(&mm->lock);
	for (const struct vma *vma = mm->vmas.first; vma; vma = vma->next)
		vma_usage_add(&usage, mm, vma);
	if (mm->vmas.first) {
		start = mm->vmas.first->start;
		end = mm->vmas.last->end;
	}
	mutex_unlock(&mm->lock);
	put_rollup_line(text, start, end);
	put_pss(text, &usage);
	kib_line(text, "Pss_Anon:", usage.pss_kind[RSS_ANON] >> PSS_SHIFT);
	kib_line(text, "Pss_File:", usage.pss_kind[RSS_FILE] >> PSS_SHIFT);
	kib_line(text, "Pss_Shmem:",
		 usage.pss_kind[RSS_SHMEM] >> PSS_SHIFT);
	put_usage(text, &usage);
}
