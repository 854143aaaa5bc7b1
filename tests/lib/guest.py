#!/usr/bin/python3
"""Run a line in the guest's shell; print what it printed, end as it ended.

    guest.py [OPTION...] [--] CMD

This is `make guest`. Standard output holds precisely what the guest printed on
behalf of CMD; the exit status is CMD's own, with these exceptions, each with a
line on standard error that says what happened and the console's last lines:

    123   CMD was not run to its end: QEMU did not start, or the kernel left early
    124   hang: CMD had not ended after TIMEOUT seconds, counted from power-on
    125   panic: the kernel said so through the debug-exit device
    126   reset: a triple fault, or CMD asked for a reboot
"""

import argparse
import os
import re
import select
import signal
import sys
import time

import qemu

NO_MACHINE, HANG, PANIC, RESET = 123, 124, 125, 126
TAIL_LINES = 40

STATUS_LINE = re.compile(rb"^faultline: exit status (\d+)\r?$", re.MULTILINE)


class Result:
    """How a run ended: its status, the reason in words (None: CMD's own)."""

    def __init__(self, status, reason, console, output=b""):
        self.status = status
        self.reason = reason
        self.console = console
        self.output = output

    def tail(self, lines=TAIL_LINES):
        return "\n".join(qemu.clean(self.console).rstrip().split("\n")[-lines:])


def verdict(code, console, complaint):
    """QEMU's exit code and the console's last words as (status, reason)."""
    status = STATUS_LINE.findall(console)
    if code == qemu.EXIT_PANIC:
        return PANIC, "kernel panic"
    if code == qemu.EXIT_ORDERLY and status:
        return int(status[-1]), None
    if code == qemu.EXIT_ORDERLY:
        return NO_MACHINE, "the kernel ended without a status"
    if code == 0:
        return RESET, "the machine reset itself: a triple fault, or a reboot"
    return NO_MACHINE, f"QEMU failed with status {code}\n{complaint.strip()}"


def pump(source, process, deadline, sink):
    """Hand on what the guest prints until QEMU ends. False: out of time."""
    while True:
        left = deadline() - time.monotonic()
        if left <= 0:
            return False
        if not select.select([source], [], [], min(left, 0.5))[0]:
            continue
        data = os.read(source, 1 << 16)
        if not data:
            break
        sink(data)
    try:
        process.wait(max(deadline() - time.monotonic(), 0.1))
    except qemu.subprocess.TimeoutExpired:
        return False
    return True


def run(cmd, sink=None, timeout=60, deadline=None, **machine):
    """Boot, run cmd, and return a Result.

    sink(bytes) gets the output as it comes; without one it is in the Result.
    deadline() may move the end of time, as when a batch goes on to its next
    test; it is asked again and again.
    """
    output = bytearray()
    end = time.monotonic() + timeout
    with qemu.Machine(cmd=cmd, **machine) as vm:
        source, guest_end = os.pipe()
        complaints = os.path.join(vm.scratch, "stderr")
        with open(complaints, "wb") as errors:
            process = vm.start(
                ["-display", "none", "-monitor", "none",
                 "-serial", f"file:{vm.console_log}",
                 "-chardev", f"file,id=output,path=/dev/fd/{guest_end}",
                 "-device", "isa-debugcon,iobase=0xe9,chardev=output"],
                stdin=qemu.subprocess.DEVNULL, stdout=errors, stderr=errors,
                pass_fds=[guest_end])
        os.close(guest_end)
        try:
            ended = pump(source, process, deadline or (lambda: end),
                         sink or output.extend)
        finally:
            os.close(source)
        console = vm.console()
        if not ended:
            allowed = "in time" if deadline else f"after {timeout:g} seconds"
            return Result(HANG, f"hang: no end {allowed}", console,
                          bytes(output))
        with open(complaints, encoding="utf-8", errors="replace") as errors:
            status, reason = verdict(process.returncode, console, errors.read())
        return Result(status, reason, console, bytes(output))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("cmd", metavar="CMD")
    parser.add_argument("--iso")
    parser.add_argument("--root", metavar="DIR")
    parser.add_argument("--mem", default="512M")
    parser.add_argument("--smp", default="1")
    parser.add_argument("--swap", metavar="SIZE")
    parser.add_argument("--timeout", type=float, default=60)
    parser.add_argument("--log", metavar="FILE", help="keep the console here")
    for flag in ("--icount", "--uefi", "--kvm"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("--stdout-fd", type=int, default=1)
    parser.add_argument("--status-fd", type=int)
    return parser.parse_args()


def write_all(fd, data):
    while data:
        data = data[os.write(fd, data):]


def run_for_user(args):
    """Run, report on standard error what went wrong, return the status."""
    result = run(args.cmd, sink=lambda data: write_all(args.stdout_fd, data),
                 timeout=args.timeout, iso=args.iso, root=args.root,
                 mem=args.mem, smp=args.smp, swap=args.swap,
                 icount=args.icount, uefi=args.uefi, kvm=args.kvm)
    if args.log:
        with open(args.log, "w", encoding="utf-8") as file:
            file.write(qemu.clean(result.console))
    if result.reason:
        print(f"make guest: {result.reason}; the console's last lines:\n"
              f"{result.tail()}", file=sys.stderr)
    return result.status


def main():
    args = arguments()
    # A closed terminal or a killing harness must not leave a QEMU behind.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda signum, _: sys.exit(128 + signum))
    try:
        if not args.cmd:
            raise qemu.Trouble("CMD= is empty; try CMD='figures --table'")
        status = run_for_user(args)
    except qemu.Trouble as trouble:
        print(f"make guest: {trouble}", file=sys.stderr)
        status = NO_MACHINE
    except KeyboardInterrupt:
        status = 128 + signal.SIGINT
    except BrokenPipeError:
        status = 128 + signal.SIGPIPE
    if args.status_fd is None:
        return status
    os.write(args.status_fd, bytes([status]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
