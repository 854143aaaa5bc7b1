#!/usr/bin/python3
"""Run the tests: `make test`.

    test.py [--host] [--user] [--boot] [PATTERN]

host   build/tests/host/*, tests/host/*.py   on this machine alone
user   tests/user/*.c                        the same file on Linux and in the guest
boot   tests/boot/*                          boot the image in many ways

The last line is `N passed, N failed`. Status 0: something ran, nothing failed.
"""

import argparse
import concurrent.futures
import fnmatch
import glob
import os
import re
import subprocess
import sys

import batch
import host
import qemu
from report import Report

WORKERS = 2		# machines at a time; more would only disturb each other

NATIVE_SECONDS = 60
SCRIPT_SECONDS = 600


def text_of(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def name_of(path):
    """tests/host/test_vma.c is called vma; the others by their file's name."""
    return re.sub(r"^test_", "", os.path.splitext(os.path.basename(path))[0])


def chosen(paths, pattern):
    return [path for path in sorted(paths)
            if fnmatch.fnmatchcase(name_of(path), pattern)]


def finish(command, seconds):
    """(status, output) of a command; a status of None: it took too long."""
    try:
        done = subprocess.run(command, cwd=qemu.TOP, timeout=seconds,
                              stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout.decode("utf-8", "replace")
    except subprocess.TimeoutExpired as late:
        return None, (late.stdout or b"").decode("utf-8", "replace")


def verdicts(report, output):
    """Report a suite's outcomes; (passed, failed).

    Indented lines explain: the failure that they follow, or else figures
    that belong to the next outcome and are passed on as they are.
    """
    passed, failing = 0, []
    for line in output.splitlines():
        if line.startswith("PASS "):
            report.add(line[5:])
            passed += 1
        elif line.startswith("FAIL "):
            failing.append([line[5:]])
        elif line.startswith("    ") and failing:
            failing[-1].append(line[4:])
        elif line.startswith("    "):
            report.note(line)
    for first, *detail in failing:
        test, _, problem = first.partition(": ")
        report.add(test, problem or "failed", "\n".join(detail))
    return passed, len(failing)


def lines_and_status(report, name, status, output):
    """Pass on a suite's own PASS and FAIL lines; its status must agree."""
    passed, failed = verdicts(report, output)
    if status is None:
        report.add(name, "did not end in time", output[-4000:])
    elif status and not failed:
        report.add(name, f"ended with status {status}", output[-4000:])
    elif not status and (failed or not passed):
        report.add(name, "ended with status 0 but passed nothing",
                   output[-4000:])


def one_program(report, name, status, output):
    """Judge a test that is one program with one verdict."""
    verdicts = [line for line in output.splitlines()
                if re.match(r"(PASS|FAIL) ", line)]
    if status is None:
        report.add(name, "did not end in time", output)
    elif status or not verdicts or any(v.startswith("FAIL") for v in verdicts):
        failures = [v for v in verdicts if v.startswith("FAIL")]
        first = failures[0].partition(": ")[2] if failures else ""
        report.add(name, first or f"status {status}", output)
    else:
        report.add(name)


def host_tests(report, pattern):
    for source in chosen(glob.glob("tests/host/test_*.c"), pattern):
        stem = os.path.splitext(os.path.basename(source))[0]
        program = os.path.join("build", "tests", "host", stem)
        if not os.path.exists(program):
            report.add(name_of(source), "does not compile")
            continue
        lines_and_status(report, name_of(source),
                         *finish([program], SCRIPT_SECONDS))
    for script in chosen(glob.glob("tests/host/*.py"), pattern):
        lines_and_status(report, name_of(script),
                         *finish([sys.executable, script], SCRIPT_SECONDS))


def needs_of(source):
    """A test's comment `// guest: MEM=64M TIMEOUT=120` as a dictionary."""
    match = re.search(r"^// guest: (.*)$", source, re.MULTILINE)
    return dict(word.split("=", 1) for word in match[1].split()) if match else {}


def first_comment(source):
    match = re.match(r"\s*(/\*.*?\*/|(//[^\n]*\n)+)", source, re.DOTALL)
    return match[0] if match else ""


def native_test(report, name, text):
    """On this Linux, unless it lacks what a comment `// linux: ...` asks for."""
    if "// linux: zero-frame\n" in text and not host.has_zero_frame():
        report.note(f"    {name} (linux) {host.NO_ZERO_FRAME}")
        return
    if "// linux: table-reclaim\n" in text and not host.has_table_reclaim():
        report.note(f"    {name} (linux) {host.NO_TABLE_RECLAIM}")
        return
    program = os.path.join("build", "tests", "user", "bin", name)
    one_program(report, f"{name} (linux)", *finish([program], NATIVE_SECONDS))


def judge_guest(report, program):
    name = f"{program.name} (guest)"
    if program.problem:
        first, _, console = program.problem.partition("\n")
        report.add(name, first, "\n".join(program.output) + "\n" + console)
    elif len(program.used) != 2:
        report.add(name, "the ledger did not answer", "\n".join(program.output))
    elif program.used[0] != program.used[1]:
        (frames, objects), (frames_after, objects_after) = program.used
        report.add(name, f"lost {frames_after - frames} frames and "
                         f"{objects_after - objects} objects: got "
                         f"{frames_after} and {objects_after} in use "
                         f"after it, want {frames} and {objects}")
    else:
        one_program(report, name, program.status, "\n".join(program.output))


def user_tests(report, pattern):
    programs = []
    for source in chosen(glob.glob("tests/user/*.c"), pattern):
        name, text = name_of(source), text_of(source)
        if not os.path.exists(f"build/tests/user/bin/{name}"):
            report.add(name, "does not compile")
            continue
        programs.append(batch.Program(name, needs_of(text)))
        if "guest-only" not in first_comment(text):
            native_test(report, name, text)

    def run(programs):
        batch.run(programs, "build/tests/root")
        for program in programs:
            judge_guest(report, program)

    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(run, batch.batches(programs)))


def boot_tests(report, pattern):
    """Scripts that measure time say so, and then run one at a time."""
    scripts = chosen(glob.glob("tests/boot/*.py") + glob.glob("tests/boot/*.sh"),
                     pattern)
    alone = [script for script in scripts if "# runs alone" in text_of(script)]

    def run(script):
        interpreter = sys.executable if script.endswith(".py") else "sh"
        lines_and_status(report, name_of(script),
                         *finish([interpreter, script], SCRIPT_SECONDS))

    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(run, [s for s in scripts if s not in alone]))
    for script in alone:
        run(script)


SUITES = {"host": host_tests, "user": user_tests, "boot": boot_tests}


def main():
    parser = argparse.ArgumentParser(description="run the tests")
    for suite in SUITES:
        parser.add_argument(f"--{suite}", action="store_true")
    parser.add_argument("pattern", nargs="?", default="*")
    args = vars(parser.parse_args())
    pattern = args.pop("pattern") or "*"
    os.chdir(qemu.TOP)
    os.environ["PYTHONPATH"] = os.path.join(qemu.TOP, "tests", "lib")
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    # Tests that call make are its users, not children of the make above us.
    for name in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL"):
        os.environ.pop(name, None)
    report = Report()
    for suite, run in SUITES.items():
        if args[suite] or not any(args.values()):
            run(report, pattern)
    print(f"{report.passed} passed, {report.failed} failed")
    return 0 if report.passed and not report.failed else 1


if __name__ == "__main__":
    sys.exit(main())
