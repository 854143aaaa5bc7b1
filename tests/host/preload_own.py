"""Programs of our own on build/host/libmalloc.so, preloaded, and libmalloc.a.

What no real program does often enough: threads that end, pointers from
elsewhere, rights that the caller does not have. preload_fork.py has the forks.
"""

import os
import signal
import struct
import subprocess
import tempfile

from libmalloc import ARCHIVE, build_here, make_libmalloc, preloaded
from report import expect, main

UNKNOWN_OPTION = b"malloc: unknown option in FAULTLINE_MALLOC: bogus=1\n"


STATM = r"""
#include <stdio.h>

/* A field of /proc/self/statm in KiB: addresses, or resident memory. */
enum { ADDRESSES, RESIDENT };

static long statm_kib(int field)
{
    long pages[2];
    FILE *file = fopen("/proc/self/statm", "r");

    if (fscanf(file, "%ld %ld", &pages[0], &pages[1]) != 2)
        return 0;
    fclose(file);
    return pages[field] * 4;
}
"""


THREADED_PROGRAM = r"""
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int stop;

static void *fill_cache(void *unused)
{
    void *held[100];

    for (size_t bytes = 16; bytes <= 1024; bytes += 16) {
        for (int i = 0; i < 100; i++)
            held[i] = malloc(bytes);
        for (int i = 0; i < 100; i++)
            free(held[i]);
    }
    return unused;
}

static void *keep_busy(void *unused)
{
    while (!__atomic_load_n(&stop, __ATOMIC_RELAXED))
        free(malloc(40000));
    return unused;
}

int main(void)
{
    pthread_t thread[3];
    int status = 0;

    for (int i = 0; i < 50; i++) {
        pthread_create(&thread[0], NULL, fill_cache, NULL);
        pthread_join(thread[0], NULL);
    }
    if (mallinfo2().uordblks > 200000)
        return 1;                       /* caches outlive their threads */
    for (int i = 0; i < 3; i++)
        pthread_create(&thread[i], NULL, keep_busy, NULL);
    for (int i = 0; i < 200 && !status; i++) {
        if (!fork()) {
            alarm(10);                  /* a lock that nobody will release */
            fill_cache(malloc(40000));
            _exit(0);
        }
        wait(&status);
    }
    stop = 1;
    return status ? 2 : 0;
}
"""


def archive_notices_threads_and_forks():
    """Thread ends and forks are noticed in a static program, too."""
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "program")
        build_here(program, THREADED_PROGRAM, "-static", ARCHIVE)
        expect(subprocess.run([program], check=False, timeout=100).returncode,
               0, "status")


# A constructor's handlers of fork, and they allocate on both sides.
ENDING_PROGRAM = STATM + r"""
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* The text of an unknown error is the C library's own, freed at the very end. */
static void *end_late(void *unused)
{
    free(malloc(100));
    return strerror(99999) ? unused : NULL;
}

int main(void)
{
    long before = 0;

    for (int i = 0; i < 1020; i++) {
        pthread_t thread;

        if (i == 20)
            before = statm_kib(ADDRESSES);
        pthread_create(&thread, NULL, end_late, NULL);
        pthread_join(thread, NULL);
    }
    printf("%ld\n", statm_kib(ADDRESSES) - before);
    return 0;
}
"""


def ended_threads_leave_nothing():
    """A free after a thread's last destructor makes no cache that stays."""
    done, = preloaded(ENDING_PROGRAM, [])
    done.check_returncode()
    expect(int(done.stdout) < 1000, True, done.stdout.decode() + "KiB")


# What the caches of many threads hold is all that is left of a large heap.
WAITING_PROGRAM = STATM + r"""
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define NR_THREADS 100

static pthread_barrier_t all_wait;

static void *fill_and_wait(void *unused)
{
    static __thread void *held[200];

    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 200; i++) {
            size_t bytes = 16 + (i * 97 + round * 41) % 2000;

            held[i] = memset(malloc(bytes), 1, bytes);
        }
        for (int i = 0; i < 200; i++)
            free(held[i]);
    }
    pthread_barrier_wait(&all_wait);
    return unused;
}

int main(void)
{
    pthread_t threads[NR_THREADS];
    long before = statm_kib(RESIDENT);

    pthread_barrier_init(&all_wait, NULL, NR_THREADS);
    for (int i = 0; i < NR_THREADS; i++)
        pthread_create(&threads[i], NULL, fill_and_wait, NULL);
    for (int i = 0; i < NR_THREADS; i++)
        pthread_join(threads[i], NULL);
    printf("%ld\n", statm_kib(RESIDENT) - before);
    return 0;
}
"""


