"""Traces of malloc: recorded here and in the guest, replayed in both alike."""

import glob
import os
import re
import shutil
import subprocess
import tempfile

import guest
from qemu import TOP
from report import Failed, expect, main

TRACES = "tests/malloc/traces"
REPLAY = os.path.join(TOP, "build", "user", "bin", "malloc-replay")
RECORDER = os.path.join(TOP, "build", "host", "librecord.so")


def make(*goals):
    done = subprocess.run(["make", "-s", *goals], cwd=TOP, text=True,
                          capture_output=True)
    if done.returncode:
        raise Failed(f"make {' '.join(goals)}\n{done.stderr}")


def replay(path):
    done = subprocess.run([REPLAY, path], cwd=TOP, capture_output=True,
                          text=True)
    return done.returncode, done.stdout + done.stderr


def figure(output, name):
    return float(re.search(rf"\b{name} ([\d.]+)", output).group(1))


def traces_replay_alike_in_the_guest():
    """Real programs' traces: as large, as wasteful, as many faults in both."""
    names = sorted(glob.glob(f"{TRACES}/*.trace", root_dir=TOP))
    expect(len(names) >= 2, True, f"only {names}")
    with tempfile.TemporaryDirectory() as root:
        shutil.copytree(os.path.join(TOP, TRACES), os.path.join(root, TRACES))
        line = "; ".join(f"malloc-replay {name}" for name in names)
        theirs = guest.run(line, root=root).output.decode()
    ours = "".join(replay(name)[1] for name in names)
    expect(theirs, ours)
    expect(ours.count("heap sound\n"), len(names), ours)


def traces_waste_is_bounded():
    """Peak over live: the pad of 128 KiB, and the rest is little."""
    for path in glob.glob(os.path.join(TOP, TRACES, "*.trace")):
        status, output = replay(path)
        expect(status, 0, output)
        most = figure(output, "live") * 1.3 + 264
        expect(figure(output, "peak") <= most, True, output)


def recorder_misses_nothing():
    """A program under LD_PRELOAD, its trace whole, cut, and replayed."""
    make("record")
    with tempfile.TemporaryDirectory() as scratch:
        trace = os.path.join(scratch, "trace")
        text = "\n".join(str(n * 7919 % 5000) for n in range(5000)) + "\n"
        done = subprocess.run(["sort", "-n"], input=text, text=True,
                              capture_output=True,
                              env={**os.environ, "LD_PRELOAD": RECORDER,
                                   "MALLOC_RECORD": trace})
        expect((done.returncode, done.stderr), (0, ""))
        status, output = replay(trace)
        expect(status, 0, output)
        with open(trace, encoding="ascii") as file:
            calls = file.read().count("\n") - 1
        expect(figure(output, "ops"), calls)
        expect(calls > 10, True, output)

        short = os.path.join(scratch, "short")
        with open(trace) as source, open(short, "w") as target:
            subprocess.run(["awk", "-v", "ops=10", "-f",
                            os.path.join(TOP, "tests/malloc/cut-trace.awk")],
                           stdin=source, stdout=target, check=True)
        status, output = replay(short)
        expect((status, figure(output, "ops") <= 10), (0, True), output)


EVERY_CALL = r"""
#define _GNU_SOURCE
#include <malloc.h>
#include <stdlib.h>

void free_sized(void *mem, size_t n);
void free_aligned_sized(void *mem, size_t alignment, size_t n);

int main(void)
{
    void *mem = malloc(100);

    free_sized(realloc(mem, 5000), 5000);
    free_aligned_sized(aligned_alloc(64, 128), 64, 128);
    free(memalign(3, 1000));
    free(posix_memalign(&mem, 4096, 100) ? NULL : mem);
    free(valloc(100));
    free(pvalloc(100));
    free(calloc(10, 10));
    free(reallocarray(realloc(NULL, 10), 300, 10));
    return realloc(malloc(1), 0) != NULL;
}
"""


def recorder_knows_every_call():
    """One that it does not know leaves a name that lives too long, or never."""
    make("record")
    with tempfile.TemporaryDirectory() as scratch:
        program, trace = f"{scratch}/program", f"{scratch}/trace"
        subprocess.run(["gcc", "-O0", "-xc", "-", "-xnone", "-o", program,
                        RECORDER], input=EVERY_CALL, text=True, check=True)
        subprocess.run([program], env={"MALLOC_RECORD": trace}, check=True)
        status, output = replay(trace)
        with open(trace, encoding="ascii") as file:
            lines = file.read().splitlines()
    expect(status, 0, output)
    expect([line[0] for line in lines[1:]], list("arfmfmfmfmfmfafarfaf"))


