/*
 * /proc/PID/stat, statm and status: a process in numbers.
 *
 * Every function here is called with tasklist_lock held, so the task stays. Its
 * mm may go when the task exits, so it is used through a reference.
 */
#include "proc_stat.h"

#include <uapi/resource.h>
#include <uapi/time.h>

#include "arch.h"
#include "cred.h"
#include "fdtable.h"
#include "mm.h"
#include "proc_text.h"
#include "task.h"
#include "timer.h"
#include "vfs.h"

#define KIB_PER_PAGE (PAGE_SIZE / 1024)

/* The sizes of an address space, all at one moment; zeros without one. */
struct mm_sizes {
	uint64_t total, max_total, rss, max_rss, anon, file, shmem; /* pages */
	uint64_t data, stack, text, tables, locked, swapped; /* pages */
	bool large_pages; /* not ruled out by prctl */
	vaddr_t start_code, end_code, start_data, end_data, start_brk;
	vaddr_t start_stack, arg_start, arg_end, env_start, env_end;
};

static void read_sizes(struct mm_sizes *sizes, struct mm_struct *mm)
{
	mutex_lock(&mm->lock);
	*sizes = (struct mm_sizes){
		.total = mm->total_pages,
		.max_total = mm->max_total_pages,
		.rss = mm_rss(mm),
		.max_rss = mm->max_rss,
		.anon = mm->rss[RSS_ANON],
		.file = mm->rss[RSS_FILE],
		.shmem = mm->rss[RSS_SHMEM],
		.data = mm->data_pages,
		.stack = mm->stack_pages,
		.text = (page_align_up(mm->end_code) -
			 page_align_down(mm->start_code)) >> PAGE_SHIFT,
		.tables = mm->pgtable_frames,
		.locked = mm->locked_pages,
		.large_pages = !mm->no_large_pages,
		.swapped = mm->swap_pages,
		.start_code = mm->start_code,
		.end_code = mm->end_code,
		.start_data = mm->start_data,
		.end_data = mm->end_data,
		.start_brk = mm->start_brk,
		.start_stack = mm->start_stack,
		.arg_start = mm->arg_start,
		.arg_end = mm->arg_end,
		.env_start = mm->env_start,
		.env_end = mm->env_end,
	};
	mutex_unlock(&mm->lock);
}

/* Whether there is an address space; @sizes is filled in any case. */
static bool get_sizes(struct mm_sizes *sizes, struct task *task)
{
	struct mm_struct *mm = task_mm_get_locked(task);

	*sizes = (struct mm_sizes){ .total = 0 };
	if (!mm)
		return false;
	read_sizes(sizes, mm);
	mm_put(mm);
	return true;
}

/* Those that are there to be seen: also a leader that has ended. */
static unsigned int count_threads(const struct task *task)
{
	const struct task *thread;
	unsigned int nr = 0;

	list_for_each(thread, &task->leader->threads, thread_link)
		nr++;
	return nr;
}

/* ---- signals ---- */

struct signal_sets {
	uint64_t own, shared, pending; /* pending: both together */
	uint64_t blocked, ignored, caught;
};

static void get_signals(struct signal_sets *sets, struct task *task)
{
	unsigned long irq_state = spin_lock_irqsave(&sig_lock);

	*sets = (struct signal_sets){ .own = task->pending.set,
				      .shared = task->leader->shared.set,
				      .pending = signal_pending_set(task),
				      .blocked = task->sig_blocked };
	for (int sig = 1; sig < NSIG && task->sighand; sig++) {
		void (*handler)(int) =
			sighand_action(task->sighand, sig)->handler;

		if (handler == SIG_IGN)
			sets->ignored |= SIGNAL_BIT(sig);
		else if (handler != SIG_DFL)
			sets->caught |= SIGNAL_BIT(sig);
	}
	spin_unlock_irqrestore(&sig_lock, irq_state);
}

/* ---- stat ---- */

static uint64_t user_ticks(uint64_t ns)
{
	return ns / (NSEC_PER_SEC / USER_HZ);
}