def the_last_thread_empties_the_heap():
    """A heap that empties as its threads end goes back, though nobody frees."""
    runs = preloaded(WAITING_PROGRAM, *[[]] * 10)   # who is last is chance
    for done in runs:
        done.check_returncode()
    left = [int(done.stdout) for done in runs]
    expect(max(left) < 4000, True, f"{left} KiB")


CANCELLED_PROGRAM = r"""
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>

static void *print(void *unused)
{
    pthread_cancel(pthread_self());
    malloc_stats();
    return unused;
}

int main(void)
{
    pthread_t thread;
    void *result = NULL;

    pthread_create(&thread, NULL, print, NULL);
    pthread_join(thread, &result);
    return result != PTHREAD_CANCELED && result != NULL;
}
"""


def cancelled_threads_print_all_statistics():
    """The output of malloc_stats() is no place to be cancelled at."""
    done, = preloaded(CANCELLED_PROGRAM, [])
    done.check_returncode()
    expect(done.stderr.split(b"\n")[-2][:10], b"top pad   ")


# What stands in front of the pointer is all zero, as the keys are at first.
FOREIGN_PROGRAM = r"""
#include <stdlib.h>

static char zeros[64] __attribute__((aligned(16)));

int main(void)
{
    free(zeros + 32);
    return 0;
}
"""

STUBBORN_PROGRAM = r"""
#include <signal.h>
#include <stdlib.h>

static void do_nothing(int number)
{
    (void)number;
}

int main(int argc, char **argv)
{
    void *mem = malloc(10);
    sigset_t aborts;

    sigemptyset(&aborts);
    sigaddset(&aborts, SIGABRT);
    if (argv[1][0] == 'b')
        sigprocmask(SIG_BLOCK, &aborts, NULL);
    else
        signal(SIGABRT, argv[1][0] == 'i' ? SIG_IGN : do_nothing);
    free(mem);
    free(mem);
    return 0;
}
"""


def a_foreign_pointer_may_come_first():
    """A free before any malloc is checked as one after it."""
    done, = preloaded(FOREIGN_PROGRAM, [])
    expect((done.returncode, done.stderr.split(b": 0x")[0]),
           (-signal.SIGABRT, b"malloc: invalid pointer"))


def nothing_stops_the_abort():
    """SIGABRT ends a program that blocks it, ignores it, or returns from it."""
    for done in preloaded(STUBBORN_PROGRAM, ["block"], ["ignore"], ["return"]):
        expect((done.returncode, done.stderr.split(b": 0x")[0]),
               (-signal.SIGABRT, b"malloc: double free"), done.args[1])


CAPABLE_PROGRAM = r"""
#include <stdlib.h>
#include <sys/auxv.h>

int main(void)
{
    free(malloc(1));
    return getauxval(AT_SECURE) != 0;
}
"""


def capabilities_keep_options_out():
    """Rights that show in no user id: options from outside are ignored."""
    # struct vfs_cap_data: version 2, effective; CAP_NET_BIND_SERVICE
    rights = struct.pack("<5I", 0x02000001, 1 << 10, 0, 0, 0)
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "program")
        build_here(program, CAPABLE_PROGRAM, "-static", ARCHIVE)
        for path in folder, program:
            os.chmod(path, 0o755)
        try:
            os.setxattr(program, "security.capability", rights)
        except OSError:
            print("    not permitted to give a program capabilities")
            return
        done = subprocess.run([program], check=False, capture_output=True,
                              user=65534, env={"FAULTLINE_MALLOC": "bogus=1"})
    if not done.returncode:             # a file system that gives no rights
        expect(done.stderr, UNKNOWN_OPTION)
        return
    expect((done.returncode, done.stderr), (1, b""))


make_libmalloc()
main([archive_notices_threads_and_forks, ended_threads_leave_nothing,
      the_last_thread_empties_the_heap,
      a_foreign_pointer_may_come_first, nothing_stops_the_abort,
      cancelled_threads_print_all_statistics,
      capabilities_keep_options_out])
