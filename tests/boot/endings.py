"""However the guest ends, `make guest` says so, and a test run turns red."""

import re
import subprocess

import batch
import guest
import qemu
from report import expect, main


def make_guest(cmd, *variables):
    """(status, output, complaint) of a real `make guest`."""
    done = subprocess.run(["make", "--no-print-directory", "guest",
                           f"CMD={cmd}", *variables],
                          cwd=qemu.TOP, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def status_is_the_commands_own():
    for status in (0, 1, 42, 139, 255):
        expect(make_guest(f"exit {status}")[0], status, f"exit {status}")


def panic_is_125_and_shows_the_backtrace():
    status, _, complaint = make_guest("echo before; panic on purpose")
    expect(status, guest.PANIC)
    expect("kernel panic" in complaint, True, "the reason on standard error")
    for part in (r"on purpose", r"\brip\b", r"\bcr2\b", r"cmd_panic\+0x"):
        expect(bool(re.search(part, complaint, re.IGNORECASE)), True,
               f"{part} in\n{complaint}\n")


def hang_is_124():
    status, _, complaint = make_guest("echo before; hang", "TIMEOUT=4")
    expect(status, guest.HANG)
    expect("hang: no end after 4 seconds" in complaint, True, complaint)
    expect("before" in complaint, True, "the console's tail")


def command_that_never_ends_is_124():
    expect(make_guest("sleep 1000", "TIMEOUT=4")[0], guest.HANG)


def triple_fault_is_126():
    status, _, complaint = make_guest("echo before; triplefault")
    expect(status, guest.RESET)
    expect("triple fault" in complaint, True, complaint)


def poweroff_is_an_orderly_end():
    expect(make_guest("echo before; poweroff; echo after")[:2],
           (0, "before\n"))


def missing_machine_is_123():
    result = guest.run("true", mem="1M", timeout=20)
    expect(result.status in (guest.NO_MACHINE, guest.HANG, guest.PANIC), True,
           f"a machine without memory ended with {result.status}")
    expect(make_guest("")[0], guest.NO_MACHINE)


class Ending(batch.Program):
    """A test program's stand-in that takes the machine down."""

    def __init__(self, command):
        super().__init__(command, {"TIMEOUT": "3"})

    def call(self):
        return self.name


def a_test_that_ends_the_machine_is_red_and_the_rest_runs():
    programs = [Ending(command) for command in
                ("true", "panic", "hang", "triplefault", "false")]
    batch.run(programs, None)
    good, panic, hang, reset, bad = programs
    expect((good.status, good.problem), (0, None))
    expect((bad.status, bad.problem), (1, None))
    for program, words in ((panic, "kernel panic"), (hang, "hang"),
                           (reset, "triple fault")):
        expect(program.status, None, program.name)
        expect(words in program.problem, True, program.problem)


main([status_is_the_commands_own, panic_is_125_and_shows_the_backtrace,
      hang_is_124, command_that_never_ends_is_124, triple_fault_is_126,
      poweroff_is_an_orderly_end, missing_machine_is_123,
      a_test_that_ends_the_machine_is_red_and_the_rest_runs])
