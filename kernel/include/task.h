/*
 * struct task: a thread of execution.
 *
 * Tasks may share an mm, open files, the working directory and signal handlers;
 * each of those is counted. A task has a kernel stack of its own with an
 * unmapped guard page below it.
 *
 * A process is a leader and the threads that it and they have made: what belongs
 * to the process as a whole is kept in the leader, which stays, as a zombie if
 * need be, until the last of them has ended. See thread_group.c.
 *
 *	leader, pid 7  <--leader--  thread, pid 8
 *	  threads ->(7)->(8)        tgid 7
 *	  children, limits, timers, signals sent to the process, ...
 *
 *	task_alloc()        nobody knows it yet
 *	task_publish()      in the lists, a child of its parent
 *	sched_wake()        may run
 *	task_exit()         gives its memory back, becomes a zombie
 *	task_wait()         the parent takes its status; only now the pid is free
 *	task_put()          the last reference frees the struct
 */
#pragma once

#include "itimer.h"
#include "kstack.h"
#include "limits.h"
#include "list.h"
#include "lock.h"
#include "sched.h"
#include "signal.h"
#include "types.h"

struct cred;
struct file;
struct files;
struct fs_context;
struct mm_struct;
struct trap_frame;

#define TASK_COMM_BYTES 16 /* 15 characters and the NUL, as Linux */
#define PID_MAX 32768      /* pids are 1 to PID_MAX - 1 */
#define PID_INIT 1         /* the kernel shell, parent of orphans */

/* Bits, so that a wake-up can say which of them it ends. */
enum task_state {
	TASK_RUNNING = 0x01,  /* R: running or on the run queue */
	TASK_SLEEPING = 0x02, /* S: waits for an event, a signal wakes it */
	TASK_BLOCKED = 0x04,  /* D: waits for an event that will come */
	TASK_STOPPED = 0x08,  /* T: by SIGSTOP and its like */
	TASK_NEW = 0x10,      /* not started yet */
	TASK_ZOMBIE = 0x20,   /* Z: exited, not yet waited for */
};

/* Work to do before the next return to user mode; tested as one word. */
#define TASK_NEED_RESCHED 0x1u
#define TASK_SIGPENDING 0x2u
#define TASK_SET_TID 0x4u /* a new child: fill the word at set_child_tid */

/* What threads use up, in sums of several. */
struct task_usage {
	uint64_t minflt, majflt;
	uint64_t utime_ns, stime_ns;
	uint64_t nvcsw, nivcsw;
};

struct task {
	/* Offsets of the first fields are known to entry.asm: see task.inc. */
	uint64_t kernel_sp;    /* saved stack pointer while not running */
	vaddr_t kstack_top;    /* constant: loaded at entry from user mode */
	uint32_t work;         /* atomic: TASK_NEED_RESCHED, TASK_SIGPENDING */
	uint32_t in_kernel_only; /* a kernel thread: has no mm, no user mode */
	uint64_t fs_base;      /* user's thread pointer; also while running */
	struct mm_struct *mm;  /* NULL for kernel threads and zombies */

	uint32_t refs;         /* atomic: the tree's, the scheduler's, others */
	enum task_state state; /* run_queue.lock, or the task itself */
	bool on_cpu;           /* run_queue.lock: its stack is in use */
	unsigned int slice;    /* ticks left; the running CPU's */
	struct list_node run_link;   /* run_queue.lock */
	struct list_node sleep_link; /* run_queue.lock: sleepers, by wake_ns */
	uint64_t wake_ns;            /* run_queue.lock */

	pid_t pid;                  /* tasklist_lock; constant but for exec */
	pid_t tgid;                 /* constant: the leader's pid */
	char comm[TASK_COMM_BYTES]; /* written by the task itself */
	struct list_node all_link;  /* tasklist_lock: every task, by pid */
	struct task *pid_next;      /* tasklist_lock: chain of the pid table */
	bool vforking;              /* tasklist_lock: the parent sleeps till exec */

	struct task *leader;        /* tasklist_lock and sig_lock; itself, or not */
	struct list_node thread_link; /* tasklist_lock and sig_lock */

