/* Sets of signals: bit n - 1 stands for signal n. */
#include <errno.h>
#include <signal.h>

/* The signal's bit, or 0 and EINVAL if there is no such signal. */
static sigset_t bit_of(int sig)
{
	if (sig >= 1 && sig < NSIG)
		return 1UL << (sig - 1);
	errno = EINVAL;
	return 0;
}

int sigemptyset(sigset_t *set)
{
	*set = 0;
	return 0;
}

int sigfillset(sigset_t *set)
{
	*set = ~0UL;
	return 0;
}

int sigaddset(sigset_t *set, int sig)
{
	sigset_t bit = bit_of(sig);

	*set |= bit;
	return bit ? 0 : -1;
}

int sigdelset(sigset_t *set, int sig)
{
	sigset_t bit = bit_of(sig);

	*set &= ~bit;
	return bit ? 0 : -1;
}

int sigismember(const sigset_t *set, int sig)
{
	sigset_t bit = bit_of(sig);

	return bit ? (*set & bit) != 0 : -1;
}
