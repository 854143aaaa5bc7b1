"""Forks on build/host/libmalloc.so, preloaded, and libmalloc.a.

Handlers of fork that allocate, forks while others hold locks, and forks in the
midst of a malloc.
"""

import os
import subprocess
import tempfile

from libmalloc import ARCHIVE, LIBRARY, build_here, make_libmalloc
from report import expect, main

# Its handlers allocate, and hold a lock that others hold while they allocate.
ATFORK_LIBRARY = r"""
#include <pthread.h>
#include <stdlib.h>

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

void allocate(void)
{
    void *held[64];

    for (int i = 0; i < 64; i++)
        held[i] = malloc(5000 + i * 1000);
    for (int i = 0; i < 64; i++)
        free(held[i]);
}

static void prepare(void)
{
    pthread_mutex_lock(&mutex);
    allocate();
}

static void done(void)
{
    allocate();
    pthread_mutex_unlock(&mutex);
}

static __attribute__((constructor)) void at_start(void)
{
    pthread_atfork(prepare, done, done);
}
"""

# "late": a handler more, when threads are there. "tty": forkpty() instead.
ATFORK_PROGRAM = r"""
#include <pthread.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern pthread_mutex_t mutex;
void allocate(void);

static void *allocate_locked(void *unused)
{
    for (;;) {
        pthread_mutex_lock(&mutex);
        allocate();
        pthread_mutex_unlock(&mutex);
        allocate();
    }
    return unused;
}

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "";
    int status = 0, terminal = -1;
    pthread_t thread;

    alarm(20);                          /* a lock that nobody will release */
    if (argc > 1)
        pthread_create(&thread, NULL, allocate_locked, NULL);
    if (!strcmp(how, "late"))
        pthread_atfork(allocate, allocate, allocate);
    for (int i = 0; i < 40 && !status; i++) {
        pid_t pid = strcmp(how, "tty") ? fork() :
                    forkpty(&terminal, NULL, NULL, NULL);

        if (!pid) {
            alarm(20);
            free(malloc(100000));
            _exit(0);
        }
        waitpid(pid, &status, 0);
        close(terminal);
        terminal = -1;
    }
    return status != 0;
}
"""


def handlers_of_fork_may_allocate():
    """Our locks are taken after others' handlers, and released before them."""
    with tempfile.TemporaryDirectory() as folder:
        library = os.path.join(folder, "library.so")
        build_here(library, ATFORK_LIBRARY, "-shared", "-fPIC")
        shared = ["-Wl,--no-as-needed", library]
        both = ATFORK_LIBRARY + ATFORK_PROGRAM
        for text, arguments, environment in (
                (ATFORK_PROGRAM, shared, {"LD_PRELOAD": LIBRARY}),
                (both, [], {"LD_PRELOAD": LIBRARY}),
                (ATFORK_PROGRAM, [*shared, LIBRARY], {}),
                (ATFORK_PROGRAM, [*shared, ARCHIVE], {}),
                (both, [ARCHIVE], {}),
                (both, ["-static", ARCHIVE], {})):
            program = os.path.join(folder, "program")
            build_here(program, text, *arguments)
            for how in [], ["threads"], ["late"], ["tty"]:
                done = subprocess.run([program, *how], check=False,
                                      env=environment)
                expect(done.returncode, 0, f"{arguments} {environment} {how}")


# fork() beside threads that flush and read files, then in a signal's handler.
FORKING_PROGRAM = r"""
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int stop, nr_forks;

static void fork_once(int is_signal)
{
    struct itimerval soon = { { 0, 0 }, { 0, 500 } };
    pid_t pid = fork();

    if (!pid)
        _exit(0);
    waitpid(pid, NULL, 0);
    nr_forks++;
    if (is_signal)                      /* not before: a fork may take as long */
        setitimer(ITIMER_REAL, &soon, NULL);
}

static void *flush_all(void *unused)
{
    while (!stop)
        fflush(NULL);
    return unused;
}

static void *read_lines(void *name)
{
    while (!stop) {
        FILE *file = fopen(name, "r");
        char *line = NULL;
        size_t bytes = 0;

        while (getline(&line, &bytes, file) > 0)
            ;
        free(line);
        fclose(file);
    }
    return name;
}

int main(int argc, char **argv)
{
    pthread_t thread[3];

    alarm(60);
    if (argc > 1) {
        pthread_create(&thread[0], NULL, flush_all, NULL);
        pthread_create(&thread[1], NULL, read_lines, argv[1]);
        pthread_create(&thread[2], NULL, read_lines, argv[1]);
        while (nr_forks < 300)
            fork_once(0);
        return 0;
    }
    signal(SIGALRM, fork_once);
    fork_once(SIGALRM);
    while (nr_forks < 300)
        free(malloc(40000));
    return 0;
}
"""


def fork_waits_for_nobody():
    """Beside the C library's own locks, and in the midst of a malloc."""
    with tempfile.TemporaryDirectory() as folder:
        lines = os.path.join(folder, "lines")
        with open(lines, "w", encoding="ascii") as file:
            file.writelines("x" * n + "\n" for n in range(0, 2000, 50))
        program = os.path.join(folder, "program")
        for arguments, environment in (([], {"LD_PRELOAD": LIBRARY}),
                                       (["-static", ARCHIVE], {})):
            build_here(program, FORKING_PROGRAM, *arguments)
            for names in [lines], []:
                done = subprocess.run([program, *names], check=False,
                                      env=environment, timeout=100)
                expect(done.returncode, 0, f"{arguments} {names}")


# While it is opened, a thread that it waits for forks.
OPENED_LIBRARY = r"""
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static void *work(void *unused)
{
    pid_t pid = fork();

    if (!pid)
        _exit(0);
    waitpid(pid, NULL, 0);
    return unused;
}

__attribute__((constructor)) static void start(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, work, NULL);
    pthread_join(thread, NULL);
}
"""

OPENING_PROGRAM = r"""
#include <dlfcn.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    alarm(20);
    return argc < 2 || !dlopen(argv[1], RTLD_NOW);
}
"""


def fork_needs_no_lock_of_the_loader():
    with tempfile.TemporaryDirectory() as folder:
        library = os.path.join(folder, "library.so")
        program = os.path.join(folder, "program")
        build_here(library, OPENED_LIBRARY, "-shared", "-fPIC", "-pthread")
        build_here(program, OPENING_PROGRAM)
        done = subprocess.run([program, library], check=False,
                              env={"LD_PRELOAD": LIBRARY})
        expect(done.returncode, 0)


make_libmalloc()
main([handlers_of_fork_may_allocate, fork_waits_for_nobody,
      fork_needs_no_lock_of_the_loader])
