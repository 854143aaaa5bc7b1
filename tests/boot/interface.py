"""`make guest` as scripts use it: exact output, exact words, a root of theirs."""

import os
import subprocess
import tempfile

import qemu
from report import expect, main


def make(*arguments, directory=qemu.TOP, **options):
    return subprocess.run(["make", *arguments], cwd=directory,
                          capture_output=True, **options)


def output_is_exactly_the_commands():
    done = make("guest", "CMD=echo one; echo -n two; echo; /bin/hello")
    expect((done.returncode, done.stdout), (0, b"one\ntwo\nhello, world\n"))
    expect(done.stderr, b"", "standard error")


def output_has_no_carriage_return_or_escape():
    done = make("guest", "CMD=help; ls -l /bin; ps -e; free; figures --table")
    expect(done.returncode, 0, done.stderr.decode())
    expect([byte for byte in done.stdout if byte < 32 and byte not in b"\n\t"],
           [])


def output_is_clean_below_another_make():
    """`make -C` and a make in a make announce folders, but not to us."""
    done = make("-C", qemu.TOP, "guest", "CMD=echo hello", directory="/")
    expect((done.returncode, done.stdout), (0, b"hello\n"))
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/Makefile", "w", encoding="utf-8") as file:
            file.write("all:\n\t@$(MAKE) -C $(TOP) guest CMD='exit 9' >out; "
                       "echo $$? >status\n")
        make(f"TOP={qemu.TOP}", directory=folder, check=True)
        with open(f"{folder}/out", encoding="utf-8") as file:
            expect(file.read(), "")
        with open(f"{folder}/status", encoding="utf-8") as file:
            expect(file.read(), "9\n")


def words_arrive_as_typed():
    for words, printed in (("echo \"it's\"", "it's"), ("false; echo $?", "1"),
                           ("echo '$HOME $$'", "$HOME $$"),
                           ("echo a,b=c%d", "a,b=c%d"),
                           ("echo one\necho two", "one\ntwo")):
        expect(make("guest", f"CMD={words}").stdout.decode(), f"{printed}\n",
               words)


def root_is_laid_over_the_root_folder():
    with tempfile.TemporaryDirectory(prefix="a root, ") as root:
        os.makedirs(f"{root}/etc")
        os.makedirs(f"{root}/new/folder")
        with open(f"{root}/etc/motd", "w", encoding="utf-8") as file:
            file.write("over\n")
        with open(f"{root}/new/folder/file", "wb") as file:
            file.write(b"x" * 100_000)
        os.symlink("folder/file", f"{root}/new/link")
        done = make("guest", f"ROOT={root}",
                    "CMD=cat /etc/motd; cat /new/link; echo; ls /bin/figures")
    expect(done.stdout, b"over\n" + b"x" * 100_000 + b"\n/bin/figures\n")


def missing_root_is_one_line():
    done = make("guest", "ROOT=/does/not/exist", "CMD=true")
    expect((done.returncode, done.stderr),
           (123, b"make guest: ROOT=/does/not/exist: no such folder\n"))


def console_goes_to_the_log():
    with tempfile.TemporaryDirectory() as folder:
        make("guest", f"LOG={folder}/log", "CMD=echo for the log")
        with open(f"{folder}/log", encoding="utf-8") as file:
            log = file.read()
    expect(log.rstrip().split("\n")[-2:],
           ["for the log", "faultline: exit status 0"])


def reader_that_leaves_ends_the_machine():
    """`make guest | head -1` must not leave a QEMU running."""
    line = "make -s guest CMD='echo first; sleep 1; echo second; sleep 1000'"
    done = subprocess.run(["sh", "-c", f"{line} | head -n 1"], cwd=qemu.TOP,
                          capture_output=True, timeout=50)
    expect(done.stdout, b"first\n")


main([output_is_exactly_the_commands, output_has_no_carriage_return_or_escape,
      output_is_clean_below_another_make, words_arrive_as_typed,
      root_is_laid_over_the_root_folder, missing_root_is_one_line,
      console_goes_to_the_log, reader_that_leaves_ends_the_machine])
