"""Every command in README.md works: readers try them first.

In its fenced blocks a line that begins with `$ ` is run on this machine, one
that begins with `faultline$ ` in the guest. A block marked `console` is a
session: what it shows below its command is exactly what is printed.
"""

import os
import re
import subprocess

import guest
import qemu
from report import Failed, expect, main

# Interactive or long: other tests run these, as the words after them say.
ELSEWHERE = {
    "make run": "terminal",
    "make debug": "terminal",
    "make test": "is running",
}


def readme():
    with open(os.path.join(qemu.TOP, "README.md"), encoding="utf-8") as file:
        return file.read()


def blocks(mark=r"\w*"):
    return re.findall(rf"^```{mark}\n(.*?)^```", readme(),
                      re.MULTILINE | re.DOTALL)


def commands(prompt):
    """The lines after that prompt in fenced blocks, without their comments."""
    for block in blocks():
        for line in block.split("\n"):
            if line.startswith(prompt):
                yield line[len(prompt):].split("  #")[0].strip()


def is_elsewhere(command):
    words = command.split()
    return " ".join(words[:2]) in ELSEWHERE or words[0] in ("git", "cd")


def commands_on_this_machine_succeed():
    ran = 0
    for command in commands("$ "):
        if is_elsewhere(command):
            continue
        done = subprocess.run(["sh", "-c", command], cwd=qemu.TOP, text=True,
                              capture_output=True, stdin=subprocess.DEVNULL)
        if done.returncode:
            raise Failed(f"`{command}` ended with {done.returncode}\n"
                         f"{done.stdout}{done.stderr}")
        ran += 1
    expect(ran > 0, True, "README.md has commands")


def commands_in_the_guest_succeed():
    lines = list(commands("faultline$ "))
    expect(bool(lines), True, "README.md has commands for the guest")
    for line in lines:
        result = guest.run(line)
        if result.status:
            raise Failed(f"`{line}` ended with {result.status}\n{result.tail()}")


def sessions_show_what_is_printed():
    sessions = blocks("console")
    expect(bool(sessions), True, "README.md has sessions")
    for session in sessions:
        line, _, shown = session.partition("\n")
        result = guest.run(line.removeprefix("faultline$ "))
        expect(result.output.decode(), shown, line)


def files_it_names_exist():
    """The map says which file to open; it must be there."""
    names = re.findall(r"`((?:kernel|libc|user|boot|tests|iso)/[\w./*-]*)`",
                       readme())
    missing = [name for name in names
               if "*" not in name and not
               os.path.exists(os.path.join(qemu.TOP, name))]
    expect(missing, [], "named but missing")
    expect(len(names) > 10, True, "the map")


main([commands_on_this_machine_succeed, commands_in_the_guest_succeed,
      sessions_show_what_is_printed, files_it_names_exist])
