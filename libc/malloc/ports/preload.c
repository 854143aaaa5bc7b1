/*
 * preload.c - what user.c cannot know: when the host's threads end, and
 * when it forks. Only in the library that replaces another libc's malloc.
 */
#include "../port.h"

#include <pthread.h>

#include "../../include/malloc.h"

static pthread_key_t exit_key;
static bool have_key;
static PORT_THREAD_LOCAL bool known, refuses;

/* Others' destructors, and the C library's own, may free more after this. */
static void thread_exit(void *unused)
{
	(void)unused;
	refuses = true;
	__malloc_thread_exit();
}

/*
 * A key's destructor runs in each thread that has set a value for it. To set it
 * may allocate.
 */
bool port_thread(void)
{
	if (have_key && !known) {
		known = refuses = true;
		refuses = pthread_setspecific(exit_key, &exit_key);
	}
	return !refuses;
}

/*
 * The locks are to be held between all other handlers of fork(), which may call
 * malloc; so these must be registered first. See build.mk for how.
 */
static __attribute__((constructor)) void preload_start(void)
{
	have_key = !pthread_key_create(&exit_key, thread_exit);
	pthread_atfork(__malloc_fork_prepare, __malloc_fork_done,
		       __malloc_fork_done);
}
