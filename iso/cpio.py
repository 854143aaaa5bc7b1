#!/usr/bin/python3
"""Pack a folder as a cpio archive ("newc"), as the kernel's initramfs reads it.

    cpio.py FOLDER ARCHIVE

The same folder gives the same bytes every time: entries are sorted, owned by
root, dated 0 and numbered in order. Every parent comes before its children.
"""

import os
import stat
import sys


def pad4(data):
    return data + bytes(-len(data) % 4)


def entry(name, ino, mode, body):
    """One header, its name and its body, each padded to four bytes."""
    path = name.encode() + b"\0"
    fields = (ino, mode, 0, 0, 1, 0, len(body), 0, 0, 0, 0, len(path), 0)
    header = b"070701" + b"".join(b"%08X" % field for field in fields)
    return pad4(header + path) + pad4(body)


def paths(folder):
    """Every path below folder, relative to it, parents first."""
    for top, dirs, files in os.walk(folder):
        dirs.sort()
        for name in sorted(dirs + files):
            yield os.path.relpath(os.path.join(top, name), folder)


def pack_one(folder, path, ino):
    full = os.path.join(folder, path)
    mode = os.lstat(full).st_mode
    if stat.S_ISLNK(mode):
        return entry(path, ino, stat.S_IFLNK | 0o777, os.readlink(full).encode())
    if stat.S_ISDIR(mode):
        return entry(path, ino, stat.S_IFDIR | 0o755, b"")
    if not stat.S_ISREG(mode):
        sys.exit(f"cpio.py: {full}: neither file, folder nor symlink")
    with open(full, "rb") as file:
        # Of the permissions only "executable" is kept: a umask is not content.
        executable = 0o111 if mode & 0o100 else 0
        return entry(path, ino, stat.S_IFREG | 0o644 | executable, file.read())


def pack(folder):
    parts = [pack_one(folder, path, ino)
             for ino, path in enumerate(paths(folder), start=1)]
    return b"".join(parts) + entry("TRAILER!!!", 0, 0, b"")


def main():
    if len(sys.argv) != 3 or not os.path.isdir(sys.argv[1]):
        sys.exit("usage: cpio.py FOLDER ARCHIVE")
    with open(sys.argv[2], "wb") as out:
        out.write(pack(sys.argv[1]))


if __name__ == "__main__":
    main()
