#pragma once

#include <sys/types.h>
#include <uapi/signal.h>
#include <uapi/time.h>
#include <uapi/ucontext.h>

typedef int sig_atomic_t;
typedef void (*sighandler_t)(int);
typedef struct siginfo siginfo_t;
typedef struct sigaltstack stack_t;
typedef struct ucontext ucontext_t;

/* What sigaction() takes; the kernel's own layout is kernel_sigaction. */
struct sigaction {
	union {
		void (*sa_handler)(int);
		void (*sa_sigaction)(int, siginfo_t *, void *);
	};
	sigset_t sa_mask;
	int sa_flags;
	void (*sa_restorer)(void);
};

#define SIGRTMIN	32
#define SIGRTMAX	64
#define _NSIG		NSIG

sighandler_t signal(int sig, sighandler_t handler);
int sigaction(int sig, const struct sigaction *restrict act,
	      struct sigaction *restrict old);
int sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict old);
int sigpending(sigset_t *set);
int sigsuspend(const sigset_t *mask);
int sigwait(const sigset_t *restrict set, int *restrict sig);
int sigwaitinfo(const sigset_t *restrict set, siginfo_t *restrict info);
int sigtimedwait(const sigset_t *restrict set, siginfo_t *restrict info,
		 const struct timespec *restrict timeout);
int sigaltstack(const stack_t *restrict stack, stack_t *restrict old);
int sigqueue(pid_t pid, int sig, const union sigval value);
int raise(int sig);
int kill(pid_t pid, int sig);
int killpg(pid_t group, int sig);
int tgkill(pid_t tgid, pid_t tid, int sig);

int sigemptyset(sigset_t *set);
int sigfillset(sigset_t *set);
int sigaddset(sigset_t *set, int sig);
int sigdelset(sigset_t *set, int sig);
int sigismember(const sigset_t *set, int sig);

void psignal(int sig, const char *prefix);
