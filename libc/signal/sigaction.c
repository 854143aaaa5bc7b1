/* What a signal does: sigaction() and signal(). */
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

/* restorer.asm; never called from C */
void __sigreturn(void);

int sigaction(int sig, const struct sigaction *restrict act,
	      struct sigaction *restrict old)
{
	struct kernel_sigaction new_act, old_act;

	if (act) {
		new_act.handler = act->sa_handler;
		new_act.flags = (unsigned int)act->sa_flags | SA_RESTORER;
		new_act.restorer = __sigreturn;
		new_act.mask = act->sa_mask;
	}
	if (syscall(SYS_rt_sigaction, sig, act ? &new_act : NULL,
		    old ? &old_act : NULL, sizeof(sigset_t)) < 0)
		return -1;
	if (old) {
		old->sa_handler = old_act.handler;
		old->sa_flags = (int)(old_act.flags & ~SA_RESTORER);
		old->sa_restorer = NULL;
		old->sa_mask = old_act.mask;
	}
	return 0;
}

/* BSD's meaning: the handler stays, and interrupted calls start again. */
sighandler_t signal(int sig, sighandler_t handler)
{
	struct sigaction act = { .sa_handler = handler,
				 .sa_flags = SA_RESTART };
	struct sigaction old;

	if (sigaction(sig, &act, &old) != 0)
		return SIG_ERR;
	return old.sa_handler;
}
