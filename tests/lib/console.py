"""A booted machine with somebody at it: serial terminal, keyboard, screen."""

import json
import os
import re
import socket
import time

import qemu
import screen
from report import Failed

PROMPT = r"faultline[^\n]*[>$#] ?$"

# Keys that a typist needs, by QEMU's names for them.
QCODES = {" ": "spc", "\n": "ret", "-": "minus", "=": "equal", ".": "dot",
          ",": "comma", "/": "slash", ";": "semicolon", "'": "apostrophe"}


def connect(path, process):
    """Wait for QEMU to make its socket, then connect to it."""
    link = socket.socket(socket.AF_UNIX)
    for _ in range(200):
        try:
            link.connect(path)
            return link
        except (FileNotFoundError, ConnectionRefusedError):
            if process.poll() is not None:
                break
            time.sleep(0.05)
    raise Failed("QEMU did not start")


class Console(qemu.Machine):
    """Boots to the prompt. Serial input and output, and QEMU's control link."""

    def __enter__(self):
        serial = os.path.join(self.scratch, "serial")
        control = os.path.join(self.scratch, "control")
        process = self.start(["-display", "none",
                              "-serial", f"unix:{serial},server=on,wait=off",
                              "-qmp", f"unix:{control},server=on,wait=off"],
                             stdin=qemu.subprocess.DEVNULL)
        self.serial = connect(serial, process)
        self.link = connect(control, process)
        self.replies = self.link.makefile("r", encoding="utf-8")
        self.replies.readline()		# QEMU introduces itself
        self.execute("qmp_capabilities")
        self.seen = b""
        return self

    def execute(self, command, **arguments):
        """A QMP command; its answer. Events in between are not of interest."""
        request = {"execute": command, "arguments": arguments}
        self.link.sendall(json.dumps(request).encode() + b"\n")
        while True:
            reply = json.loads(self.replies.readline())
            if "error" in reply:
                raise Failed(f"{command}: {reply['error']['desc']}")
            if "return" in reply:
                return reply["return"]

    def expect(self, pattern, seconds=30):
        """Read the serial line until its text matches; return the match.

        What was read up to and including the match is not looked at again.
        """
        end = time.monotonic() + seconds
        while True:
            text = qemu.clean(self.seen)
            match = re.search(pattern, text)
            if match:
                self.seen = text[match.end():].encode()
                return match
            self.serial.settimeout(max(end - time.monotonic(), 0.01))
            try:
                data = self.serial.recv(4096)
            except TimeoutError:
                data = b""
            if not data:
                raise Failed(f"no {pattern!r} on the serial line\n{text[-2000:]}")
            self.seen += data

    def type(self, text):
        """At the serial terminal, no faster than a hasty human."""
        for byte in text.encode():
            self.serial.sendall(bytes([byte]))
            time.sleep(0.002)

    def press(self, text):
        """On the PS/2 keyboard, key after key."""
        for letter in text:
            keys = [QCODES.get(letter, letter.lower())]
            if letter.isupper():
                keys.insert(0, "shift")
            self.press_keys(*keys)

    def press_keys(self, *names):
        keys = [{"type": "qcode", "data": name} for name in names]
        self.execute("send-key", **{"keys": keys, "hold-time": 20})
        time.sleep(0.04)

    def screen(self):
        """What the screen shows, as 25 rows of text, read from its picture."""
        picture = os.path.join(self.scratch, "screen.ppm")
        bios = os.path.join(self.scratch, "bios")
        self.execute("screendump", filename=picture)
        self.execute("pmemsave", val=0xc0000, size=0x10000, filename=bios)
        with open(picture, "rb") as ppm, open(bios, "rb") as font:
            return screen.text_of(ppm.read(), font.read())
