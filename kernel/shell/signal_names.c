/*
 * The classic signals; real-time ones go by number.
 */
#include "signal_names.h"

#include <uapi/signal.h>

#include "cmd.h"
#include "string.h"

static const char *const names[] = {
	[SIGHUP] = "HUP",	[SIGINT] = "INT",    [SIGQUIT] = "QUIT",
	[SIGILL] = "ILL",	[SIGTRAP] = "TRAP",  [SIGABRT] = "ABRT",
	[SIGBUS] = "BUS",	[SIGFPE] = "FPE",    [SIGKILL] = "KILL",
	[SIGUSR1] = "USR1",	[SIGSEGV] = "SEGV",  [SIGUSR2] = "USR2",
	[SIGPIPE] = "PIPE",	[SIGALRM] = "ALRM",  [SIGTERM] = "TERM",
	[SIGSTKFLT] = "STKFLT", [SIGCHLD] = "CHLD",  [SIGCONT] = "CONT",
	[SIGSTOP] = "STOP",	[SIGTSTP] = "TSTP",  [SIGTTIN] = "TTIN",
	[SIGTTOU] = "TTOU",	[SIGURG] = "URG",    [SIGXCPU] = "XCPU",
	[SIGXFSZ] = "XFSZ",	[SIGVTALRM] = "VTALRM", [SIGPROF] = "PROF",
	[SIGWINCH] = "WINCH",	[SIGPOLL] = "POLL",  [SIGPWR] = "PWR",
	[SIGSYS] = "SYS",
};

const char *signal_name(int sig)
{
	return sig > 0 && sig < (int)ARRAY_SIZE(names) ? names[sig] : NULL;
}

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* Compare in any case; @name is in upper case. */
static bool same_name(const char *text, const char *name)
{
	while (*name && upper(*text) == *name) {
		text++;
		name++;
	}
	return !*text && !*name;
}

int signal_number(const char *text)
{
	uint64_t number;

	if (parse_number(text, &number))
		return number < NSIG ? (int)number : -1;
	if (upper(text[0]) == 'S' && upper(text[1]) == 'I' &&
	    upper(text[2]) == 'G')
		text += 3;
	for (int sig = 1; sig < (int)ARRAY_SIZE(names); sig++)
		if (same_name(text, names[sig]))
			return sig;
	return -1;
}
