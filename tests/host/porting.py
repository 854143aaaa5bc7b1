"""The manual's chapter "Port it", word for word, in an empty folder.

If these fail, nobody can take the allocator home by doing what we say.
"""

import glob
import os
import re
import shutil
import subprocess
import tempfile

from qemu import TOP
from report import Failed, expect, main

# Beside the port's functions, what compilers call without being asked; the last
# is the linker's.
FOUR = {"memset", "memcpy", "memmove", "memcmp", "_GLOBAL_OFFSET_TABLE_"}

KERNEL_FLAGS = ["-mgeneral-regs-only", "-mno-red-zone", "-mcmodel=kernel",
                "-fno-pic", "-DMALLOC_NO_THREADS"]


def manual():
    """The chapter's commands, its program, and what that prints."""
    with open(f"{TOP}/libc/malloc/README.md", encoding="utf-8") as file:
        chapter = file.read().split("\n## Port it\n")[1].split("\n## ")[0]
    blocks = dict(re.findall(r"^```(\w*)\n(.*?)^```$", chapter,
                             re.DOTALL | re.MULTILINE))
    return blocks["sh"], blocks["c"], blocks[""]


def only_own_headers(compiler):
    folder = subprocess.run([compiler, "-print-file-name=include"], check=True,
                            capture_output=True, text=True).stdout.strip()
    return ["-nostdinc", "-isystem", folder]


def run(command, folder):
    done = subprocess.run(command, cwd=folder, check=False, text=True,
                          capture_output=True, timeout=300)
    if done.returncode or done.stderr:
        raise Failed(f"{command}: {done.returncode}\n{done.stderr[-2000:]}")
    return done.stdout


def follow_the_manual(compiler):
    commands, program, output = manual()
    alone = " ".join([compiler, *only_own_headers(compiler)])
    commands = re.sub(r"^cc(?=.* -ffreestanding)", alone, commands, count=1,
                      flags=re.MULTILINE)
    expect(commands.count(alone), 1, commands)
    commands = re.sub(r"^cc", compiler, commands, flags=re.MULTILINE)
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(os.path.join(TOP, "libc"), os.path.join(folder, "libc"))
        with open(f"{folder}/squares.c", "w", encoding="utf-8") as file:
            file.write(program)
        expect(run(["sh", "-ec", commands], folder), output, compiler)


def compile_alone(compiler, flags):
    """Compile a copy without a port, as one object; the names it wants."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(f"{TOP}/libc/malloc", f"{folder}/malloc")
        os.mkdir(f"{folder}/include")
        shutil.copy(f"{TOP}/libc/include/malloc.h", f"{folder}/include")
        os.remove(f"{folder}/malloc/tools/info.c")
        sources = [os.path.relpath(path, folder) for pattern in ("*.c", "tools/*.c")
                   for path in glob.glob(f"{folder}/malloc/{pattern}")]
        run([compiler, "-std=gnu11", "-O2", "-Wall", "-Wextra", "-ffreestanding",
             *only_own_headers(compiler), *flags, "-c", *sources], folder)
        objects = glob.glob("*.o", root_dir=folder)
        run(["ld", "-r", "-o", "all.o", *objects], folder)
        return set(run(["nm", "-u", "--format=just-symbols", "all.o"],
                       folder).split())


def needs_ten_functions_and_four(compiler, flags):
    with open(f"{TOP}/libc/malloc/port.h", encoding="utf-8") as file:
        ports = set(re.findall(r"\b(port_\w+)\(", file.read()))
    ports -= {"port_boot"}
    expect(len(ports), 10, sorted(ports))
    wanted = compile_alone(compiler, flags)
    expect(sorted(wanted - FOUR), sorted(ports), f"{compiler} {flags}")


def gcc_follows_the_manual():
    follow_the_manual("gcc")


def clang_follows_the_manual():
    follow_the_manual("clang")


def gcc_compiles_for_threads():
    needs_ten_functions_and_four("gcc", [])


def gcc_compiles_for_a_kernel():
    needs_ten_functions_and_four("gcc", KERNEL_FLAGS)


def clang_compiles_for_a_kernel():
    needs_ten_functions_and_four("clang", KERNEL_FLAGS)


def clang_compiles_for_other_machines():
    """64 bits, of either byte order."""
    for target in "aarch64", "riscv64", "s390x":
        for path in glob.glob(f"{TOP}/libc/malloc/*.c"):
            run(["clang", f"--target={target}-linux-gnu", "-std=gnu11", "-O2",
                 "-ffreestanding", *only_own_headers("clang"), "-fsyntax-only",
                 path], TOP)


def is_installed(test):
    compiler = test.__name__.split("_")[0]
    if not shutil.which(compiler):
        print(f"    {compiler} is not installed", flush=True)
        return False
    return True


main([test for test in (
    gcc_follows_the_manual, clang_follows_the_manual, gcc_compiles_for_threads,
    gcc_compiles_for_a_kernel, clang_compiles_for_a_kernel,
    clang_compiles_for_other_machines) if is_installed(test)])
