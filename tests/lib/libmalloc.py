"""build/host/libmalloc, built, and programs of our own on it."""

import os
import subprocess
import tempfile

from qemu import TOP

LIBRARY = os.path.join(TOP, "build", "host", "libmalloc.so")
ARCHIVE = os.path.join(TOP, "build", "host", "libmalloc.a")


def make_libmalloc():
    subprocess.run(["make", "-s", "libmalloc"], cwd=TOP, check=True,
                   stdout=subprocess.DEVNULL)


def build_here(output, text, *arguments):
    """A program or library of @text for this machine, with its libc."""
    subprocess.run(["gcc", "-O1", "-fno-builtin", "-xc", "-", "-xnone",
                    "-o", output, *arguments], input=text.encode(), check=True)


def preloaded(text, *runs):
    """A program's runs with LIBRARY, one for each list of arguments."""
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "program")
        build_here(program, text, "-pthread")
        return [subprocess.run([program, *arguments], check=False, timeout=100,
                               capture_output=True,
                               env={"LD_PRELOAD": LIBRARY})
                for arguments in runs]
