"""Programs that were not built here run unmodified: the ABI is Linux's."""

import os
import shutil
import subprocess
import tempfile

import guest
import qemu
from report import Failed, expect, main


def native(folder, line):
    """What a line prints on this Linux, with the folder's programs in /bin."""
    done = subprocess.run(["sh", "-c", line], cwd=folder, text=True,
                          stdin=subprocess.DEVNULL, capture_output=True,
                          env={"PATH": f"{folder}/bin:/usr/bin:/bin"})
    return done.returncode, done.stdout


def same_as_linux(root, program, *words):
    """Run one program on both sides by the same relative path."""
    line = " ".join([f"./bin/{program}", *words])
    ours = native(root, line)
    result = guest.run(line, root=root)
    if result.reason:
        raise Failed(f"{result.reason}\n{result.tail()}")
    expect((result.status, result.output.decode()), ours, line)


def built_with_musl(name, *words):
    with tempfile.TemporaryDirectory() as root:
        os.mkdir(f"{root}/bin")
        source = os.path.join(qemu.TOP, "tests", "boot", "foreign", f"{name}.c")
        subprocess.run(["musl-gcc", "-static", "-pthread", "-O2", "-o",
                        f"{root}/bin/{name}", source], check=True)
        same_as_linux(root, name, *words)


def built_with_glibc(name, *words):
    with tempfile.TemporaryDirectory() as root:
        os.mkdir(f"{root}/bin")
        source = os.path.join(qemu.TOP, "tests", "boot", "foreign", f"{name}.c")
        subprocess.run(["gcc", "-static", "-pthread", "-O2", "-o",
                        f"{root}/bin/{name}", source], check=True)
        same_as_linux(root, name, *words)


def musl_hello_runs():
    built_with_musl("hello", "some", "words")


def musl_malloc_and_touch_runs():
    built_with_musl("touch")


def musl_fork_exec_wait_runs():
    built_with_musl("family")


def musl_threads_run():
    built_with_musl("threads")


def glibc_hello_runs():
    built_with_glibc("hello", "some", "words")


def glibc_malloc_and_touch_runs():
    built_with_glibc("touch")


def glibc_fork_exec_wait_runs():
    built_with_glibc("family")


def glibc_threads_run():
    built_with_glibc("threads")


def is_static(path):
    done = subprocess.run(["readelf", "-l", path], capture_output=True,
                          text=True, check=True)
    return "INTERP" not in done.stdout


def busybox_runs():
    """A distribution's static busybox, if this machine has one."""
    busybox = shutil.which("busybox")
    if not busybox or not is_static(busybox):
        print("    no static busybox on this machine")
        return
    with tempfile.TemporaryDirectory() as root:
        os.mkdir(f"{root}/bin")
        shutil.copy(busybox, f"{root}/bin/busybox")
        same_as_linux(root, "busybox", "echo", "hello")
        same_as_linux(root, "busybox", "seq", "1", "20")
        same_as_linux(root, "busybox", "sh", "-c",
                      "'for i in 1 2 3; do echo $i | ./bin/busybox cat; done'")
        for applet in "sh", "sleep", "timeout", "kill", "seq", "sort", "tr":
            os.symlink("busybox", f"{root}/bin/{applet}")
        shutil.copy(os.path.join(qemu.TOP, "tests/boot/foreign/signals.sh"),
                    root)
        same_as_linux(root, "busybox", "sh", "signals.sh")


main([musl_hello_runs, musl_malloc_and_touch_runs, musl_fork_exec_wait_runs,
      musl_threads_run, glibc_hello_runs, glibc_malloc_and_touch_runs,
      glibc_fork_exec_wait_runs, glibc_threads_run, busybox_runs])
