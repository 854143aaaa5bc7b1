"""`make run` and `make debug`, as a human at a terminal meets them."""

import os
import pty
import re
import select
import subprocess
import tempfile
import time

import qemu
from console import PROMPT
from report import Failed, expect, main


class Terminal:
    """A command on a terminal of its own."""

    def __init__(self, *command):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(qemu.TOP)
            os.execvp(command[0], command)
        self.seen = b""

    def expect(self, pattern, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            text = qemu.clean(self.seen)
            match = re.search(pattern, text)
            if match:
                self.seen = text[match.end():].encode()
                return match
            if select.select([self.fd], [], [], 0.2)[0]:
                try:
                    self.seen += os.read(self.fd, 4096)
                except OSError:		# the command has ended
                    break
        raise Failed(f"no {pattern!r} on the terminal\n"
                     + qemu.clean(self.seen)[-2000:])

    def type(self, text):
        os.write(self.fd, text.encode())

    def end(self, seconds=20):
        """The command's exit status, once it has ended by itself."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if select.select([self.fd], [], [], 0.1)[0]:
                try:
                    self.seen += os.read(self.fd, 4096)
                except OSError:
                    pass
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
        raise Failed("the command did not end\n" + qemu.clean(self.seen)[-2000:])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.fd)		# hangs up: whatever runs there ends


def run_reaches_the_prompt_and_powers_off():
    with Terminal("make", "run") as terminal:
        terminal.expect(PROMPT)
        terminal.type("figures --table\r")
        terminal.expect(r"total minor faults +94")
        terminal.expect(PROMPT)
        terminal.type("poweroff\r")
        expect(terminal.end(), 0)


def ctrl_c_reaches_the_guest():
    with Terminal("make", "run") as terminal:
        terminal.expect(PROMPT)
        terminal.type("sleep 1000\r")
        time.sleep(0.5)
        terminal.type("\x03")
        terminal.expect(PROMPT, 10)
        terminal.type("poweroff\r")
        expect(terminal.end(), 0)


def reboot_comes_back_to_the_prompt():
    with Terminal("make", "run", "MEM=64M") as terminal:
        for _ in range(2):
            terminal.expect(PROMPT)
            terminal.type("reboot\r")
        terminal.expect(PROMPT)
        terminal.type("poweroff\r")
        expect(terminal.end(), 0)


def run_under_uefi_reaches_the_prompt():
    with Terminal("make", "run", "UEFI=1") as terminal:
        terminal.expect(PROMPT)
        terminal.type("poweroff\r")
        expect(terminal.end(), 0)


def ctrl_c_ends_make_guest_and_its_machine():
    with tempfile.TemporaryDirectory() as scratch:
        with Terminal("env", f"TMPDIR={scratch}", "make", "-s", "guest",
                      "CMD=echo ready; sleep 1000") as terminal:
            terminal.expect("ready\n")
            expect(len(machines_in(scratch)), 1, "machines")
            terminal.type("\x03")
            expect(terminal.end() != 0, True, "an exit status")
        expect(machines_in(scratch), [], "machines left behind")
        expect(os.listdir(scratch), [], "files left behind")


def machines_in(scratch):
    """The processes whose command line names that folder."""
    found = []
    for entry in os.listdir("/proc"):
        try:
            with open(f"/proc/{entry}/cmdline", "rb") as file:
                line = file.read()
        except OSError:		# no process, or no longer
            continue
        if line.startswith(b"qemu") and scratch.encode() in line:
            found.append(int(entry))
    return found


def debug_stops_in_kernel_main_with_symbols():
    done = subprocess.run(["make", "debug", "GDB_ARGS=-batch -ex backtrace"],
                          cwd=qemu.TOP, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=60)
    if not re.search(r"kernel_main \(magic=.*kernel/main\.c:\d+", done.stdout):
        raise Failed("gdb does not show kernel_main()\n"
                     + done.stdout + done.stderr)


main([run_reaches_the_prompt_and_powers_off, ctrl_c_reaches_the_guest,
      reboot_comes_back_to_the_prompt, run_under_uefi_reaches_the_prompt,
      ctrl_c_ends_make_guest_and_its_machine,
      debug_stops_in_kernel_main_with_symbols])
