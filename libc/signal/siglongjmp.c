/* The signal mask's part in sigsetjmp() and siglongjmp(); see setjmp.asm. */
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>

#define ENV_HAS_MASK	8
#define ENV_MASK	9

/* The end of sigsetjmp(env, 1), whose result this is. */
int __sigsetjmp_mask(jmp_buf env);

int __sigsetjmp_mask(jmp_buf env)
{
	sigprocmask(SIG_SETMASK, NULL, &env[ENV_MASK]);
	return 0;
}

_Noreturn void siglongjmp(sigjmp_buf env, int value)
{
	if (env[ENV_HAS_MASK])
		sigprocmask(SIG_SETMASK, &env[ENV_MASK], NULL);
	longjmp(env, value);
}