/* Fields 1 to 22: who it is, and what it used; a leader stands for all. */
static void put_stat_task(struct proc_text *text, const struct task *task)
{
	const struct task *leader = task->leader;
	const struct task_usage *reaped = &leader->reaped;
	struct task_usage used = task_is_leader(task)
					 ? usage_of_process_locked(task)
					 : usage_of_thread(task);

	proc_printf(text, "%d (%s) %c %d %d %d 0 -1 0 ", task->pid,
		    task->comm, task_state_letter(task),
		    leader->parent ? leader->parent->tgid : 0, leader->pgid,
		    leader->sid);
	proc_printf(text, "%lu %lu %lu %lu %lu %lu %lu %lu ", used.minflt,
		    reaped->minflt, used.majflt, reaped->majflt,
		    user_ticks(used.utime_ns), user_ticks(used.stime_ns),
		    user_ticks(reaped->utime_ns),
		    user_ticks(reaped->stime_ns));
	proc_printf(text, "%d %d %u 0 %lu ", 20 + task->nice,
		    task->nice, count_threads(task),
		    user_ticks(task->start_ns));
}

/* Fields 23 to 52: its memory and its signals. */
static void put_stat_memory(struct proc_text *text, struct task *task)
{
	struct signal_sets sets;
	struct mm_sizes mm;

	get_sizes(&mm, task);
	get_signals(&sets, task);
	proc_printf(text, "%lu %lu %lu %lu %lu %lu 0 0 ",
		    mm.total << PAGE_SHIFT, mm.rss,
		    task->leader->limits->limit[RLIMIT_RSS].rlim_cur,
		    mm.start_code,
		    mm.end_code, mm.start_stack);
	proc_printf(text, "%lu %lu %lu %lu 0 0 0 %d 0 0 %d 0 0 0 ",
		    sets.pending & INT32_MAX, sets.blocked & INT32_MAX,
		    sets.ignored & INT32_MAX, sets.caught & INT32_MAX,
		    task_is_leader(task) ? task->exit_signal : -1,
		    task->policy);
	proc_printf(text, "%lu %lu %lu %lu %lu %lu %lu %d\n", mm.start_data,
		    mm.end_data, mm.start_brk, mm.arg_start, mm.arg_end,
		    mm.env_start, mm.env_end, task->leader->exit_status);
}

void proc_format_stat(struct proc_text *text, struct task *task)
{
	put_stat_task(text, task);
	put_stat_memory(text, task);
}

void proc_format_statm(struct proc_text *text, struct task *task)
{
	struct mm_sizes mm;

	get_sizes(&mm, task);
	proc_printf(text, "%lu %lu %lu %lu 0 %lu 0\n", mm.total, mm.rss,
		    mm.file + mm.shmem, mm.text, mm.data + mm.stack);
}

/* ---- status ---- */

static const char *state_name(char letter)
{
	switch (letter) {
	case 'R':
		return "running";
	case 'S':
		return "sleeping";
	case 'D':
		return "disk sleep";
	case 'T':
		return "stopped";
	default:
		return "zombie";
	}
}

/* In octal, which the kernel's printf does not have. */
static void put_umask(struct proc_text *text, uint32_t umask)
{
	proc_printf(text, "Umask:\t%u%u%u%u\n", umask >> 9 & 7,
		    umask >> 6 & 7, umask >> 3 & 7, umask & 7);
}

static void put_ids(struct proc_text *text, const char *label,
		    const struct ids *ids)
{
	proc_printf(text, "%s:\t%u\t%u\t%u\t%u\n", label, ids->real,
		    ids->effective, ids->saved, ids->fs);
}

static void put_groups(struct proc_text *text, const struct cred *cred)
{
	proc_printf(text, "Groups:\t");
	for (uint32_t i = 0; i < cred->nr_groups; i++)
		proc_printf(text, "%u ", cred->groups[i]);
	proc_printf(text, cred->nr_groups ? "\n" : " \n");
}

