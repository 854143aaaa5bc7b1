#!/usr/bin/python3
"""Run the same program file on this Linux and in the guest, side by side.

    compare.py [OPTION...] -- 'figures --table'

This is `make compare`. Both sides have a terminal of 80 columns as standard
output and error. Status 0: the outputs and exit statuses are equal.
"""

import argparse
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import tty

import guest
import qemu

# On Linux this comes from the user's shell, and goes to its standard error.
SHELL_LINES = re.compile(rb"^Segmentation fault\n", re.MULTILINE)


def native(line):
    """(output, status) of a shell line on this machine, our programs first."""
    ours = os.path.join(qemu.TOP, "build", "user", "bin")
    master, slave = pty.openpty()
    tty.setraw(slave)
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 25, 80, 0, 0))
    process = subprocess.Popen(["sh", "-c", line], stdin=subprocess.DEVNULL,
                               stdout=slave, stderr=slave,
                               env={"PATH": f"{ours}:/usr/bin:/bin"})
    os.close(slave)
    output = b""
    while True:
        try:
            data = os.read(master, 1 << 16)
        except OSError:		# how a terminal says that nobody is left
            break
        if not data:
            break
        output += data
    os.close(master)
    code = process.wait()
    return output, 128 - code if code < 0 else code


def side_by_side(left, right):
    """Two texts in two columns; a bar stands between lines that differ."""
    rows = max(len(left), len(right))
    width = max(len(line) for line in left)
    left = left + [""] * (rows - len(left))
    right = right + [""] * (rows - len(right))
    for one, other in zip(left, right):
        mark = " " if one == other else "|"
        yield f"{one:{width}} {mark} {other}".rstrip()


def compare(line, **machine):
    """(equal, report) for one line; raises Trouble where the guest fails."""
    output, status = native(line)
    result = guest.run(line, **machine)
    if result.reason:
        raise qemu.Trouble(f"{result.reason}\n{result.tail()}")
    theirs = SHELL_LINES.sub(b"", result.output)
    ours = SHELL_LINES.sub(b"", output)
    equal = ours == theirs and status == result.status
    report = list(side_by_side(
        ["Linux", *qemu.clean(ours).splitlines(), f"status {status}"],
        ["Faultline", *qemu.clean(theirs).splitlines(),
         f"status {result.status}"]))
    report.append("equal" if equal else "different")
    return equal, "\n".join(report)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("prog", metavar="PROG")
    parser.add_argument("--root", metavar="DIR")
    parser.add_argument("--mem", default="512M")
    parser.add_argument("--smp", default="1")
    parser.add_argument("--swap", metavar="SIZE")
    parser.add_argument("--timeout", type=float, default=60)
    for flag in ("--uefi", "--kvm"):
        parser.add_argument(flag, action="store_true")
    args = vars(parser.parse_args())
    prog = args.pop("prog")
    if not prog:
        parser.error("PROG= is empty; try make compare PROG='figures --table'")
    try:
        equal, report = compare(prog, **args)
    except qemu.Trouble as trouble:
        print(f"make compare: {trouble}", file=sys.stderr)
        return 1
    print(report)
    return 0 if equal else 1


if __name__ == "__main__":
    sys.exit(main())
