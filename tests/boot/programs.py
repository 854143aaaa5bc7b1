"""Each program of user/: the same file, the same words, here and on Linux."""

import glob
import os
import re
import subprocess

import compare
import guest
import host
import qemu
from report import Failed, expect, main

# What to call a program with; without an entry, once and without arguments.
ARGUMENTS = {
    "figures": ("", "--table", "--mode default", "--mode glibc"),
    "heap": ("", "--mode default"),
    "demand": ("", "100 50", "1000 0"),
    "firstfit": ("--no-time",),
}

# What these print is no oracle on a Linux without a frame of zeros.
SHOW_ZERO_FRAME = {"lazy"}


def program(name):
    return os.path.join(qemu.TOP, "build", "user", "bin", name)


def calls(name):
    return [f"{name} {words}".strip() for words in ARGUMENTS.get(name, ("",))]


def equal_on_linux_and_here(name):
    """A test function for one program, named after it."""
    def test():
        if name in SHOW_ZERO_FRAME and not host.has_zero_frame():
            print(f"    {name} {host.NO_ZERO_FRAME}")
            return
        for line in calls(name):
            equal, report = compare.compare(line)
            if not equal:
                raise Failed(f"`{line}` differs\n{report}")
    test.__name__ = f"compare_{name}"
    return test


def exits_with_success():
    """Each program judges what it saw: all of them, one after another."""
    names = programs()
    line = "; ".join(f"{call} >/dev/null; echo @@ {call}: $?"
                     for name in names for call in calls(name))
    output = guest.run(line).output.decode()
    bad = [text for text in output.split("\n")
           if text.startswith("@@") and not text.endswith(": 0")]
    expect(bad, [])
    expect(output.count("@@ ") >= len(names), True, output)


def segv_kinds():
    """The kinds that segv knows, from its own list."""
    listing = subprocess.run([program("segv")], capture_output=True, text=True,
                             check=True).stdout
    return [line.split()[0] for line in listing.splitlines()[1:]]


def segv_of_each_kind_is_139():
    kinds = segv_kinds()
    if len(kinds) < 5:
        raise Failed(f"only {kinds}")
    for kind in kinds:
        result = guest.run(f"segv {kind}")
        expect(result.status, 139, f"segv {kind}\n{result.tail()}\n")
        output, log = result.output.decode(), result.console.decode()
        lines = re.findall(r"^.*(?:: segfault at |: general protection|trap).*$",
                           log, re.MULTILINE)
        expect(len(lines), 1, f"the kernel's line for {kind} in\n{log}\n")
        expect(lines[0] in output, False,
               f"the kernel's line for {kind} in the command's output")


def programs():
    return sorted(os.path.splitext(os.path.basename(path))[0] for path in
                  glob.glob(os.path.join(qemu.TOP, "user", "*.c")))


main([exits_with_success, segv_of_each_kind_is_139]
     + [equal_on_linux_and_here(name) for name in programs()])