	/* The leader's, for the process. Those of other threads are not used. */
	struct list_node threads;   /* tasklist_lock and sig_lock: thread_link */
	size_t nr_running;          /* tasklist_lock: threads that have not ended */
	size_t nr_stopped;          /* tasklist_lock: those that sleep in a stop */
	struct task *parent;        /* tasklist_lock: a leader */
	struct list_node children;  /* tasklist_lock: leaders, by sibling */
	struct list_node sibling;   /* tasklist_lock */
	pid_t pgid, sid;            /* tasklist_lock */
	int exit_signal;            /* tasklist_lock: for the parent, at the end */
	struct wait_queue child_exit; /* a child changed state */
	int exit_status;            /* sig_lock: as wait4 reports it */
	bool exiting;               /* sig_lock: all threads are to end so */
	struct task *execing;       /* sig_lock: the thread that will remain */
	int stop_status;            /* atomic: wait4's, 0: nothing new */
	bool stopped;               /* sig_lock: until SIGCONT or SIGKILL */
	int stop_signal;            /* sig_lock: what stopped it */
	bool continued;             /* sig_lock: the parent is to hear of SIGCONT */
	struct sig_pending shared;  /* sig_lock: sent to the process */
	uint32_t nr_sig_queued;     /* sig_lock: records of all its threads */
	struct itimers itimers;     /* itimer_lock; see itimer.c */
	struct task_usage ended;    /* tasklist_lock: of threads that have ended */
	struct task_usage reaped;   /* tasklist_lock: of waited-for children */
	uint64_t child_max_rss_pages; /* tasklist_lock */
	struct limits *limits;      /* tasklist_lock to change; see limits.h */
	int oom_score_adj;          /* atomic: see oom.h */
	unsigned int nr_oom_retries; /* changed by the task itself */
	bool subreaper;             /* atomic: orphans below it become its own */

	struct cred *cred;          /* tasklist_lock; changed by the task itself */
	struct files *files;        /* changed by the task itself */
	struct fs_context *fs;      /* likewise */

	struct sighand *sighand;    /* sig_lock; NULL: signals are dropped */
	uint64_t sig_blocked;       /* sig_lock; bit n-1: signal n */
	uint64_t sig_waiting;       /* sig_lock: rt_sigtimedwait wants these */
	struct sig_pending pending; /* sig_lock: sent to this thread */

	/* Changed by the task itself. */
	bool sig_restore;           /* sig_saved is to be the blocked set again */
	uint64_t sig_saved;
	struct sigaltstack altstack; /* ss_size 0: none */
	struct fault_info fault;    /* what force_signal() was told */
	struct trap_info trap;      /* the last exception, for signal handlers */
	struct restart restart;     /* how restart_syscall(2) goes on */

	uint64_t minflt, majflt;    /* written by this task only */
	uint64_t utime_ns, stime_ns; /* written by the tick */
	uint64_t nvcsw, nivcsw;     /* run_queue.lock */
	uint64_t max_rss_pages;     /* of mms it has left behind */
	uint64_t start_ns;          /* constant: ktime_ns() at creation */
	uint32_t personality;       /* changed by the task itself */
	bool no_new_privs;          /* changed by the task itself; for good */
	int death_signal;           /* by itself: what it gets as an orphan */
	int nice;                   /* atomic: -20 to 19, the lower the more */
	int policy;                 /* atomic: SCHED_* */
	vaddr_t clear_child_tid;    /* user word to clear at exit, or 0 */
	vaddr_t set_child_tid;      /* user word to fill at start, or 0 */
	vaddr_t robust_list;        /* set_robust_list(2), or 0 */

#ifdef DEBUG
	uint32_t mutex_ranks;       /* the task itself: see lock_order.c */
#endif
	_Alignas(16) uint8_t fpu[512]; /* fxsave image, while not running */
};

/* The running task. Implemented in arch_inline.h: one load through GS. */
#define current (current_task())

/* The running task's soft limit of @resource (RLIMIT_*). */
#define task_rlimit(resource) (current->leader->limits->limit[resource].rlim_cur)

/* The thread that booted: current from the first instruction of C on. */
extern struct task boot_task;

/* All tasks but the boot task, ascending by pid; tasklist_lock guards it. */
extern struct list_node all_tasks;
extern struct mutex tasklist_lock;

/* ---- task.c ---- */

/* Finish the boot thread's own struct: it becomes task 0 (idle). */
void task_init(void);

/* Whether @task stands for a process, and is not one of its further threads. */
static inline bool task_is_leader(const struct task *task)
{
	return task->leader == task;
}

/*
 * A new process with a pid, a kernel stack of @kstack_pages (kstack.h) and two
 * references, the tree's and the scheduler's; it inherits nothing but limits and
 * ids of the running task. NULL: no memory or no pid.
 */
struct task *task_alloc(const char *comm, size_t kstack_pages);

/* Undo task_alloc(); the task was never published. */
void task_free_unpublished(struct task *task);

/*
 * Let others find @task: as a child of its parent, or, if its leader is another
 * task, as a thread of that.
 */
void task_publish(struct task *task);

/* Take a zombie out of the tree and give back its pid. */
void task_unpublish_locked(struct task *task);

/* Exchange the pids of two tasks, and with them what they are found by. */
void task_swap_pids_locked(struct task *a, struct task *b);

static inline void task_get(struct task *task)
{
	__atomic_fetch_add(&task->refs, 1, __ATOMIC_RELAXED);
}

void task_put(struct task *task);

/* The task with @pid, or NULL. Caller holds tasklist_lock. */
struct task *task_find_locked(pid_t pid);

/*
 * The address space of @task with a reference, for mm_put(), or NULL: a kernel
 * task or a zombie has none. tasklist_lock is held, so @task exists.
 */
struct mm_struct *task_mm_get_locked(struct task *task);

/* The letter of ps for a task's state. */
char task_state_letter(const struct task *task);

