"""The build keeps its promises: no warning, whole headers, nothing done twice."""

import glob
import json
import os
import re
import subprocess
import sys
import tempfile

from qemu import TOP
from report import Failed, expect, main


def make(*arguments):
    return subprocess.run(["make", "--no-print-directory", *arguments],
                          cwd=TOP, capture_output=True, text=True)


def compiles_without_warning():
    done = make("-k", "check-warnings")
    if done.returncode:
        raise Failed("make check-warnings\n" + done.stderr)


def headers_compile_alone():
    done = make("-k", "check-headers")
    if done.returncode:
        raise Failed("make check-headers\n" + done.stderr)


def second_make_does_nothing():
    make("all", "test-programs")
    done = make("all", "test-programs")
    expect((done.returncode, done.stderr), (0, ""))
    lines = [line for line in done.stdout.splitlines()
             if "Nothing to be done" not in line]
    expect(lines, [], "what a second make did")


def touched_header_rebuilds_what_includes_it():
    done = make("-n", "-W", "kernel/include/types.h", "build/kernel/main.o")
    expect("-c -o build/kernel/main.o" in done.stdout, True, done.stdout)


def editors_learn_every_file():
    with open(os.path.join(TOP, "build", "compile_commands.json"),
              encoding="utf-8") as file:
        known = {entry["file"] for entry in json.load(file)
                 if "command" in entry}
    found = {os.path.relpath(path, TOP) for part in ("kernel", "user")
             for path in glob.glob(f"{TOP}/{part}/**/*.c", recursive=True)}
    expect(len(found) > 100, True, "files looked for")
    expect(sorted(found - known), [], "missing files")


def initramfs_is_the_same_every_time():
    cpio = os.path.join(TOP, "iso", "cpio.py")
    with tempfile.TemporaryDirectory() as folder:
        archives = []
        for name in "ab":
            subprocess.run([sys.executable, cpio,
                            os.path.join(TOP, "build", "root"),
                            f"{folder}/{name}"], check=True)
            with open(f"{folder}/{name}", "rb") as file:
                archives.append(file.read())
        expect(archives[0] == archives[1], True)


def kernel_pages_are_never_writable_and_executable():
    done = subprocess.run(["readelf", "-lW", "build/kernel/faultline.elf"],
                          cwd=TOP, capture_output=True, text=True, check=True)
    flags = re.findall(r"^ +LOAD .* ([R ][W ][E ]) 0x", done.stdout, re.MULTILINE)
    expect(bool(flags), True, "LOAD segments")
    expect([one for one in flags if "W" in one and "E" in one], [], done.stdout)


def libraries_define_what_headers_promise():
    """Else a program cannot have, say, an arena_alloc() of its own."""
    make("libmalloc")
    promised = set()
    for path in glob.glob(f"{TOP}/libc/include/**/*.h", recursive=True):
        with open(path, encoding="utf-8") as file:
            promised.update(re.findall(r"\w+", file.read()))
    for library in "build/libc/libc.a", "build/host/libmalloc.a":
        done = subprocess.run(["nm", "-g", "--defined-only", library], cwd=TOP,
                              capture_output=True, text=True, check=True)
        names = set(re.findall(r"^\w+ \w (\w+)$", done.stdout, re.MULTILINE))
        expect("malloc" in names, True, library)
        expect([name for name in sorted(names - promised)
                if not name.startswith("_")], [], library)


def allocator_can_be_read_in_an_afternoon():
    """Fewer than 2,000 lines of code; tools and ports are beside it."""
    lines = 0
    for path in glob.glob(f"{TOP}/libc/malloc/*.[ch]"):
        with open(path, encoding="utf-8") as file:
            code = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.DOTALL)
        lines += sum(1 for line in code.splitlines() if line.strip())
    expect(1000 < lines < 2000, True, f"{lines} lines of code")


main([compiles_without_warning, headers_compile_alone, second_make_does_nothing,
      touched_header_rebuilds_what_includes_it, editors_learn_every_file,
      initramfs_is_the_same_every_time,
      kernel_pages_are_never_writable_and_executable,
      libraries_define_what_headers_promise,
      allocator_can_be_read_in_an_afternoon])