ENDINGS = r"""
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    free(malloc(1000));
    if (argc == 2)
        _exit(0);
    if (argc == 3)
        execl("/bin/true", "true", NULL);
    raise(SIGKILL);
}
"""


def recorder_loses_nothing_at_the_end():
    """_exit(), exec() and a signal run no destructor; a trace is whole all the same."""
    make("record")
    with tempfile.TemporaryDirectory() as scratch:
        program = f"{scratch}/program"
        subprocess.run(["gcc", "-O0", "-xc", "-", "-xnone", "-o", program,
                        RECORDER], input=ENDINGS, text=True, check=True)
        for nr in 1, 2, 3:
            trace = f"{scratch}/trace{nr}"
            subprocess.run([program] + ["x"] * nr, env={"MALLOC_RECORD": trace})
            status, output = replay(trace)
            expect(status, 0, output)
            expect(figure(output, "ops") >= 2, True, output)
        done = subprocess.run([program, "x"], capture_output=True, text=True,
                              env={"MALLOC_RECORD": f"{scratch}/none/trace"})
        expect((done.returncode, "cannot write" in done.stderr), (0, True), done.stderr)


def damaged_traces_are_refused():
    bad = {
        "": "no trace of version 1",
        "malloc-trace 2\na 1 10\n": "no trace of version 1",
        "malloc-trace 1\na 1 10\nx 1\n": "line 3 is damaged",
        "malloc-trace 1\na 1 10\nf 1 2\n": "line 3 is damaged",
        "malloc-trace 1\na 1 10": "line 2 is damaged",
        "malloc-trace 1\na 1 10\nr 1 20\n": "line 3 is damaged",
        "malloc-trace 1\na 1\n": "line 2 is damaged",
        "malloc-trace 1\na 1 \nf 1\n": "line 2 is damaged",
        "malloc-trace 1\nf 1\n": "line 2 names a block that is not live",
        "malloc-trace 1\na 1 10\nf 1\nf 1\n":
            "line 4 names a block that is not live",
        "malloc-trace 1\na 1 10\nr 1 10 2\nr 1 10 3\n":
            "line 4 names a block that is not live",
        "malloc-trace 1\na 1 10\na 1 10\n":
            "line 3 gives a name that a live block has",
        "malloc-trace 1\na 1 10\na 2 10\nr 1 20 2\n":
            "line 4 gives a name that a live block has",
        "malloc-trace 1\nm 1 10 3\n":
            "line 2 has an alignment that is no power of two",
    }
    with tempfile.TemporaryDirectory() as scratch:
        path = os.path.join(scratch, "trace")
        for text, complaint in bad.items():
            with open(path, "w", encoding="ascii") as file:
                file.write(text)
            status, output = replay(path)
            expect((status, complaint in output), (1, True), repr(text))


def guest_programs_record_themselves():
    """The same static program leaves a trace in the guest as it does here."""
    make("build/user/recorded/hole")
    program = os.path.join(TOP, "build/user/recorded/hole")
    with tempfile.TemporaryDirectory() as root:
        shutil.copy(program, os.path.join(root, "hole"))
        theirs = guest.run("env MALLOC_RECORD=/trace /hole >/dev/null;"
                           " malloc-replay /trace", root=root)
        trace = os.path.join(root, "trace")
        subprocess.run([program], env={"MALLOC_RECORD": trace}, check=True,
                       stdout=subprocess.DEVNULL)
        ours = replay(trace)
    expect((theirs.status, theirs.output.decode()), ours)


def firstfit_shows_times():
    """For each allocator and trace, unless it shall not; other words are refused."""
    program = os.path.join(TOP, "build/user/bin/firstfit")
    done = guest.run("firstfit")
    expect((done.status, done.output.decode().count(" us\n")), (0, 6))
    done = subprocess.run([program, "--x"], capture_output=True, text=True)
    expect((done.returncode, done.stderr), (2, "usage: firstfit [--no-time]\n"))


main([traces_replay_alike_in_the_guest, traces_waste_is_bounded,
      recorder_misses_nothing, recorder_knows_every_call,
      recorder_loses_nothing_at_the_end, damaged_traces_are_refused,
      guest_programs_record_themselves, firstfit_shows_times])
