/*
 * The out-of-memory killer.
 *
 * malloc promised more than there is, and the promise has come due. Rather than
 * stop, the kernel takes back the largest debt: badness is the pages that a
 * task's death frees, resident ones and page tables, as Linux computes it
 * (mm/oom_kill.c, oom_badness()).
 */
#include "oom.h"

#include "mm.h"
#include "printk.h"
#include "signal.h"
#include "task.h"

#define KIB_PER_PAGE (PAGE_SIZE >> 10)

static uint64_t badness(const struct mm_struct *mm)
{
	return mm_rss(mm) + mm->pgtable_frames;
}

/* Whether @task is about to give its memory back already. */
static bool is_dying(const struct task *task)
{
	return task->sig_pending & SIGNAL_BIT(SIGKILL);
}

/*
 * The task with the greatest badness; NULL when one is dying already or nobody
 * has memory. An mm that vfork shares counts for the first of its tasks.
 */
static struct task *pick_victim(void)
{
	struct task *task, *victim = NULL;

	assert_held(&tasklist_lock);
	list_for_each(task, &all_tasks, all_link) {
		if (!task->mm)
			continue;
		if (is_dying(task))
			return NULL;
		if (!victim || badness(task->mm) > badness(victim->mm))
			victim = task;
	}
	return victim;
}

static void log_task(const struct task *task)
{
	const struct mm_struct *mm = task->mm;

	printk("[%7d] %5d %5d %8lu %8lu %8lu %8lu %9lu %14lu %8lu %13d %s\n",
	       task->pid, 0, task->tgid, mm->total_pages, mm_rss(mm),
	       mm->rss[RSS_ANON], mm->rss[RSS_FILE], 0UL,
	       mm->pgtable_frames * PAGE_SIZE, 0UL, 0, task->comm);
}

static void log_tasks(void)
{
	struct task *task;

	printk("%s invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, "
	       "oom_score_adj=0\n", current->comm);
	printk("Tasks state (memory values in pages):\n");
	printk("[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file "
	       "rss_shmem pgtables_bytes swapents oom_score_adj name\n");
	list_for_each(task, &all_tasks, all_link)
		if (task->mm)
			log_task(task);
}

static void log_victim(const struct task *task)
{
	const struct mm_struct *mm = task->mm;

	printk("oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),"
	       "task=%s,pid=%d,uid=0\n", task->comm, task->pid);
	printk("Out of memory: Killed process %d (%s) total-vm:%lukB, "
	       "anon-rss:%lukB, file-rss:%lukB, shmem-rss:0kB, UID:0 "
	       "pgtables:%lukB oom_score_adj:0\n", task->pid, task->comm,
	       mm->total_pages * KIB_PER_PAGE,
	       mm->rss[RSS_ANON] * KIB_PER_PAGE,
	       mm->rss[RSS_FILE] * KIB_PER_PAGE,
	       mm->pgtable_frames * KIB_PER_PAGE);
}

void oom_kill(void)
{
	struct task *victim;

	mutex_lock(&tasklist_lock);
	victim = pick_victim();
	if (victim) {
		log_tasks();
		log_victim(victim);
		signal_send(victim, SIGKILL);
	}
	mutex_unlock(&tasklist_lock);
	if (victim != current)
		schedule();
}