static void put_identity(struct proc_text *text, const struct task *task)
{
	char letter = task_state_letter(task);

	proc_printf(text, "Name:\t%s\n", task->comm);
	if (task->fs)
		put_umask(text, task->fs->umask);
	proc_printf(text, "State:\t%c (%s)\n", letter, state_name(letter));
	proc_printf(text, "Tgid:\t%d\nNgid:\t0\nPid:\t%d\nPPid:\t%d\n",
		    task->tgid, task->pid,
		    task->leader->parent ? task->leader->parent->tgid : 0);
	proc_printf(text, "TracerPid:\t0\n");
	put_ids(text, "Uid", &task->cred->user);
	put_ids(text, "Gid", &task->cred->group);
	proc_printf(text, "FDSize:\t%u\n",
		    task->files ? task->files->capacity : 0);
	put_groups(text, task->cred);
	proc_printf(text, "NStgid:\t%d\nNSpid:\t%d\nNSpgid:\t%d\nNSsid:\t%d\n",
		    task->tgid, task->pid, task->leader->pgid, task->leader->sid);
}

static void vm_line(struct proc_text *text, const char *label, uint64_t pages)
{
	proc_printf(text, "%s:\t%8lu kB\n", label, pages * KIB_PER_PAGE);
}

/* VmRSS == RssAnon + RssFile + RssShmem. */
static void put_memory(struct proc_text *text, const struct mm_sizes *mm)
{
	vm_line(text, "VmPeak", mm->max_total);
	vm_line(text, "VmSize", mm->total);
	vm_line(text, "VmLck", mm->locked);
	vm_line(text, "VmPin", 0);
	vm_line(text, "VmHWM", mm->max_rss);
	vm_line(text, "VmRSS", mm->rss);
	vm_line(text, "RssAnon", mm->anon);
	vm_line(text, "RssFile", mm->file);
	vm_line(text, "RssShmem", mm->shmem);
	vm_line(text, "VmData", mm->data);
	vm_line(text, "VmStk", mm->stack);
	vm_line(text, "VmExe", mm->text);
	vm_line(text, "VmLib", 0);
	vm_line(text, "VmPTE", mm->tables);
	vm_line(text, "VmSwap", mm->swapped);
	vm_line(text, "HugetlbPages", 0);
	proc_printf(text, "CoreDumping:\t0\nTHP_enabled:\t%d\n",
		    mm->large_pages);
}

static void put_signals(struct proc_text *text, struct task *task)
{
	struct signal_sets sets;

	get_signals(&sets, task);
	proc_printf(text, "SigQ:\t%u/%lu\n", task->leader->nr_sig_queued,
		    task->leader->limits->limit[RLIMIT_SIGPENDING].rlim_cur);
	proc_printf(text, "SigPnd:\t%016lx\nShdPnd:\t%016lx\n", sets.own,
		    sets.shared);
	proc_printf(text, "SigBlk:\t%016lx\nSigIgn:\t%016lx\nSigCgt:\t%016lx\n",
		    sets.blocked, sets.ignored, sets.caught);
}

/* What it may do; it runs on the one CPU there is. */
static void put_rights(struct proc_text *text, const struct task *task)
{
	const struct cred *cred = task->cred;

	proc_printf(text, "CapInh:\t%016lx\nCapPrm:\t%016lx\nCapEff:\t%016lx\n",
		    cred->inheritable, cred->permitted, cred->effective);
	proc_printf(text, "CapBnd:\t%016lx\nCapAmb:\t%016lx\n", CAPS_ALL, 0UL);
	proc_printf(text, "NoNewPrivs:\t%d\n", task->no_new_privs);
	proc_printf(text, "Seccomp:\t0\n"
			  "Cpus_allowed:\t1\nCpus_allowed_list:\t0\n"
			  "Mems_allowed:\t1\nMems_allowed_list:\t0\n");
}

void proc_format_status(struct proc_text *text, struct task *task)
{
	struct mm_sizes mm;

	put_identity(text, task);
	if (get_sizes(&mm, task))
		put_memory(text, &mm);
	proc_printf(text, "Threads:\t%u\n", count_threads(task));
	put_signals(text, task);
	put_rights(text, task);
	proc_printf(text,
		    "voluntary_ctxt_switches:\t%lu\n"
		    "nonvoluntary_ctxt_switches:\t%lu\n",
		    task->nvcsw, task->nivcsw);
}
