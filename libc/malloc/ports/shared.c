/*
 * shared.c - the handlers of fork(), registered no sooner than they are needed.
 *
 * To register them brings 140 KB of the C library into memory, an eighth of what a
 * small program takes, and most programs never fork. So the shared library has these
 * names, by which it is asked before the C library is: whatever forks, or wants to
 * register handlers of its own, comes by here, and ours are the first as ever.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <pty.h>
#include <unistd.h>

#include "preload.h"

#ifdef __GLIBC__	/* others have no such name to register by */

#define EXPORTED __attribute__((visibility("default")))

typedef int register_atfork(void (*)(void), void (*)(void), void (*)(void), void *);

/* Whose handlers they are; usually one of the compiler's start files has it. */
void *__dso_handle __attribute__((visibility("hidden")));
const bool preload_waits = true;

register_atfork __register_atfork;
pid_t __fork(void);

/* The functions that ours hide: where they are, by their place in names[]. */
enum { FORK, FORK_ALIAS, DAEMON, FORKPTY, REGISTER, NR_HIDDEN };

static void *hidden(int i)
{
	static const char *const names[] = {
		"fork", "__fork", "daemon", "forkpty", "__register_atfork"
	};
	static void *found[NR_HIDDEN];

	if (!found[i])
		found[i] = dlsym(RTLD_NEXT, names[i]);
	return found[i];
}

/*
 * While a library is opened its thread has the lock that dlsym() takes, and its
 * constructors may wait for another one, which forks. So nobody looks for them then.
 */
static __attribute__((constructor)) void find_hidden(void)
{
	for (int i = 0; i < NR_HIDDEN; i++)
		hidden(i);
}

static void register_first(void)
{
	((register_atfork *)hidden(REGISTER))(preload_prepare, preload_parent,
					      preload_child, &__dso_handle);
}

/* The function @i that ours hides, to be called once our handlers are there. */
static void *next(int i)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, register_first);
	return hidden(i);
}

EXPORTED int __register_atfork(void (*prepare)(void), void (*parent)(void),
			       void (*child)(void), void *dso)
{
	return ((register_atfork *)next(REGISTER))(prepare, parent, child, dso);
}

EXPORTED pid_t fork(void)
{
	return ((pid_t (*)(void))next(FORK))();
}

EXPORTED pid_t __fork(void)
{
	return ((pid_t (*)(void))next(FORK_ALIAS))();
}

EXPORTED int daemon(int nochdir, int noclose)
{
	return ((int (*)(int, int))next(DAEMON))(nochdir, noclose);
}

EXPORTED pid_t forkpty(int *primary, char *name, const struct termios *termios,
		       const struct winsize *size)
{
	return ((pid_t (*)(int *, char *, const struct termios *, const struct winsize *))
		next(FORKPTY))(primary, name, termios, size);
}

#endif