/* Name @task after the last part of @path, cut to what fits. */
void task_set_comm(struct task *task, const char *path);

/* Tasks that exist, zombies included. */
size_t task_count(void);

/* The pid that was given to somebody last. */
pid_t task_last_pid(void);

/* Start a kernel thread that runs @fn(@arg). Its task, or NULL. */
struct task *kthread_create(const char *name, void (*fn)(void *), void *arg);

/* Called on the way to user mode, interrupts off, when current->work is not 0. */
void task_work(struct trap_frame *frame);

/* ---- fork.c ---- */

struct clone_args {
	uint64_t flags;         /* CLONE_*; the low byte is the exit signal */
	vaddr_t stack;          /* user stack of the child; 0: the parent's */
	vaddr_t parent_tid;     /* with CLONE_PARENT_SETTID */
	vaddr_t child_tid;      /* with CLONE_CHILD_SETTID, CLONE_CHILD_CLEARTID */
	vaddr_t tls;            /* with CLONE_SETTLS */
};

/* fork(2), vfork(2), clone(2). The child's pid, or -EINVAL, -EAGAIN, -ENOMEM. */
pid_t task_clone(const struct clone_args *args);

/* The child of vfork() needs its parent's memory no more. */
void vfork_release(void);
void vfork_release_locked(void);

/* Take apart a task that was never published; what it does not have is NULL. */
void task_discard(struct task *task);

/* ---- spawn.c ---- */

/*
 * Start a program as a child of the running (kernel) task: what the shell does.
 * @argv and @envp end with NULL. @stdio are its stdin, stdout and stderr, of
 * which it takes references; NULL, as a whole or for one, is /dev/console. It
 * leads a process group of its own and starts in the caller's directory. The
 * pid, or -ENOENT, -ENOEXEC, -EACCES, -E2BIG, -ENOMEM, -EAGAIN.
 */
pid_t task_spawn(const char *path, const char *const argv[],
		 const char *const envp[], struct file *const stdio[3]);

/* ---- exit.c ---- */

/*
 * End the running task's process, all threads of it; @status as wait4 reports it
 * (exit code << 8, or signal).
 */
_Noreturn void task_exit(int status);

/* End the running thread; the process ends with its last one. */
_Noreturn void thread_exit(int status);

/* Exec and exit: give up the running task's address space, if it has one. */
void task_leave_mm(void);

/*
 * SIGCHLD for the parent: the process of @leader stopped or goes on, @status as
 * wait4 reports it.
 */
void task_report_stop_locked(struct task *leader, int status);

/* If every thread of @leader has stopped by now, that is news for the parent. */
void task_check_stop_locked(struct task *leader);

/* ---- thread_group.c ---- */

/*
 * All threads of the running process are to end, with @status unless another
 * one has been decided on before. The caller goes on, to end itself.
 */
void thread_group_exit(int status);

/* The running thread ends: it leaves its group. True: it was the last one. */
bool thread_group_leave_locked(void);

/*
 * exec: end the other threads and wait until they have; the caller is then the
 * leader, with the pid of the process. 0, or -EAGAIN: another thread was faster,
 * or the process is to end.
 */
int thread_group_become_single(void);

/* Put a new thread, whose leader is set, into its group. */
void thread_group_enter_locked(struct task *thread);

/* ---- wait.c ---- */

/*
 * wait4 for kernel and user callers: reap a child. @pid as in wait4(2); @status and
 * @usage may be NULL (kernel pointers). The pid, 0 (WNOHANG, none ready), -ECHILD,
 * -ERESTARTSYS or -EINVAL.
 */
pid_t task_wait(pid_t pid, int *status, int options, struct rusage *usage);

/* waitid(2): which children; what became of one. */
struct wait_request {
	int type; /* P_ALL, P_PID, P_PGID */
	pid_t id;
	int options;
	pid_t pid;            /* out: the child, 0 with WNOHANG: none */
	struct siginfo info;  /* out */
	int status;           /* out: as wait4 reports it */
	struct rusage *usage; /* out; may be NULL */
};

/* 0, -ECHILD or -ERESTARTSYS. With WNOWAIT the news stays news. */
int task_wait_request(struct wait_request *request);

/* What SIGCHLD and waitid tell of @child with @status, which is wait4's. */
void wait_fill_info(struct siginfo *info, const struct task *child, int status);

/* ---- usage.c ---- */

/* What one thread has used. */
struct task_usage usage_of_thread(const struct task *task);
void usage_thread(const struct task *task, struct rusage *usage);

void usage_add(struct task_usage *sum, const struct task_usage *more);

/*
 * What a process has used, its waited-for children, or both; @leader stands for
 * it. Caller holds tasklist_lock.
 */
struct task_usage usage_of_process_locked(const struct task *leader);
void usage_self_locked(const struct task *leader, struct rusage *usage);
void usage_children_locked(const struct task *leader, struct rusage *usage);
void usage_both_locked(const struct task *leader, struct rusage *usage);

/* Enter a zombie in its parent's totals. */
void usage_reap_locked(struct task *parent, const struct task *child);
