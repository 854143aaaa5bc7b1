/* A supervisor hears of its children by siginfo: who, how, and with what. */
#include <signal.h>

#include "check.h"

static siginfo_t info;

static void record(int sig, siginfo_t *from, void *context)
{
	(void)sig, (void)context;
	info = *from;
}

static void expect(pid_t pid, int code, int status)
{
	CHECK_EQ(info.si_signo, SIGCHLD);
	CHECK_EQ(info.si_code, code);
	CHECK_EQ(info.si_pid, pid);
	CHECK_EQ(info.si_status, status);
	memset(&info, 0, sizeof(info));
}

static pid_t child(int code)
{
	pid_t pid = check_fork();

	if (pid)
		return pid;
	if (code >= 0)
		_exit(code);
	for (;;)
		sys(SYS_pause);
}

static long wait_for(int type, pid_t id, int options)
{
	long result;

	do {
		memset(&info, 0, sizeof(info));
		result = sys(SYS_waitid, type, id, &info, options, 0);
	} while (result == -EINTR);
	return result;
}

int main(void)
{
	struct sigaction act = { .sa_sigaction = record,
				 .sa_flags = SA_SIGINFO };
	pid_t pid = child(42);

	CHECK_EQ(wait_for(P_PID, pid, WEXITED | WNOWAIT), 0);
	expect(pid, CLD_EXITED, 42);
	CHECK_EQ(wait_for(P_ALL, 0, WEXITED), 0);
	expect(pid, CLD_EXITED, 42);
	CHECK_EQ(wait_for(P_ALL, 0, WEXITED), -ECHILD);

	pid = child(-1);
	CHECK_EQ(wait_for(P_PID, pid, WEXITED | WNOHANG), 0);
	CHECK_EQ(info.si_pid, 0);
	kill(pid, SIGSTOP);
	CHECK_EQ(wait_for(P_PID, pid, WSTOPPED), 0);
	expect(pid, CLD_STOPPED, SIGSTOP);
	kill(pid, SIGCONT);
	CHECK_EQ(wait_for(P_PID, pid, WCONTINUED), 0);
	expect(pid, CLD_CONTINUED, SIGCONT);
	kill(pid, SIGKILL);
	CHECK_EQ(wait_for(P_PGID, 0, WEXITED), 0);
	expect(pid, CLD_KILLED, SIGKILL);

	CHECK_EQ(wait_for(P_PID, 0, WEXITED), -EINVAL);
	CHECK_EQ(wait_for(P_ALL, 0, WNOHANG), -EINVAL);
	CHECK_EQ(wait_for(99, 0, WEXITED), -EINVAL);

	CHECK_EQ(sigaction(SIGCHLD, &act, NULL), 0);
	pid = child(7);
	while (!*(volatile int *)&info.si_signo)
		sys(SYS_sched_yield);
	expect(pid, CLD_EXITED, 7);
	CHECK_EQ(check_wait(pid), EXITED(7));
	return check_passed();
}
