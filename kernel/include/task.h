/*
 * struct task: a thread of execution.
 *
 * Tasks may share an mm, open files, the working directory and signal handlers;
 * each of those is counted. A task has a kernel stack of its own with an
 * unmapped guard page below it.
 *
 *	task_alloc()        nobody knows it yet
 *	task_publish()      in the lists, a child of its parent
 *	sched_wake()        may run
 *	task_exit()         gives its memory back, becomes a zombie
 *	task_wait()         the parent takes its status; only now the pid is free
 *	task_put()          the last reference frees the struct
 */
#pragma once

#include <uapi/resource.h>

#include "itimer.h"
#include "kstack.h"
#include "list.h"
#include "lock.h"
#include "sched.h"
#include "signal.h"
#include "types.h"

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

	pid_t pid, tgid;            /* constant */
	pid_t pgid, sid;            /* tasklist_lock */
	int exit_signal;            /* constant: what the parent gets at exit */
	char comm[TASK_COMM_BYTES]; /* written by the task itself */

	struct task *parent;        /* tasklist_lock */
	struct list_node children;  /* tasklist_lock: linked by sibling */
	struct list_node sibling;   /* tasklist_lock */
	struct list_node all_link;  /* tasklist_lock: every task, by pid */
	struct task *pid_next;      /* tasklist_lock: chain of the pid table */
	struct wait_queue child_exit; /* a child changed state */
	int exit_status;            /* as wait4 reports it; set by exit */
	int stop_status;            /* tasklist_lock: wait4's, 0: nothing new */
	bool vforking;              /* tasklist_lock: the parent sleeps till exec */

	struct files *files;        /* changed by the task itself */
	struct fs_context *fs;      /* likewise */

	struct spinlock sig_lock;
	struct sighand *sighand;    /* sig_lock; NULL: signals are dropped */
	uint64_t sig_blocked;       /* sig_lock; bit n-1: signal n */
	uint64_t sig_pending;       /* sig_lock */
	uint64_t sig_waiting;       /* sig_lock: rt_sigtimedwait wants these */
	struct list_node sig_queue; /* sig_lock: struct sig_record, oldest first */
	uint32_t nr_sig_queued;     /* sig_lock */
	bool stopped;               /* sig_lock: until SIGCONT or SIGKILL */

	/* Changed by the task itself. */
	bool sig_restore;           /* sig_saved is to be the blocked set again */
	uint64_t sig_saved;
	struct sigaltstack altstack; /* ss_size 0: none */
	struct fault_info fault;    /* what force_signal() was told */
	struct trap_info trap;      /* the last exception, for signal handlers */
	struct itimers itimers;     /* itimer_lock; see itimer.c */
	struct restart restart;     /* how restart_syscall(2) goes on */

	uint64_t minflt, majflt;    /* written by this task only */
	uint64_t cminflt, cmajflt;  /* tasklist_lock: of waited-for children */
	uint64_t utime_ns, stime_ns; /* written by the tick */
	uint64_t cutime_ns, cstime_ns; /* tasklist_lock */
	uint64_t nvcsw, nivcsw;     /* run_queue.lock */
	uint64_t cnvcsw, cnivcsw;   /* tasklist_lock */
	uint64_t max_rss_pages;     /* of mms it has left behind */
	uint64_t child_max_rss_pages; /* tasklist_lock */
	uint64_t start_ns;          /* constant: ktime_ns() at creation */
	struct rlimit rlimits[RLIM_NLIMITS];
	uint32_t personality;       /* changed by the task itself */
	int oom_score_adj;          /* atomic: see oom.h */
	vaddr_t clear_child_tid;    /* user word to clear at exit, or 0 */
	vaddr_t set_child_tid;      /* user word to fill at start, or 0 */

	_Alignas(16) uint8_t fpu[512]; /* fxsave image, while not running */
};

/* The running task. Implemented in arch_inline.h: one load through GS. */
#define current (current_task())

/* The running task's soft limit of @resource (RLIMIT_*). */
#define task_rlimit(resource) (current->rlimits[resource].rlim_cur)

/* The thread that booted: current from the first instruction of C on. */
extern struct task boot_task;

/* All tasks but the boot task, ascending by pid; tasklist_lock guards it. */
extern struct list_node all_tasks;
extern struct mutex tasklist_lock;

/* ---- task.c ---- */

/* Finish the boot thread's own struct: it becomes task 0 (idle). */
void task_init(void);

/*
 * A new task with a pid, a kernel stack and two references, the tree's and the
 * scheduler's; it inherits nothing but limits and ids of the running task.
 * NULL: no memory or no pid.
 */
struct task *task_alloc(const char *comm);

/* Undo task_alloc(); the task was never published. */
void task_free_unpublished(struct task *task);

/* Make @task a child of the running task that others can find. */
void task_publish(struct task *task);

/* Take a zombie out of the tree and give back its pid. */
void task_unpublish_locked(struct task *task);

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

/* End the running task; @status as wait4 reports it (exit code << 8, or signal). */
_Noreturn void task_exit(int status);

/* Exec and exit: give up the running task's address space, if it has one. */
void task_leave_mm(void);

/* Tell the parent that the running task stopped or goes on: @status for wait4. */
void task_report_stop(int status);

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

/* What @task has used, what its waited-for children have, or the sum. */
void usage_self(const struct task *task, struct rusage *usage);
void usage_children(const struct task *task, struct rusage *usage);
void usage_both(const struct task *task, struct rusage *usage);

/* Enter a zombie in its parent's totals; tasklist_lock is held. */
void usage_reap_locked(struct task *parent, const struct task *child);
