#pragma once

/*
 * wait4(2), waitid(2), and how a dead child's status word is made up:
 *
 *	15        8   7   6     0
 *	| exit code |   0   |  0  |	exited
 *	|     0     | core  | sig |	killed by sig
 *	|    sig    |    0x7f     |	stopped by sig
 *	|         0xffff          |	continued
 */

#define WNOHANG		1
#define WUNTRACED	2
#define WSTOPPED	2
#define WEXITED		4
#define WCONTINUED	8
#define WNOWAIT		0x01000000
#define __WNOTHREAD	0x20000000	/* Linux only: not other threads' children */
#define __WALL		0x40000000	/* whatever signal the child sends */
#define __WCLONE	0x80000000	/* only those that do not send SIGCHLD */

#define P_ALL		0	/* waitid() */
#define P_PID		1
#define P_PGID		2
#define P_PIDFD		3

#define WEXITSTATUS(status)	(((status) >> 8) & 0xff)
#define WTERMSIG(status)	((status) & 0x7f)
#define WSTOPSIG(status)	WEXITSTATUS(status)
#define WCOREDUMP(status)	((status) & 0x80)
#define WIFEXITED(status)	(WTERMSIG(status) == 0)
#define WIFSIGNALED(status)	(((status) & 0xffff) - 1U < 0xff)
#define WIFSTOPPED(status)	(((status) & 0xff) == 0x7f)
#define WIFCONTINUED(status)	((status) == 0xffff)

#define W_EXITCODE(code, sig)	(((code) & 0xff) << 8 | (sig))
#define W_STOPCODE(sig)		((sig) << 8 | 0x7f)
#define W_CONTINUED		0xffff
