"""Real programs run on our malloc, and do exactly what they do without it.

Each runs with and without LD_PRELOAD=build/host/libmalloc.so: standard output,
standard error, status and the files it writes must be the same. What is not
installed is left out, and said so.
"""

import glob
import os
import re
import shutil
import struct
import subprocess
import tempfile

from qemu import TOP
from report import Failed, expect, main

LIBRARY = os.path.join(TOP, "build", "host", "libmalloc.so")
ARCHIVE = LIBRARY.replace(".so", ".a")

# Nothing that a program prints may depend on who runs it, where and when.
SAME_FOR_ALL = {
    "LC_ALL": "C", "TZ": "UTC", "PERL_HASH_SEED": "0", "PYTHONHASHSEED": "0",
    "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@b", "GIT_AUTHOR_DATE": "2000-01-01T00:00:00Z",
    "GIT_COMMITTER_DATE": "2000-01-01T00:00:00Z",
}

UNKNOWN_OPTION = b"malloc: unknown option in FAULTLINE_MALLOC: bogus=1\n"
CAREFUL = "quarantine=1m,perturb=165,guard=1,random=1"


def sources(pattern):
    found = sorted(glob.glob(os.path.join(TOP, pattern)))
    expect(bool(found), True, pattern)
    return found


def text(*patterns):
    """A megabyte of words and more: our own sources, again and again."""
    words = b"".join(open(path, "rb").read()
                     for pattern in patterns for path in sources(pattern))
    return words * (1_000_000 // len(words) + 1)


def outcome(command, data, environment):
    """What a run leaves: status, output, and the files in its folder."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            command, input=data, cwd=folder, timeout=120, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={"PATH": os.environ["PATH"], **SAME_FOR_ALL, **environment})
        files = {}
        for path in sorted(glob.glob(f"{folder}/*")):
            with open(path, "rb") as file:
                files[os.path.basename(path)] = file.read()
    errors = re.sub(rb"\b\d+\.\d+s\b", b"_s", done.stderr)
    return {"status": done.returncode, "standard error": errors,
            "standard output": done.stdout, "files": files}


def same(command, data=b"", options=("",)):
    """Status 0, and the same as without, for each of FAULTLINE_MALLOC's."""
    want = outcome(command, data, {})
    expect(want["status"], 0, want["standard error"].decode()[-500:])
    for option in options:
        got = outcome(command, data, {"LD_PRELOAD": LIBRARY,
                                      "FAULTLINE_MALLOC": option})
        for part, value in want.items():
            if got[part] != value:
                raise Failed(f"{command[0]} with {option!r}: other {part}\n"
                             f"{got['standard error'].decode()[-1000:]}")


def the_library_is_used():
    """Without this all others would pass without a library, too."""
    got = outcome(["cat", "/proc/self/maps"], b"", {"LD_PRELOAD": LIBRARY})
    expect(b"libmalloc.so" in got["standard output"], True, "in the maps")
    got = outcome(["cat"], b"", {"LD_PRELOAD": LIBRARY,
                                 "FAULTLINE_MALLOC": "bogus=1"})
    expect(got["standard error"], UNKNOWN_OPTION)


def gcc_compiles():
    same(["sh", "-ec", """
        gcc -std=gnu11 -O2 -g -fdebug-prefix-map="$PWD"=. -ffreestanding \\
            -c -o arena.o "$0/arena.c"
        gcc -std=gnu11 -O2 -ffreestanding -S -o walk.s "$0/tools/walk.c" """,
          os.path.join(TOP, "libc", "malloc")])


def gcc_links():
    same(["gcc", "-std=gnu11", "-O0", "-flto", "-ffreestanding", "-shared",
          "-fPIC", "-frandom-seed=1", "-Wl,--build-id=none", "-o", "linked.so",
          *sources("libc/malloc/*.c"), *sources("libc/malloc/tools/*.c"),
          *sources("libc/malloc/ports/user.c")])


STATIC_PROGRAM = r"""
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


def build_here(output, text, *arguments):
    subprocess.run(["gcc", "-O1", "-fno-builtin", "-xc", "-", "-xnone",
                    "-o", output, *arguments], input=text.encode(), check=True)


def gcc_links_the_archive():
    """Thread ends and forks are noticed in a static program, too."""
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "program")
        build_here(program, STATIC_PROGRAM, "-static", ARCHIVE)
        expect(subprocess.run([program], check=False, timeout=100).returncode,
               0, "status")


# A constructor's handlers of fork, and they allocate on both sides.
ATFORK_LIBRARY = r"""
#include <pthread.h>
#include <stdlib.h>

static void allocate(void)
{
    void *held[64];

    for (int i = 0; i < 64; i++)
        held[i] = malloc(5000 + i * 1000);
    for (int i = 0; i < 64; i++)
        free(held[i]);
}

static __attribute__((constructor)) void at_start(void)
{
    pthread_atfork(allocate, allocate, allocate);
}
"""

ATFORK_PROGRAM = r"""
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int status = 1;

    alarm(20);                          /* a lock that nobody will release */
    if (!fork()) {
        alarm(20);
        free(malloc(100000));
        _exit(0);
    }
    wait(&status);
    return status != 0;
}
"""


def gcc_links_what_allocates_around_fork():
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
            done = subprocess.run([program], check=False, env=environment)
            expect(done.returncode, 0, f"{arguments} {environment}")


CAPABLE_PROGRAM = r"""
#include <stdlib.h>
#include <sys/auxv.h>

