"""Run many test programs in few boots, and blame the right one.

Each program is wrapped in markers that the shell prints, with what the kernel
has in use before and after: frames outside its heap, and objects in the heap.
How many frames hold those objects depends on where they lie and is not asked.

    @@ begin NAME
    1411 803
    PASS NAME                 <- what the program prints
    @@ end 0
    1411 803

A panic, a hang or a reset belongs to the program that had begun and not ended;
the programs behind it run in a new boot.
"""

import re
import time

import guest

PER_BOOT = 50		# enough to make a boot's second not matter
TIMEOUT = 60
BOOT_SECONDS = 30

BEGIN = re.compile(r"^@@ begin (\S+)$")
END = re.compile(r"^(.*)@@ end (\d+)$")
USED = re.compile(r"^(\d+) (\d+)$")


class Program:
    """A test program: what it needs and what became of it."""

    def __init__(self, name, needs):
        self.name = name
        self.timeout = float(needs.pop("TIMEOUT", TIMEOUT))
        self.machine = {key.lower(): value for key, value in needs.items()}
        self.output = []
        self.used = []		# frames and objects, before and after
        self.status = None	# None: never ended
        self.problem = None	# why not

    def script(self):
        """A line each: what the shell needs for a line, it frees behind it."""
        return (f"echo @@ begin {self.name}\nledger --used\n{self.call()}\n"
                "echo @@ end $?\nledger --used\n")

    def call(self):
        return f"/tests/{self.name}"


class Reader:
    """Follows the guest's output, line by line, as it comes."""

    def __init__(self, programs):
        self.programs = {program.name: program for program in programs}
        self.current = None	# begun; it stays so until the next begins
        self.rest = b""
        self.end_of_time = time.monotonic() + BOOT_SECONDS

    def feed(self, data):
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            self.line(line.decode("utf-8", "replace"))

    def line(self, line):
        begin, end = BEGIN.match(line), END.match(line)
        used = USED.match(line)
        if begin:
            self.current = self.programs[begin[1]]
            self.end_of_time = time.monotonic() + self.current.timeout
        elif not self.current:
            return
        elif end:
            self.current.output += [end[1]] if end[1] else []
            self.current.status = int(end[2])
        elif used and self.counts_used():
            self.current.used.append((int(used[1]), int(used[2])))
        else:
            self.current.output.append(line)

    def counts_used(self):
        """Is the next line the ledger's? Right after each of the markers."""
        program = self.current
        if program.status is None:
            return not program.used and not program.output
        return len(program.used) == 1


def boot(programs, root):
    """One boot; returns the programs that it did not get to."""
    reader = Reader(programs)
    script = "".join(program.script() for program in programs)
    result = guest.run(script + "true", sink=reader.feed, root=root,
                       deadline=lambda: reader.end_of_time,
                       **programs[0].machine)
    waiting = [program for program in programs
               if program is not reader.current and program.status is None]
    if result.reason:
        # Nothing had begun: the first in line stands for the broken boot.
        blamed = reader.current or waiting.pop(0)
        blamed.problem = f"{result.reason}\n{result.tail()}"
    elif waiting:
        waiting.pop(0).problem = "the shell never ran it"
    return waiting


def batches(programs):
    """Lists of programs that agree on the machine, none of them long."""
    kinds = {}
    for program in programs:
        kinds.setdefault(tuple(sorted(program.machine.items())), [])
        kinds[tuple(sorted(program.machine.items()))].append(program)
    for kind in kinds.values():
        for start in range(0, len(kind), PER_BOOT):
            yield kind[start:start + PER_BOOT]


def run(batch, root):
    """Boot until every program of the batch has had its turn."""
    while batch:
        batch = boot(batch, root)
