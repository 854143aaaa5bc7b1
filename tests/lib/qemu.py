"""The virtual machine: which one, with what attached, and how it ended.

    with Machine(mem="32M", cmd="echo hello") as machine:
        ...

Nothing here knows what is being tested. The kernel's side of the contract:

  fw_cfg opt/faultline/cmd    run this line in the shell, then end
  fw_cfg opt/faultline/root   lay this cpio archive over the root folder
  port 0xe9 (debugcon)        what the guest prints on behalf of that line
  COM1                        everything that the console shows
  port 0xf4 (debug-exit)      0x10: an orderly end, 0x11: a panic
  last line of the console    "faultline: exit status N"
"""

import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
QEMU = "qemu-system-x86_64"

# QEMU turns a byte written to the debug-exit port into (byte << 1) | 1.
EXIT_ORDERLY = 0x10 << 1 | 1
EXIT_PANIC = 0x11 << 1 | 1

# Firmware for UEFI, as a code and a variable file: Debian and Ubuntu, Fedora,
# Arch, Homebrew.
FIRMWARE = (
    ("/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"),
    ("/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd"),
    ("/usr/share/edk2/ovmf/OVMF_CODE.fd", "/usr/share/edk2/ovmf/OVMF_VARS.fd"),
    ("/usr/share/edk2/x64/OVMF_CODE.4m.fd", "/usr/share/edk2/x64/OVMF_VARS.4m.fd"),
    ("/opt/homebrew/share/qemu/edk2-x86_64-code.fd",
     "/opt/homebrew/share/qemu/edk2-i386-vars.fd"),
    ("/usr/local/share/qemu/edk2-x86_64-code.fd",
     "/usr/local/share/qemu/edk2-i386-vars.fd"),
)


class Trouble(Exception):
    """The machine cannot be put together; the text says why."""


def size_bytes(text):
    """'256M' as a number of bytes. Without a unit it is MiB, as for QEMU."""
    match = re.fullmatch(r"(\d+)([KMG]?)i?B?", text.strip(), re.IGNORECASE)
    if not match:
        raise Trouble(f"'{text}' is not a size; try 512M or 4G")
    shift = {"K": 10, "M": 20, "G": 30, "": 20}[match[2].upper()]
    return int(match[1]) << shift


def clean(console):
    """Console bytes as lines to read: no carriage return, no escape."""
    text = console.decode("utf-8", "replace").replace("\r", "")
    text = re.sub(r"\x1b(\[[0-9;?=]*[a-zA-Z]|[()].|[a-zA-Z=>78])", "", text)
    return re.sub(r"[^\n\t -~\u00a0-\uffff]", "", text)


def make_swap(path, size):
    """A sparse file with the header that mkswap writes."""
    page = 4096
    with open(path, "wb") as file:
        file.truncate(size)
        file.seek(1024)
        file.write(struct.pack("<III", 1, size // page - 1, 0))
        file.seek(page - 10)
        file.write(b"SWAPSPACE2")


def pack_root(folder, archive):
    if not os.path.isdir(folder):
        raise Trouble(f"ROOT={folder}: no such folder")
    cpio = os.path.join(TOP, "iso", "cpio.py")
    done = subprocess.run([sys.executable, cpio, folder, archive],
                          stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise Trouble(done.stderr.strip())


def firmware(scratch):
    """QEMU's options for UEFI; the variables are a copy, to be written to."""
    for code, variables in FIRMWARE:
        if os.path.exists(code) and os.path.exists(variables):
            mine = os.path.join(scratch, "uefi-variables")
            shutil.copyfile(variables, mine)
            pflash = "if=pflash,format=raw,file="
            return ["-drive", f"{pflash}{code},readonly=on",
                    "-drive", f"{pflash}{mine}"]
    raise Trouble("UEFI=1 needs the OVMF firmware (Debian: apt-get install ovmf)")


class Machine:
    """One QEMU, from its options to its end. Leaves no file and no process."""

    def __init__(self, iso=None, cmd=None, root=None, mem="512M", smp="1",
                 swap=None, icount=False, uefi=False, kvm=False,
                 reboot=False, stick=False):
        self.iso = iso or os.path.join(TOP, "build", "faultline.iso")
        self.medium = (["-drive", f"if=none,id=stick,format=raw,readonly=on,"
                                  f"file={self.iso}", "-usb",
                        "-device", "usb-storage,drive=stick"] if stick
                       else ["-cdrom", self.iso, "-boot", "d"])
        self.process = None
        self.scratch = tempfile.mkdtemp(prefix="faultline-")
        self.console_log = os.path.join(self.scratch, "console")
        try:
            self.options = self.hardware(mem, smp, icount, kvm)
            if uefi:
                self.options += firmware(self.scratch)
            if swap:
                self.options += self.swap_disk(size_bytes(swap))
            self.options += self.offers(cmd, root)
            self.options += [] if reboot else ["-no-reboot"]
        except BaseException:
            shutil.rmtree(self.scratch)
            raise

    def hardware(self, mem, smp, icount, kvm):
        if not os.path.exists(self.iso):
            raise Trouble(f"{self.iso} is missing: make iso")
        # reserve=off: 64 GiB for the guest need not exist here until touched.
        options = ["-machine", "pc,memory-backend=ram",
                   "-object", "memory-backend-ram,id=ram,reserve=off,"
                              f"size={size_bytes(mem)}",
                   "-m", f"{size_bytes(mem) >> 20}M",
                   "-smp", str(smp), "-cpu", "max",
                   "-accel", "kvm" if kvm else "tcg",
                   "-nic", "none",
                   "-device", "isa-debug-exit,iobase=0xf4,iosize=4"] + self.medium
        if icount:
            options += ["-icount", "shift=0,sleep=off"]
        return options

    def swap_disk(self, size):
        path = os.path.join(self.scratch, "swap")
        make_swap(path, size)
        return ["-drive", f"if=virtio,format=raw,cache=unsafe,file={path}"]

    def offers(self, cmd, root):
        """What the kernel finds in fw_cfg. Files: a comma means itself there."""
        options = []
        if cmd is not None:
            path = os.path.join(self.scratch, "cmd")
            with open(path, "w", encoding="utf-8") as file:
                file.write(cmd)
            options += ["-fw_cfg", f"name=opt/faultline/cmd,file={path}"]
        if root:
            path = os.path.join(self.scratch, "root")
            pack_root(root, path)
            options += ["-fw_cfg", f"name=opt/faultline/root,file={path}"]
        return options

    def start(self, options, start_new_session=True, **popen):
        """Start QEMU, unless told otherwise out of reach of our Ctrl-C."""
        command = [QEMU] + self.options + options
        try:
            self.process = subprocess.Popen(
                command, start_new_session=start_new_session, **popen)
        except FileNotFoundError as error:
            raise Trouble(f"{QEMU} is not installed") from error
        return self.process

    def console(self):
        """Everything the console has shown so far, as bytes."""
        try:
            with open(self.console_log, "rb") as file:
                return file.read()
        except FileNotFoundError:
            return b""

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
