/*
 * The life of a struct task: creation, the tree of tasks, names, the end.
 */
#include "task.h"

#include "arch_task.h"
#include "bitmap.h"
#include "cred.h"
#include "kmalloc.h"
#include "mm.h"
#include "panic.h"
#include "string.h"
#include "timer.h"
#include "uaccess.h"

#define PID_BUCKETS 256

struct task boot_task = {
	.refs = 1,
	.in_kernel_only = 1,
	.state = TASK_RUNNING,
	.comm = "idle",
	.leader = &boot_task,
	.thread_link = { &boot_task.threads, &boot_task.threads },
	.threads = { &boot_task.thread_link, &boot_task.thread_link },
	.nr_running = 1,
	.children = { &boot_task.children, &boot_task.children },
	.run_link = { &boot_task.run_link, &boot_task.run_link },
	.itimers.link = { &boot_task.itimers.link, &boot_task.itimers.link },
	.sleep_link = { &boot_task.sleep_link, &boot_task.sleep_link },
	.child_exit = WAIT_QUEUE_INIT(boot_task.child_exit),
};

struct list_node all_tasks = { &all_tasks, &all_tasks };
struct mutex tasklist_lock = MUTEX_INIT(tasklist_lock, RANK_TASKLIST);

static struct task *pid_table[PID_BUCKETS];       /* tasklist_lock */
static size_t nr_tasks;                           /* tasklist_lock */
static uint64_t pid_map[BITMAP_WORDS(PID_MAX)];   /* pid_lock */
static size_t last_pid;                           /* pid_lock */
static struct spinlock pid_lock = SPINLOCK_INIT(RANK_TABLE);

/* ---- process ids ---- */

/*
 * The next free pid above the last one, so that a pid is not soon given to
 * another process. 0: all are taken. Bit 0 is the idle task's.
 */
static pid_t pid_alloc(void)
{
	unsigned long irq = spin_lock_irqsave(&pid_lock);
	size_t pid = bitmap_find_clear(pid_map, PID_MAX, last_pid + 1);

	if (pid == PID_MAX)
		pid = bitmap_find_clear(pid_map, PID_MAX, 1);
	if (pid == PID_MAX) {
		pid = 0;
	} else {
		bitmap_set(pid_map, pid);
		last_pid = pid;
	}
	spin_unlock_irqrestore(&pid_lock, irq);
	return (pid_t)pid;
}

static void pid_free(pid_t pid)
{
	unsigned long irq = spin_lock_irqsave(&pid_lock);

	bitmap_clear(pid_map, (size_t)pid);
	spin_unlock_irqrestore(&pid_lock, irq);
}

/* ---- creation and destruction ---- */

void task_init(void)
{
	boot_task.limits = limits_default();
	boot_task.cred = cred_get(&root_cred);
	boot_task.parent = &boot_task;
}

static void inherit(struct task *task, const struct task *from)
{
	struct task *leader = from->leader;

	task->parent = leader;
	task->pgid = leader->pgid;
	task->sid = leader->sid;
	task->limits = limits_get(leader->limits);
	task->cred = cred_get(from->cred);
	task->oom_score_adj = leader->oom_score_adj;
	task->sig_blocked = from->sig_blocked;
	task->personality = from->personality;
	task->no_new_privs = from->no_new_privs;
	task->nice = from->nice;
	task->policy = from->policy;
}

/* A process of its own, with one thread; clone() may decide otherwise. */
static void make_leader(struct task *task)
{
	task->leader = task;
	task->tgid = task->pid;
	task->nr_running = 1;
	list_init(&task->threads);
	list_push_back(&task->threads, &task->thread_link);
}

struct task *task_alloc(const char *comm, size_t kstack_pages)
{
	struct task *task = kzalloc(sizeof(*task));

	if (!task)
		return NULL;
	task->pid = pid_alloc();
	if (!task->pid)
		goto out_free;
	task->kstack_top = kstack_alloc(kstack_pages);
	if (!task->kstack_top)
		goto out_pid;

	task->refs = 2;
	task->state = TASK_NEW;
	task->exit_signal = SIGCHLD;
	task->start_ns = ktime_ns();
	strlcpy(task->comm, comm, sizeof(task->comm));
	list_init(&task->run_link);
	list_init(&task->sleep_link);
	list_init(&task->children);
	list_init(&task->sibling);
	list_init(&task->pending.queue);
	list_init(&task->shared.queue);
	list_init(&task->itimers.link);
	wait_queue_init(&task->child_exit);
	make_leader(task);
	inherit(task, current);
	return task;

out_pid:
	pid_free(task->pid);
out_free:
	kfree(task);
	return NULL;
}

void task_free_unpublished(struct task *task)
{
	kstack_free(task->kstack_top);
	pid_free(task->pid);
	limits_put(task->limits);
	cred_put(task->cred);
	kfree(task);
}

