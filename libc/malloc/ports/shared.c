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
static register_atfork *next_register;
const bool preload_waits = true;

register_atfork __register_atfork;
pid_t __fork(void);

static void register_first(void)
{
	next_register = (register_atfork *)dlsym(RTLD_NEXT, "__register_atfork");
	next_register(preload_prepare, preload_parent, preload_child, &__dso_handle);
}

static void ensure_registered(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, register_first);
}

/* The function @name that ours hides, to be called once our handlers are there. */
static void *next(const char *name)
{
	ensure_registered();
	return dlsym(RTLD_NEXT, name);
}

EXPORTED int __register_atfork(void (*prepare)(void), void (*parent)(void),
			       void (*child)(void), void *dso)
{
	ensure_registered();
	return next_register(prepare, parent, child, dso);
}

EXPORTED pid_t fork(void)
{
	return ((pid_t (*)(void))next("fork"))();
}

EXPORTED pid_t __fork(void)
{
	return ((pid_t (*)(void))next("__fork"))();
}

EXPORTED int daemon(int nochdir, int noclose)
{
	return ((int (*)(int, int))next("daemon"))(nochdir, noclose);
}

EXPORTED pid_t forkpty(int *primary, char *name, const struct termios *termios,
		       const struct winsize *size)
{
	return ((pid_t (*)(int *, char *, const struct termios *, const struct winsize *))
		next("forkpty"))(primary, name, termios, size);
}

#endif
