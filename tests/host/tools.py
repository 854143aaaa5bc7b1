"""A machine without the tools: it installs them, or says what to type."""

import os
import shutil
import subprocess
import tempfile

from qemu import TOP
from report import expect, main

# What deps.sh itself calls; everything else is missing.
SHELL_TOOLS = ("sh", "awk", "sed", "sort", "head", "uname", "id", "grep", "env")


class Bare:
    """A folder as the whole PATH: a shell's tools and some of our own making."""

    def __init__(self, **scripts):
        self.folder = tempfile.mkdtemp()
        for tool in SHELL_TOOLS:
            os.symlink(shutil.which(tool), f"{self.folder}/{tool}")
        for name, script in scripts.items():
            self.add(name.replace("_", "-"), script)

    def add(self, name, script):
        path = f"{self.folder}/{name}"
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\n{script}\n")
        os.chmod(path, 0o755)

    def run(self, *command):
        """(status, standard error)"""
        done = subprocess.run(["/bin/sh", *command], cwd=TOP, text=True,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              env={"PATH": self.folder, "BARE": self.folder})
        return done.returncode, done.stderr

    def deps(self, *groups):
        return self.run("tests/lib/deps.sh", *groups)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)


def one_line_to_type(manager, line):
    with Bare(**{manager: "exit 1"}) as bare:
        status, words = bare.deps("build", "boot")
    expect(status, 1)
    last = words.rstrip("\n").split("\n")[-1].strip()
    expect(last.startswith(line), True, words)
    for package in ("nasm", "xorriso" if manager == "dnf" else "libisoburn",
                    "mtools"):
        expect(package in last.split(), True, f"{package} in {last!r}")
    expect(len(set(last.split())), len(last.split()), "no package twice")


def fedora_is_told_one_line():
    one_line_to_type("dnf", "sudo dnf install ")


def arch_is_told_one_line():
    one_line_to_type("pacman", "sudo pacman -S --needed ")


def debian_installs_and_updates_when_it_must():
    """The first install fails, as with no package lists; then both succeed."""
    with Bare(apt_cache="exit 100", sudo='exec "$@"') as bare:
        bare.add("apt-get", 'echo "$@" >>"$BARE/log"')
        status, _ = bare.deps("build")
        with open(f"{bare.folder}/log", encoding="utf-8") as file:
            log = file.read().split("\n")
    expect(status, 0)
    expect(log[0], "update")
    expect(log[1].startswith("install -y --no-install-recommends "), True, log)
    expect("nasm" in log[1].split(), True, log)


def apt_that_fails_shows_its_own_words():
    with Bare(apt_cache="exit 0", sudo='exec "$@"') as bare:
        bare.add("apt-get", "echo 'E: the disk is full' >&2; exit 100")
        status, words = bare.deps("build")
    expect(status, 1)
    expect("E: the disk is full" in words, True, words)
    expect("apt-get install" in words.split("\n")[-2], True, words)


def old_qemu_is_refused_in_words():
    with Bare() as bare:
        bare.add("qemu-system-x86_64", "echo QEMU emulator version 5.2.0")
        status, words = bare.deps("boot")
    expect((status, words),
           (1, "QEMU is 5.2; Faultline needs 6.1 or newer.\n"))


def broken_grub_shows_its_own_words():
    with Bare(grub_mkrescue="echo 'mformat: out of luck' >&2; exit 1",
              cat='while read -r line; do echo "$line"; done <"$1"',
              rm=":") as bare:
        status, words = bare.run("iso/mkiso.sh", "build/iso",
                                 f"{bare.folder}/image")
    expect((status, words), (1, "mformat: out of luck\n"))


main([fedora_is_told_one_line, arch_is_told_one_line,
      debian_installs_and_updates_when_it_must,
      apt_that_fails_shows_its_own_words, old_qemu_is_refused_in_words,
      broken_grub_shows_its_own_words])