void task_put(struct task *task)
{
	if (__atomic_sub_fetch(&task->refs, 1, __ATOMIC_ACQ_REL))
		return;
	limits_put(task->limits);
	cred_put(task->cred);
	kfree(task);
}

/* ---- the tree ---- */

static struct task **pid_bucket(pid_t pid)
{
	return &pid_table[(size_t)pid % PID_BUCKETS];
}

/* Pids mostly grow, so the search from the end is short. */
static void all_tasks_insert_locked(struct task *task)
{
	struct list_node *before = all_tasks.prev;

	while (before != &all_tasks &&
	       list_entry(before, struct task, all_link)->pid > task->pid)
		before = before->prev;
	list_insert_after(before, &task->all_link);
}

static void enter_pid_locked(struct task *task)
{
	struct task **bucket = pid_bucket(task->pid);

	task->pid_next = *bucket;
	*bucket = task;
	all_tasks_insert_locked(task);
}

static void leave_pid_locked(struct task *task)
{
	struct task **link = pid_bucket(task->pid);

	while (*link != task)
		link = &(*link)->pid_next;
	*link = task->pid_next;
	list_remove(&task->all_link);
}

void task_publish(struct task *task)
{
	mutex_lock(&tasklist_lock);
	enter_pid_locked(task);
	if (task_is_leader(task))
		list_push_back(&task->parent->children, &task->sibling);
	else
		thread_group_enter_locked(task);
	nr_tasks++;
	mutex_unlock(&tasklist_lock);
}

void task_unpublish_locked(struct task *task)
{
	assert_held(&tasklist_lock);
	leave_pid_locked(task);
	list_remove(&task->sibling);
	nr_tasks--;
	pid_free(task->pid);
}

void task_swap_pids_locked(struct task *a, struct task *b)
{
	pid_t pid = a->pid;

	assert_held(&tasklist_lock);
	leave_pid_locked(a);
	leave_pid_locked(b);
	a->pid = b->pid;
	b->pid = pid;
	enter_pid_locked(a);
	enter_pid_locked(b);
}

struct task *task_find_locked(pid_t pid)
{
	struct task *task;

	assert_held(&tasklist_lock);
	if (pid <= 0)
		return NULL;
	task = *pid_bucket(pid);
	while (task && task->pid != pid)
		task = task->pid_next;
	return task;
}

/*
 * No sleep lies between reading the pointer and counting the reference, and a
 * task leaves its mm only while it runs itself: with one CPU that is enough.
 */
struct mm_struct *task_mm_get_locked(struct task *task)
{
	struct mm_struct *mm;

	assert_held(&tasklist_lock);
	mm = task->mm;
	if (mm)
		mm_get(mm);
	return mm;
}

pid_t task_last_pid(void)
{
	return (pid_t)__atomic_load_n(&last_pid, __ATOMIC_RELAXED);
}

size_t task_count(void)
{
	return nr_tasks;
}

/* ---- names ---- */

char task_state_letter(const struct task *task)
{
	switch (task->state) {
	case TASK_SLEEPING:
		return 'S';
	case TASK_BLOCKED:
		return 'D';
	case TASK_STOPPED:
		return 'T';
	case TASK_ZOMBIE:
		return 'Z';
	case TASK_NEW:
	case TASK_RUNNING:
		break;
	}
	return 'R';
}

void task_set_comm(struct task *task, const char *path)
{
	const char *slash = strrchr(path, '/');

	strlcpy(task->comm, slash ? slash + 1 : path, sizeof(task->comm));
}

/* ---- kernel threads ---- */

struct task *kthread_create(const char *name, void (*fn)(void *), void *arg)
{
	struct task *task = task_alloc(name, KSTACK_THREAD_PAGES);

	if (!task)
		return NULL;
	task->in_kernel_only = 1;
	task->pgid = task->sid = task->pid;
	arch_task_init(task, fn, arg);
	task_publish(task);
	sched_wake(task);
	return task;
}

/* ---- on the way to user mode ---- */

/* clone() asked for the child's id in the child's own memory. */
static void store_tid(void)
{
	pid_t tid = current->pid;

	__atomic_fetch_and(&current->work, ~TASK_SET_TID, __ATOMIC_RELAXED);
	/* A bad address is the program's loss, as on Linux. */
	copy_to_user(current->set_child_tid, &tid, sizeof(tid));
}

void task_work(struct trap_frame *frame)
{
	uint32_t work;

	while ((work = __atomic_load_n(&current->work, __ATOMIC_RELAXED))) {
		sti();
		if (work & TASK_SET_TID)
			store_tid();
		if (work & TASK_NEED_RESCHED)
			schedule();
		if (work & TASK_SIGPENDING)
			signal_deliver(frame);
		cli();
	}
}
