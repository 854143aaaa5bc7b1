"""A human at the machine: what is typed arrives, what is printed is seen."""

import time

from console import Console, PROMPT
from report import Failed, expect, main


def shown(machine, text, whole=False, seconds=5):
    """Wait until a row of the screen contains (is) text; return all rows."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        rows = machine.screen()
        if text in rows or not whole and any(text in row for row in rows):
            return rows
        time.sleep(0.1)
    raise Failed(f"{text!r} is not on the screen\n" + "\n".join(rows))


def serial_line_runs_a_command():
    with Console() as machine:
        machine.expect(PROMPT)
        machine.type("echo typed on the serial line\r")
        machine.expect(r"\ntyped on the serial line\n")
        machine.expect(PROMPT)


def serial_backspace_edits_the_line():
    with Console() as machine:
        machine.expect(PROMPT)
        machine.type("echo rigHT\x7f\x7fht\r")
        machine.expect(r"\nright\n")


def ctrl_c_kills_the_foreground_command():
    with Console() as machine:
        machine.expect(PROMPT)
        machine.type("sleep 1000\r")
        time.sleep(0.5)
        machine.type("\x03")
        machine.expect(PROMPT, seconds=5)
        machine.type("echo status $?\r")
        machine.expect(r"\nstatus 130\n")


def keyboard_line_runs_a_command():
    with Console() as machine:
        machine.expect(PROMPT)
        machine.press("echo Typed on Keys; ls /\n")
        machine.expect(r"\nTyped on Keys\n")
        rows = shown(machine, "bin")
        if "Typed on Keys" not in rows:
            raise Failed("the screen lacks the output\n" + "\n".join(rows))


def screen_and_serial_show_the_same():
    with Console() as machine:
        machine.expect(PROMPT)
        machine.type("help\r")
        text = machine.expect(r"(?s)\n.*" + PROMPT)[0]
        machine.type("echo 'the quick brown fox! {[(~@#%^&*)]}'\r")
        fox = "the quick brown fox! {[(~@#%^&*)]}"
        machine.expect(r"\nthe quick brown fox.*\n")
        # The echo of the command holds it too; its output comes later, and
        # on the screen later than on the serial line.
        rows = shown(machine, fox, whole=True)
        last = [line for line in text.split("\n") if line.strip()][-4:-1]
        for line in last:
            expect(line[:80].rstrip() in rows, True, f"{line!r} on the screen")


def ctrl_c_on_the_keyboard_kills_too():
    with Console() as machine:
        machine.expect(PROMPT)
        machine.press("sleep 1000\n")
        time.sleep(0.5)
        machine.press_keys("ctrl", "c")
        machine.expect(PROMPT, seconds=5)


main([serial_line_runs_a_command, serial_backspace_edits_the_line,
      ctrl_c_kills_the_foreground_command, keyboard_line_runs_a_command,
      screen_and_serial_show_the_same, ctrl_c_on_the_keyboard_kills_too])
