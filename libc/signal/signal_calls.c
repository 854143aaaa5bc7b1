/* Sending signals, blocking them, waiting for them. */
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int kill(pid_t pid, int sig)
{
	return (int)syscall(SYS_kill, pid, sig);
}

int killpg(pid_t group, int sig)
{
	if (group < 0) {
		errno = EINVAL;
		return -1;
	}
	return kill(-group, sig);
}

int tgkill(pid_t tgid, pid_t tid, int sig)
{
	return (int)syscall(SYS_tgkill, tgid, tid, sig);
}

int raise(int sig)
{
	return tgkill(getpid(), gettid(), sig);
}

int sigqueue(pid_t pid, int sig, const union sigval value)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	info.si_signo = sig;
	info.si_code = SI_QUEUE;
	info.si_pid = getpid();
	info.si_uid = getuid();
	info.si_value = value;
	return (int)syscall(SYS_rt_sigqueueinfo, pid, sig, &info);
}

int sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
	return (int)syscall(SYS_rt_sigprocmask, how, set, old,
			    sizeof(sigset_t));
}

int sigpending(sigset_t *set)
{
	return (int)syscall(SYS_rt_sigpending, set, sizeof(sigset_t));
}

int sigsuspend(const sigset_t *mask)
{
	return (int)syscall(SYS_rt_sigsuspend, mask, sizeof(sigset_t));
}

int sigtimedwait(const sigset_t *restrict set, siginfo_t *restrict info,
		 const struct timespec *restrict timeout)
{
	return (int)syscall(SYS_rt_sigtimedwait, set, info, timeout,
			    sizeof(sigset_t));
}

int sigwaitinfo(const sigset_t *restrict set, siginfo_t *restrict info)
{
	return sigtimedwait(set, info, NULL);
}

/* Returns the error instead of setting errno, and is not interrupted. */
int sigwait(const sigset_t *restrict set, int *restrict sig)
{
	int got;

	do {
		got = sigwaitinfo(set, NULL);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return errno;
	*sig = got;
	return 0;
}

int sigaltstack(const stack_t *restrict stack, stack_t *restrict old)
{
	return (int)syscall(SYS_sigaltstack, stack, old);
}
