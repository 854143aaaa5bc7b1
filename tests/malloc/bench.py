#!/usr/bin/env python3
"""Speed and memory of libmalloc beside the distribution's allocators.

Each workload is run under each allocator in turn (LD_PRELOAD), round after
round, so that a noisy minute hits all of them. Printed are medians of CPU time
(user + system) and of peak resident memory as ratios to glibc's, and their
geometric means. Workloads: the shapes of shapes.c, and real programs if they
are installed.

    bench.py [--rounds N] [--only NAME,...] [--libs NAME,...] BUILD_DIR
"""
import argparse
import glob
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
LIB_DIRS = ["/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib"]


def find_lib(pattern):
    for folder in LIB_DIRS:
        found = sorted(glob.glob(os.path.join(folder, pattern)))
        if found:
            return found[0]
    return None


def allocators(build):
    peers = {
        "glibc": find_lib("libc.so.6"),	# redis is linked with jemalloc
        "faultline": os.path.join(build, "libmalloc.so"),
        "jemalloc": find_lib("libjemalloc.so.2"),
        "mimalloc": find_lib("libmimalloc.so.2*"),
        "tcmalloc": find_lib("libtcmalloc_minimal.so.4"),
    }
    return {name: lib for name, lib in peers.items() if lib is not None}


PYTHON = """
import json
class Node:
    def __init__(self, i): self.name, self.kids = str(i), []
nodes = [Node(i) for i in range(150000)]
for i, n in enumerate(nodes): nodes[i // 3].kids.append(n)
text = json.dumps([{"n": n.name, "k": len(n.kids)} for n in nodes])
data = json.loads(text)
print(len(text), sum(d["k"] for d in data), len(" ".join(n.name for n in nodes)))
"""
PERL = """
my %h; for (1..300000) { $h{"key$_"} = [$_, "v" x ($_ % 60)] }
my $s = 0; for (sort keys %h) { $s += $h{$_}[0] } delete $h{"key$_"} for 1..200000;
my @a = map { { id => $_ } } 1..100000; print $s, scalar(@a), "\n";
"""
SQL = """
create table t(a integer primary key, b text, c text); begin;
with recursive n(i) as (select 1 union all select i+1 from n where i<120000)
insert into t select i, hex(randomblob(i%40)), hex(randomblob(8)) from n;
create index tb on t(b); commit;
select count(*), sum(length(b)) from t where c > '8';
select substr(b,1,2) k, count(*) from t group by k order by 2 desc limit 5;
select count(*) from t x join t y on x.a = y.a + 1 where x.b > y.b;
"""
AWK = """BEGIN { for (i = 0; i < 250000; i++) { k = "k" (i * 7919 % 100003);
n[k] = n[k] " " i; } for (k in n) { m = split(n[k], p, " "); s += m } print s }"""


def real_programs(scratch):
    """Commands that exist here, as lists; the shell is not measured."""
    source = sorted(glob.glob(os.path.join(ROOT, "libc/malloc/*.c")))
    big = os.path.join(scratch, "big.c")
    with open(big, "w") as out:
        for i in range(2500):
            out.write("int f%d(int a, int b) { int s = 0; for (int i = 0; i < "
                      "a; i++) s += (i * %d) ^ b; return s; }\n" % (i, i))
    commands = {
        "python3": ["python3", "-c", PYTHON],
        "perl": ["perl", "-e", PERL],
        "gcc": ["gcc", "-O2", "-c", big, "-o", os.path.join(scratch, "o")],
        "sqlite3": ["sqlite3", ":memory:", SQL],
        "gawk": ["gawk", AWK],
        "git": ["git", "-C", ROOT, "log", "--stat", "-p", "--all"],
    }
    assert source
    return {name: command for name, command in commands.items()
            if shutil.which(command[0])}


def measure(measurer, command, lib):
    """CPU seconds and peak resident KiB of one run, children included."""
    env = dict(os.environ)
    if lib:
        env["MEASURE_PRELOAD"] = lib
    with tempfile.NamedTemporaryFile("r") as result:
        status = subprocess.call([measurer, result.name] + command, env=env,
                                 stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        if status:
            sys.exit("%s under %s: status %d" % (command[0], lib or "glibc",
                                                 status))
        seconds, kib = result.read().split()
    return float(seconds), int(kib)


def measure_redis(lib):
    """A server under load; its own usage, from its INFO command."""
    port = "7391"
    env = dict(os.environ)
    if lib:
        env["LD_PRELOAD"] = lib
    server = subprocess.Popen(
        ["redis-server", "--port", port, "--save", "", "--appendonly", "no"],
        env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            ping = subprocess.run(["redis-cli", "-p", port, "ping"],
                                  capture_output=True)
            if b"PONG" in ping.stdout:
                break
        subprocess.run(["redis-benchmark", "-p", port, "-q", "-n", "100000",
                        "-r", "100000", "-d", "100", "-P", "16", "-t",
                        "set,get,lpush,hset,zadd"], check=True,
                       stdout=subprocess.DEVNULL)
    finally:
        server.terminate()
        _, _, usage = os.wait4(server.pid, 0)
        server.returncode = 0
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def run(workloads, libs, rounds):
    """Medians[workload][allocator] = (seconds, KiB)."""
    medians = {}
    for name, work in workloads.items():
        samples = {lib: [] for lib in libs}
        for _ in range(rounds):
            for lib, path in libs.items():
                samples[lib].append(work(path))
        medians[name] = {
            lib: tuple(statistics.median(column) for column in zip(*runs))
            for lib, runs in samples.items()}
        print_row(name, medians[name], libs)
    return medians


def print_row(name, row, libs):
    seconds, kib = row["glibc"]
    cells = ["%-18s %7.3fs %7dK" % (name, seconds, kib)]
    for lib in libs:
        if lib != "glibc":
            cells.append("%5.2f %5.2f    " % (row[lib][0] / seconds,
                                              row[lib][1] / kib))
    print(" ".join(cells), flush=True)


def print_means(medians, libs):
    cells = ["%-35s" % "geometric mean"]
    for lib in libs:
        if lib != "glibc":
            cells.append("%5.2f %5.2f    " % tuple(
                geometric_mean([row[lib][i] / row["glibc"][i]
                                for row in medians.values()])
                for i in range(2)))
    print(" ".join(cells))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scale", default="30")
    parser.add_argument("--only", default="")
    parser.add_argument("--libs", default="")
    args = parser.parse_args()

    libs = allocators(args.build)
    if args.libs:
        libs = {name: libs[name] for name in ["glibc"] + args.libs.split(",")}
    shapes = os.path.join(args.build, "shapes")
    measurer = os.path.join(args.build, "measure")
    names = subprocess.run([shapes], capture_output=True, text=True)
    workloads = {}
    for name in names.stdout.split():
        command = [shapes, name, args.scale]
        workloads[name] = lambda lib, c=command: measure(measurer, c, lib)
    with tempfile.TemporaryDirectory() as scratch:
        for name, command in real_programs(scratch).items():
            workloads[name] = lambda lib, c=command: measure(measurer, c, lib)
        if shutil.which("redis-benchmark"):
            workloads["redis"] = measure_redis
        if args.only:
            workloads = {name: workloads[name]
                         for name in args.only.split(",")}
        print("%-35s " % "ratio to glibc: CPU time, peak RSS" +
              " ".join("%-14s" % lib for lib in libs if lib != "glibc"))
        print_means(run(workloads, libs, args.rounds), libs)


if __name__ == "__main__":
    main()
