"""Random sequences of memory calls: what Linux answers, the guest must answer.

Results, errors, page contents, rights, residency and fault counts of thousands
of sequences are compared as one digest each; of a sequence that differs, the
first step that does is shown. For hours instead of seconds:

    make soak SEED=FIRST_SEED
"""

import itertools
import os
import subprocess
import sys

import guest
import host
import qemu
from report import Failed, main

NAME = "mm_random_calls_repeat"
PROGRAM = os.path.join(qemu.TOP, "build", "tests", "user", "bin", NAME)
ROOT = os.path.join(qemu.TOP, "build", "tests", "root")
FIRST_SEED = 20260101
COUNT = 2000
SOAK_COUNT = 20000
AGREED = "the second time they agree"
NO_ZERO_FRAME_SHARE = 20    # of the sequences, one reads a page, then writes it


def on_linux(words):
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True,
                          check=True).stdout.splitlines()


def in_guest(words):
    result = guest.run(f"/tests/{NAME} {' '.join(words)}", root=ROOT,
                       timeout=1800)
    if result.reason:
        raise Failed(f"{result.reason}\n{result.tail()}")
    return result.output.decode().splitlines()


def first_difference(seed):
    """One sequence, step by step, up to where the two part."""
    words = [seed, "1", "verbose"]
    shown = []
    for ours, theirs in itertools.zip_longest(on_linux(words), in_guest(words)):
        if ours != theirs:
            return "\n".join(shown + [f"linux: {ours}", f"guest: {theirs}"])
        shown.append(ours)
    return "\n".join(shown + [AGREED])


def compare(first, count):
    words = [str(first), str(count)]
    ours, theirs = on_linux(words), in_guest(words)
    differing = [one.split()[0] for one, other in zip(ours, theirs)
                 if one != other]
    if not host.has_zero_frame() and \
            len(differing) <= count // NO_ZERO_FRAME_SHARE:
        print(f"    {len(differing)} of {count} sequences {host.NO_ZERO_FRAME}")
    elif differing:
        # Each again: one that differs twice must not hide behind one that agrees.
        for seed in differing:
            steps = first_difference(seed)
            if not steps.endswith(AGREED):
                break
        raise Failed(f"{len(differing)} of {count} sequences differ, such as "
                     f"{seed}\n{steps}")
    if len(ours) != len(theirs) or len(ours) != count + 1:
        raise Failed(f"{len(theirs)} lines, want {count + 1}")


def differential_mm_calls():
    compare(FIRST_SEED, COUNT)


def soak(first):
    """Now and then this Linux itself counts a fault more: that is no end."""
    for seed in itertools.count(first, SOAK_COUNT):
        print(f"seeds {seed} to {seed + SOAK_COUNT - 1}", flush=True)
        try:
            compare(seed, SOAK_COUNT)
        except Failed as failed:
            if not str(failed).endswith(AGREED):
                raise
            print(str(failed).split("\n", 1)[0] + "; " + AGREED, flush=True)


if sys.argv[1:2] == ["soak"]:
    soak(int(sys.argv[2]) if len(sys.argv) > 2 else FIRST_SEED)
elif __name__ == "__main__":
    main([differential_mm_calls])
