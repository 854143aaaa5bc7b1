#!/usr/bin/python3
"""Boot Faultline for a human: `make run`, and with --gdb `make debug`.

The serial console is this terminal. Every key reaches the guest, Ctrl-C too;
Ctrl-A X ends QEMU, Ctrl-A C switches to its monitor and back. Under gdb the
terminal is gdb's; the console is then a pseudo-terminal, named at the start,
or the window (DISPLAY_WINDOW=1).
"""

import argparse
import os
import signal
import subprocess
import sys
import time

import qemu

PANIC = 125		# as in guest.py


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--root", metavar="DIR")
    parser.add_argument("--mem", default="512M")
    parser.add_argument("--smp", default="1")
    parser.add_argument("--swap", metavar="SIZE")
    for flag in ("--uefi", "--kvm", "--window"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("--gdb", metavar="ELF")
    parser.add_argument("gdb_args", nargs="*")
    return parser.parse_args()


def status_of(code):
    """QEMU's exit code in a shell's terms: an orderly end is a success."""
    if code == qemu.EXIT_PANIC:
        return PANIC
    return 0 if code == qemu.EXIT_ORDERLY else code


def run(vm, display):
    process = vm.start(display + ["-serial", "mon:stdio"],
                       start_new_session=False)
    return status_of(process.wait())


def wait_for_socket(path, process):
    while not os.path.exists(path):
        if process.poll() is not None:
            raise qemu.Trouble("QEMU ended before gdb could attach")
        time.sleep(0.05)


def debug(vm, display, elf, gdb_args):
    """The machine stands still before its first instruction; gdb lets it go."""
    socket = os.path.join(vm.scratch, "gdb")
    process = vm.start(
        display + ["-serial", "pty", "-S",
                   "-gdb", f"unix:{socket},server=on,wait=off"],
        stdin=subprocess.DEVNULL)
    wait_for_socket(socket, process)
    gdb = ["gdb", "-q", elf, "-ex", f"target remote {socket}",
           "-ex", "hbreak kernel_main", "-ex", "continue"]
    return subprocess.call(gdb + gdb_args)


def main():
    args = arguments()
    # Ctrl-C is the guest's, or gdb's, but never this script's.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    display = [] if args.window else ["-display", "none"]
    try:
        with qemu.Machine(root=args.root, mem=args.mem, smp=args.smp,
                          swap=args.swap, uefi=args.uefi, kvm=args.kvm,
                          reboot=True) as vm:
            if args.gdb:
                return debug(vm, display, args.gdb, args.gdb_args)
            return run(vm, display)
    except qemu.Trouble as trouble:
        print(f"make run: {trouble}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
