/*
 * Copies what ps shows out of struct task and struct mm_struct.
 */
#include "snapshot.h"

#include "kmalloc.h"
#include "ledger.h"
#include "mm.h"
#include "pgtable.h"
#include "string.h"
#include "task.h"
#include "timer.h"

/*
 * Copy up to @bytes from @addr of an address space that need not be the running
 * one. Returns how many could be copied: what was never touched is not there.
 */
static size_t peek_locked(struct mm_struct *mm, vaddr_t addr, char *to,
			  size_t bytes)
{
	size_t done = 0;

	assert_held(&mm->lock);
	while (done < bytes) {
		size_t offset = (addr + done) & (PAGE_SIZE - 1);
		size_t n = PAGE_SIZE - offset;
		pte_t pte = mm_peek_locked(mm, addr + done);

		if (!pte_present(pte))
			break;
		if (n > bytes - done)
			n = bytes - done;
		memcpy(to + done,
		       (char *)phys_to_virt(pte_pfn(pte) << PAGE_SHIFT) +
			       offset,
		       n);
		done += n;
	}
	return done;
}

/* The argument strings lie one behind the other; ps shows them with blanks. */
static void read_args_locked(struct mm_struct *mm, char *args)
{
	size_t n = mm->arg_end - mm->arg_start;

	if (n > PS_ARGS_BYTES)
		n = PS_ARGS_BYTES;
	n = peek_locked(mm, mm->arg_start, args, n);
	if (!n)
		return;
	args[n - 1] = '\0';
	for (size_t i = 0; i < n - 1; i++)
		if (args[i] == '\0')
			args[i] = ' ';
}

static void fill_memory(struct ps_task *row, struct mm_struct *mm)
{
	const uint64_t page_kib = PAGE_SIZE / 1024;

	mutex_lock(&mm->lock);
	row->rss_kib = mm_rss(mm) * page_kib;
	row->vsz_kib = mm->total_pages * page_kib;
	row->text_kib = (page_align_up(mm->end_code) -
			 page_align_down(mm->start_code)) / 1024;
	read_args_locked(mm, row->args);
	mutex_unlock(&mm->lock);
}

static void fill_locked(struct ps_task *row, struct task *task)
{
	struct mm_struct *mm = task_mm_get_locked(task);
	struct task_usage used = usage_of_process_locked(task);
	uint64_t now = ktime_ns();

	row->pid = task->tgid;
	row->ppid = task->parent ? task->parent->tgid : 0;
	row->pgid = task->pgid;
	row->sid = task->sid;
	row->state = task_state_letter(task);
	row->kernel_only = task->in_kernel_only;
	row->leader = task->sid == task->pid;
	memcpy(row->comm, task->comm, PS_COMM_BYTES);
	row->minflt = used.minflt;
	row->majflt = used.majflt;
	row->time_ns = used.utime_ns + used.stime_ns;
	row->elapsed_ns = now - task->start_ns;
	row->started_s = (ktime_real_ns() - row->elapsed_ns) / NSEC_PER_SEC;
	row->total_kib = ledger.total * (PAGE_SIZE / 1024);
	if (mm) {
		fill_memory(row, mm);
		mm_put(mm);
	}
}

struct ps_task *snapshot_tasks(size_t *nr)
{
	struct ps_task *rows;
	struct task *task;
	size_t capacity;

	*nr = 0;
	mutex_lock(&tasklist_lock);
	capacity = task_count();
	rows = kzalloc(capacity * sizeof(*rows));
	if (!rows)
		goto out_unlock;
	list_for_each(task, &all_tasks, all_link) {
		if (task_is_leader(task) && *nr < capacity)
			fill_locked(&rows[(*nr)++], task);
	}
out_unlock:
	mutex_unlock(&tasklist_lock);
	return rows;
}
