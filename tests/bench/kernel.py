#!/usr/bin/python3
"""What the kernel charges for memory, beside Linux, and how it grows.

    kernel.py [FILE]

tests/bench/kernel.c runs in the guest under ICOUNT, where a tick of the
time-stamp counter is one instruction: figures are exact, whatever else this
machine does. Linux's are in linux-6.1.txt. FILE gets the raw lines, too.
"""

import math
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))

import guest	# noqa: E402
import qemu	# noqa: E402

ROOT = os.path.join(qemu.TOP, "build", "tests", "bench", "root")
LINE = re.compile(r"^([a-zA-Z-]+) (\d+) (\d+)$", re.MULTILINE)
MACHINE = {"mem": "2560M", "icount": True, "timeout": 300}
BOOT_SIZES = ["64M", "1G", "16G", "64G"]


def parse(text):
    """{(operation, size): ticks}, in order."""
    return {(name, int(size)): int(ticks)
            for name, size, ticks in LINE.findall(text)}


def measure():
    result = guest.run("kernel-bench", root=ROOT, **MACHINE)
    if result.reason or result.status:
        raise RuntimeError(f"status {result.status}, {result.reason}\n"
                           f"{result.tail()}")
    return result.output.decode()


def of_linux():
    with open(os.path.join(HERE, "linux-6.1.txt"), encoding="utf-8") as file:
        return parse(file.read())


def boot_ticks(mem):
    """Instructions from GRUB's jump to the prompt."""
    console = guest.run("true", mem=mem, icount=True, timeout=300).console
    return int(re.search(rb"boot took (\d+) ticks", console)[1])


def growth(figures, name):
    """How a curve rises from its first point: [(size, factor), ...]."""
    points = [(size, ticks) for (op, size), ticks in figures.items()
              if op == name]
    return [(size, ticks / points[0][1]) for size, ticks in points]


def print_table(ours, linux):
    print(f"{'operation':<24}{'size':>8}{'faultline':>12}{'linux 6.1':>12}"
          f"{'ratio':>8}{'growth':>9}")
    for (name, size), ticks in ours.items():
        theirs = linux.get((name, size))
        rise = dict(growth(ours, name))[size]
        print(f"{name:<24}{size:>8}{ticks:>12}"
              + (f"{theirs:>12}{ticks / theirs:>8.2f}" if theirs
                 else f"{'':>12}{'':>8}") + f"{rise:>9.2f}")
    both = [math.log(ticks / linux[row]) for row, ticks in ours.items()
            if row in linux]
    print(f"geometric mean of {len(both)} ratios: "
          f"{math.exp(sum(both) / len(both)):.3f}")


def main():
    text = measure()
    if len(sys.argv) > 1:
        with open(sys.argv[1], "w", encoding="utf-8") as file:
            file.write(text)
    print("The kernel, in instructions; growth is against the smallest size.\n")
    print_table(parse(text), of_linux())
    print()
    for mem in BOOT_SIZES:
        print(f"{'boot':<24}{mem:>8}{boot_ticks(mem):>12}")


if __name__ == "__main__":
    main()
