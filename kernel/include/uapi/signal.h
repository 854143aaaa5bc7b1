#pragma once

/* Signals: numbers, dispositions, and what a handler is told. */

#define SIGHUP		1
#define SIGINT		2
#define SIGQUIT		3
#define SIGILL		4
#define SIGTRAP		5
#define SIGABRT		6
#define SIGIOT		SIGABRT
#define SIGBUS		7
#define SIGFPE		8
#define SIGKILL		9
#define SIGUSR1		10
#define SIGSEGV		11
#define SIGUSR2		12
#define SIGPIPE		13
#define SIGALRM		14
#define SIGTERM		15
#define SIGSTKFLT	16
#define SIGCHLD		17
#define SIGCONT		18
#define SIGSTOP		19
#define SIGTSTP		20
#define SIGTTIN		21
#define SIGTTOU		22
#define SIGURG		23
#define SIGXCPU		24
#define SIGXFSZ		25
#define SIGVTALRM	26
#define SIGPROF		27
#define SIGWINCH	28
#define SIGIO		29
#define SIGPOLL		SIGIO
#define SIGPWR		30
#define SIGSYS		31
#define NSIG		65	/* signals are 1 to 64 */

/* A set of signals: bit n - 1 is signal n. Its size goes with each rt_ call. */
typedef unsigned long sigset_t;

#define SIG_BLOCK	0	/* rt_sigprocmask() */
#define SIG_UNBLOCK	1
#define SIG_SETMASK	2

#define SA_NOCLDSTOP	0x00000001UL
#define SA_NOCLDWAIT	0x00000002UL
#define SA_SIGINFO	0x00000004UL
#define SA_RESTORER	0x04000000UL	/* sa_restorer is set: always, on x86-64 */
#define SA_ONSTACK	0x08000000UL
#define SA_RESTART	0x10000000UL
#define SA_NODEFER	0x40000000UL
#define SA_NOMASK	SA_NODEFER
#define SA_RESETHAND	0x80000000UL
#define SA_ONESHOT	SA_RESETHAND

/* Dispositions that are no address of a handler. */
#define SIG_DFL		((void (*)(int))0)
#define SIG_IGN		((void (*)(int))1)
#define SIG_ERR		((void (*)(int))-1)

/*
 * What rt_sigaction(2) takes. The handler is called with the signal alone, or,
 * under SA_SIGINFO, with (int, struct siginfo *, struct ucontext *). It
 * returns to the restorer, which must do nothing but rt_sigreturn(2).
 */
struct kernel_sigaction {
	void (*handler)(int);
	unsigned long flags;
	void (*restorer)(void);
	sigset_t mask;
};

union sigval {
	int sival_int;
	void *sival_ptr;
};

/* Which members hold something depends on si_signo and si_code. */
struct siginfo {
	int si_signo;
	int si_errno;
	int si_code;
	int __pad0;
	union {
		int __pad[28];
		struct {			/* SIGSEGV, SIGBUS, SIGILL, ... */
			void *si_addr;
			short si_addr_lsb;
		};
		struct {			/* SIGPOLL */
			long si_band;
			int si_fd;
		};
		struct {			/* SIGSYS */
			void *si_call_addr;
			int si_syscall;
			unsigned int si_arch;
		};
		struct {
			union {
				struct {	/* kill(), SIGCHLD: who it was */
					int si_pid;
					unsigned int si_uid;
				};
				struct {	/* timers */
					int si_timerid;
					int si_overrun;
				};
			};
			union {
				union sigval si_value;	/* sigqueue() */
				struct {	/* SIGCHLD */
					int si_status;
					long si_utime;
					long si_stime;
				};
			};
		};
	};
};

_Static_assert(sizeof(struct siginfo) == 128, "siginfo_t as in Linux");
_Static_assert(__builtin_offsetof(struct siginfo, si_addr) == 16, "si_addr");
_Static_assert(__builtin_offsetof(struct siginfo, si_status) == 24, "status");

#define si_int	si_value.sival_int
#define si_ptr	si_value.sival_ptr

/* si_code: zero or below came from a process, above from the kernel. */
#define SI_USER		0
#define SI_KERNEL	0x80
#define SI_QUEUE	(-1)
#define SI_TIMER	(-2)
#define SI_MESGQ	(-3)
#define SI_ASYNCIO	(-4)
#define SI_SIGIO	(-5)
#define SI_TKILL	(-6)

#define ILL_ILLOPC	1	/* SIGILL */
#define ILL_ILLOPN	2
#define ILL_ILLADR	3
#define ILL_ILLTRP	4
#define ILL_PRVOPC	5

#define FPE_INTDIV	1	/* SIGFPE */
#define FPE_INTOVF	2
#define FPE_FLTDIV	3
#define FPE_FLTOVF	4
#define FPE_FLTUND	5
#define FPE_FLTRES	6
#define FPE_FLTINV	7

#define SEGV_MAPERR	1	/* SIGSEGV: nothing is mapped there */
#define SEGV_ACCERR	2	/* the mapping forbids the access */

#define BUS_ADRALN	1	/* SIGBUS */
#define BUS_ADRERR	2	/* a mapped page behind the end of its file */
#define BUS_OBJERR	3

#define TRAP_BRKPT	1	/* SIGTRAP */
#define TRAP_TRACE	2

#define CLD_EXITED	1	/* SIGCHLD */
#define CLD_KILLED	2
#define CLD_DUMPED	3
#define CLD_TRAPPED	4
#define CLD_STOPPED	5
#define CLD_CONTINUED	6

/* sigaltstack(2) */
struct sigaltstack {
	void *ss_sp;
	int ss_flags;
	unsigned long ss_size;
};

#define SS_ONSTACK	1
#define SS_DISABLE	2
#define SS_AUTODISARM	(1U << 31)
#define MINSIGSTKSZ	2048
#define SIGSTKSZ	8192
