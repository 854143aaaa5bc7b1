/*
 * preload.c - what user.c cannot know: when the host's threads end, and
 * when it forks. Only in the library that replaces another libc's malloc.
 */
#include "preload.h"

#include <pthread.h>

#include "../../include/malloc.h"
#include "../port.h"

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
 * fork() locks the C library's list of open files after all handlers; and who holds
 * that may wait for a file whose owner waits for us. So it comes before our locks,
 * as before those of the C library's own malloc. musl has no such names.
 */
__attribute__((weak)) void _IO_list_lock(void);
__attribute__((weak)) void _IO_list_unlock(void);
__attribute__((weak)) void _IO_list_resetlock(void);

extern char __libc_single_threaded __attribute__((weak));

static bool locked;

/* A lone thread needs no locks, and holds one, if a signal's handler forks. */
void preload_prepare(void)
{
	if (&__libc_single_threaded && __libc_single_threaded)
		return;
	if (_IO_list_lock)
		_IO_list_lock();
	__malloc_fork_prepare();
	locked = true;
}

static void done(void (*unlock_list)(void))
{
	if (!locked)
		return;
	locked = false;
	__malloc_fork_done();
	if (unlock_list)
		unlock_list();
}

void preload_parent(void)
{
	done(_IO_list_unlock);
}

void preload_child(void)
{
	done(_IO_list_resetlock);
}

/*
 * The locks are to be held between all other handlers of fork(), which may call
 * malloc; so these must be registered first. See build.mk for how.
 */
static __attribute__((constructor)) void preload_start(void)
{
	have_key = !pthread_key_create(&exit_key, thread_exit);
	if (!&preload_waits)
		pthread_atfork(preload_prepare, preload_parent, preload_child);
}
