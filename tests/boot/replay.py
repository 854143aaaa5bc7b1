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


def damaged_traces_are_refused():
    bad = {
        "": "no trace of version 1",
        "malloc-trace 2\na 1 10\n": "no trace of version 1",
        "malloc-trace 1\na 1 10\nx 1\n": "line 3 is damaged",
        "malloc-trace 1\na 1 10\nf 1 2\n": "line 3 is damaged",
        "malloc-trace 1\na 1 10": "line 2 is damaged",
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


main([traces_replay_alike_in_the_guest, traces_waste_is_bounded,
      recorder_misses_nothing, damaged_traces_are_refused,
      guest_programs_record_themselves])
