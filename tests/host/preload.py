"""Real programs run on our malloc, and do exactly what they do without it.

Each runs with and without LD_PRELOAD=build/host/libmalloc.so: standard output,
standard error, status and the files it writes must be the same. What is not
installed is left out, and said so.
"""

import glob
import os
import re
import shutil
import subprocess
import tempfile

from libmalloc import LIBRARY, make_libmalloc
from qemu import TOP
from report import Failed, expect, main

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
    the_library_is_used, gcc_compiles, gcc_links,
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


make_libmalloc()
main([test for test in TESTS if is_installed(test)])