int main(void)
{
    free(malloc(1));
    return getauxval(AT_SECURE) != 0;
}
"""


def gcc_links_a_program_with_capabilities():
    """Rights that show in no user id: options from outside are ignored."""
    # struct vfs_cap_data: version 2, effective; CAP_NET_BIND_SERVICE
    rights = struct.pack("<5I", 0x02000001, 1 << 10, 0, 0, 0)
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "program")
        build_here(program, CAPABLE_PROGRAM, "-static", ARCHIVE)
        os.chmod(folder, 0o755)
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


PYTHON_SCRIPT = r"""
import collections, json, re, subprocess, sys, threading

words = re.findall(r"\w+", sys.stdin.read())
counts = collections.Counter(words)
tree = {w: {"n": n, "letters": list(w)} for w, n in counts.items()}
for _ in range(3):
    tree = json.loads(json.dumps(tree))
results = [None] * 4

def work(i):
    results[i] = sorted(" ".join(words[i::4]).upper().split())[::1000]

threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
for t in threads: t.start()
for t in threads: t.join()
lines = [subprocess.run(["echo", str(i)], capture_output=True).stdout
         for i in range(10)]
big = [bytearray(200_000 + i) for i in range(50)]
print(len(words), sorted(tree)[:50], results, lines, sum(map(len, big)))
print(counts.most_common(20), 3 ** 20000 % 10 ** 40)
"""


def python3_runs_threads_and_children():
    same(["python3", "-c", PYTHON_SCRIPT], text("libc/malloc/*.c"),
         ["", "mode=glibc"])


def python3_passes_its_own_tests():
    modules = ("test_heapq", "test_bisect", "test_textwrap")
    same(["python3", "-I", "-m", "unittest", "-q",
          *(f"test.{module}" for module in modules)])


PERL_SCRIPT = r"""
while (<STDIN>) { $n{$_}++ for /\w+/g; push @lines, $_ }
@top = sort { $n{$b} <=> $n{$a} || $a cmp $b } keys %n;
print "$_ $n{$_}\n" for @top[0..99];
$all = join "", @lines;
$all =~ s/(\w+) (\w+)/$2 $1/g;
print length $all, " ", unpack("%32C*", $all), "\n";
"""


def perl_counts_and_substitutes():
    same(["perl", "-e", PERL_SCRIPT], text("libc/malloc/*.c"),
         ["", "mode=textbook"])


SQL = b"""
CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT, c REAL);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
INSERT INTO t SELECT i, hex(i * 2654435761 % 4294967296), i / 7.0 FROM n;
CREATE INDEX tb ON t(b);
SELECT substr(b, 1, 3) AS k, count(*), avg(c) FROM t GROUP BY k ORDER BY k;
SELECT x.a, y.a FROM t x JOIN t y ON x.b = y.b AND x.a < y.a LIMIT 5;
DELETE FROM t WHERE a % 3 = 0;
UPDATE t SET b = b || b WHERE a % 5 = 0;
VACUUM;
SELECT count(*), sum(length(b)) FROM t;
"""


def sqlite3_queries():
    same(["sqlite3", "-batch", ":memory:"], SQL, ["", CAREFUL])


def gawk_counts():
    same(["gawk", '{ for (i = 1; i <= NF; i++) n[$i] = n[$i] "x" }'
          ' END { k = asorti(n, s); for (i = 1; i <= k; i++)'
          ' print s[i], length(n[s[i]]) }'],
         text("libc/malloc/*.c"), ["", "mode=glibc"])


def sort_sorts_in_threads():
    same(["sort", "--parallel=4", "-k2"], text("libc/malloc/*.c"))


def git_commits_and_packs():
    same(["sh", "-ec", """
        git init -q . && cp -r "$0"/libc "$0"/Makefile . && git add -A
        git commit -qm one && echo >>Makefile && git commit -qam two
        git gc -q --prune=now && git fsck --full 2>&1
        git log --stat -p HEAD~1.. && git rev-parse HEAD && git blame Makefile
        rm -rf .git libc""", TOP])


def xz_packs_and_unpacks():
    same(["sh", "-c", "xz -T2 --block-size=500k -1 >packed && xz -dc packed"],
         text("libc/malloc/*.c"))


def tar_makes_archives():
    same(["tar", "-C", TOP, "--sort=name", "--mtime=@0", "--owner=0",
          "--group=0", "-cf", "archive", "libc"])


def make_reads_its_makefile():
    same(["make", "-C", TOP, "-n", "-B", "objects"])


def bash_loops():
    pairs = re.findall(rb"\w+ \w+", text("libc/malloc/*.c"))[:10_000]
    same(["bash", "-c", "declare -A n; while read -r a b; do n[$a]+=$b; done; "
          "for k in ${!n[@]}; do echo $k ${#n[$k]}; done; echo $(seq 30000)"],
         b"\n".join(pairs), ["", CAREFUL])


TESTS = [
    the_library_is_used, gcc_compiles, gcc_links, gcc_links_the_archive,
    gcc_links_what_allocates_around_fork,
    gcc_links_a_program_with_capabilities,
    python3_runs_threads_and_children, python3_passes_its_own_tests,
    perl_counts_and_substitutes, sqlite3_queries, gawk_counts,
    sort_sorts_in_threads, git_commits_and_packs, xz_packs_and_unpacks,
    tar_makes_archives, make_reads_its_makefile, bash_loops,
]


def is_installed(test):
    program = test.__name__.split("_")[0]
    if program == "the":
        return True
    if not shutil.which(program):
        print(f"    {program} is not installed", flush=True)
        return False
    if test is python3_passes_its_own_tests and subprocess.run(
            ["python3", "-I", "-c", "import test.test_heapq"],
            check=False, capture_output=True).returncode:
        print("    python3's own tests are not installed", flush=True)
        return False
    return True


subprocess.run(["make", "-s", "libmalloc"], cwd=TOP, check=True,
               stdout=subprocess.DEVNULL)
main([test for test in TESTS if is_installed(test)])
