/*
 * The out-of-memory killer.
 *
 * malloc promised more than there is, and the promise has come due. Rather than
 * stop, the kernel takes back the largest debt: badness is the pages that a
 * task's death frees, resident ones, swapped ones and page tables, as Linux
 * computes it (mm/oom_kill.c, oom_badness()).
 */
#include "oom.h"

#include "ledger.h"
#include "mm.h"
#include "printk.h"
#include "signal.h"
#include "swap.h"
#include "task.h"
#include "timer.h"

#define EXPLAIN_INTERVAL_NS (5 * NSEC_PER_SEC)
#define EXPLAIN_MAX 10

#define KIB_PER_PAGE (PAGE_SIZE >> 10)

uint64_t oom_kills; /* tasklist_lock */

static pid_t last_victim; /* tasklist_lock; 0: nobody who still has memory */

int64_t oom_badness(const struct task *task)
{
	const struct mm_struct *mm = task->mm;
	int adj = task->leader->oom_score_adj;

	if (!mm || adj == OOM_SCORE_ADJ_MIN)
		return OOM_NEVER;
	return (int64_t)(mm_rss(mm) + mm->swap_pages + mm->pgtable_frames) +
	       adj * (int64_t)((ledger.total + swap_total_pages()) /
			       OOM_SCORE_ADJ_MAX);
}

/* Whether @task is about to give its memory back already. */
static bool is_dying(const struct task *task)
{
	return task->pending.set & SIGNAL_BIT(SIGKILL);
}

/*
 * The task with the greatest badness; NULL when one is dying already. An mm that
 * vfork shares counts for the first of its tasks. When all are exempt, it is who
 * asked: Linux panics here, but one program is less than the machine.
 */
static struct task *pick_victim(void)
{
	struct task *task, *victim = current->mm ? current : NULL;
	int64_t worst = OOM_NEVER;

	assert_held(&tasklist_lock);
	list_for_each(task, &all_tasks, all_link) {
		if (!task->mm)
			continue;
		if (is_dying(task))
			return NULL;
		if (oom_badness(task) > worst) {
			worst = oom_badness(task);
			victim = task;
		}
	}
	return victim;
}

static void log_task(const struct task *task)
{
	const struct mm_struct *mm = task->mm;

	printk("[%7d] %5d %5d %8lu %8lu %8lu %8lu %9lu %14lu %8lu %13d %s\n",
	       task->pid, 0, task->tgid, mm->total_pages, mm_rss(mm),
	       mm->rss[RSS_ANON], mm->rss[RSS_FILE], mm->rss[RSS_SHMEM],
	       mm->pgtable_frames * PAGE_SIZE, mm->swap_pages,
	       task->leader->oom_score_adj, task->comm);
}

static void log_tasks(void)
{
	struct task *task;

	printk("%s invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, "
	       "oom_score_adj=%d\n",
	       current->comm, current->leader->oom_score_adj);
	printk("Tasks state (memory values in pages):\n");
	printk("[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file "
	       "rss_shmem pgtables_bytes swapents oom_score_adj name\n");
	list_for_each(task, &all_tasks, all_link)
		if (task->mm && task_is_leader(task))
			log_task(task);
}

/*
 * The table of all tasks is long when a fork bomb has filled it, and so is the
 * time that a console takes. As on Linux ten within five seconds are enough.
 */
static bool may_explain(void)
{
	static uint64_t start_ns;
	static unsigned int nr;

	if (!nr || ktime_ns() - start_ns > EXPLAIN_INTERVAL_NS) {
		start_ns = ktime_ns();
		nr = 0;
	}
	return nr++ < EXPLAIN_MAX;
}

static void log_choice(const struct task *task)
{
	printk("oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),"
	       "task=%s,pid=%d,uid=0\n", task->comm, task->pid);
}

static void log_victim(const struct task *task)
{
	const struct mm_struct *mm = task->mm;

	printk("Out of memory: Killed process %d (%s) total-vm:%lukB, "
	       "anon-rss:%lukB, file-rss:%lukB, shmem-rss:%lukB, "
	       "UID:0 pgtables:%lukB oom_score_adj:%d\n", task->pid, task->comm,
	       mm->total_pages * KIB_PER_PAGE,
	       mm->rss[RSS_ANON] * KIB_PER_PAGE,
	       mm->rss[RSS_FILE] * KIB_PER_PAGE,
	       mm->rss[RSS_SHMEM] * KIB_PER_PAGE,
	       mm->pgtable_frames * KIB_PER_PAGE, task->leader->oom_score_adj);
}

bool oom_wait_for_victim(void)
{
	const struct task *victim;
	bool wait;

	if (!last_victim)
		return false;
	mutex_lock(&tasklist_lock);
	victim = task_find_locked(last_victim);
	wait = victim && victim->mm && victim != current && is_dying(victim);
	if (!wait)
		last_victim = 0;
	mutex_unlock(&tasklist_lock);
	if (wait)
		schedule();
	return wait;
}

void oom_kill(void)
{
	struct task *victim;

	mutex_lock(&tasklist_lock);
	victim = pick_victim();
	if (victim) {
		if (may_explain()) {
			log_tasks();
			log_choice(victim);
		}
		log_victim(victim);
		signal_send(victim, SIGKILL);
		last_victim = victim->pid;
		oom_kills++;
	}
	mutex_unlock(&tasklist_lock);
	if (victim != current)
		schedule();
}
