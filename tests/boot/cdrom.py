"""The disc at /cdrom: its files, and programs whose pages come from it."""

import os
import re
import signal
import tempfile

import guest
import qemu
from report import Failed, expect, main

TIMED = re.compile(r"Major[^:]*: (\d+)\n.*?Minor[^:]*: (\d+)")


def run(cmd, **machine):
    result = guest.run(cmd, **machine)
    output = result.output.decode()
    if result.reason or result.status:
        raise Failed(f"status {result.status}, {result.reason}\n"
                     f"{output}{result.tail()}")
    return output


def faults(output):
    """[(major, minor)] of each `time` in the output."""
    return [(int(major), int(minor)) for major, minor in TIMED.findall(output)]


def files_are_those_of_the_image():
    with open(os.path.join(qemu.TOP, "iso", "grub.cfg"), encoding="utf-8") as f:
        config = f.read()
    expect(run("cat /cdrom/boot/grub/grub.cfg"), config)
    expect(run("ls /cdrom/bin"), run("ls /bin"))


def contents_are_the_same_as_in_memory():
    """Both copies of a program, byte for byte, read and not mapped."""
    one = guest.run("cat /cdrom/bin/figures").output
    other = guest.run("cat /bin/figures").output
    expect(len(one) > 4096 and one == other, True, "the same bytes")


def nothing_can_be_changed():
    for cmd in ("echo x > /cdrom/new", "mkdir /cdrom/new", "rm /cdrom/bin/hello",
                "echo x > /cdrom/bin/hello", "mv /cdrom/bin /cdrom/nib"):
        result = guest.run(cmd + " 2>&1")
        expect(result.status != 0 and b"Read-only" in result.output, True,
               f"{cmd}: {result.output}")
    result = guest.run("cat /cdrom/bin/nothing 2>&1")
    expect(b"No such file" in result.output, True, "a name that is not there")


def first_run_reads_the_second_does_not():
    first, second = faults(run("time /cdrom/bin/hello 2>&1\n"
                               "time /cdrom/bin/hello 2>&1"))
    expect(first[0] > 0, True, f"first run: {first}")
    expect(second[0], 0, "major faults of the second run")
    expect(sum(second) <= sum(first), True, f"fewer: {second} after {first}")


def programs_in_memory_have_no_major_faults():
    expect([major for major, _ in faults(run("time /bin/hello 2>&1\n"
                                             "time /bin/figures 2>&1"))],
           [0, 0])


def dropping_caches_makes_the_next_run_read():
    for drop in ("echo 3 > /proc/sys/vm/drop_caches", "drop_caches"):
        first, warm, cold = faults(run("time /cdrom/bin/figures --table 2>&1\n"
                                       "time /cdrom/bin/figures --table 2>&1\n"
                                       f"{drop}\n"
                                       "time /cdrom/bin/figures --table 2>&1\n"
                                       "ledger --check"))
        expect(warm[0], 0, "major faults of the second run")
        expect(cold, first, f"faults after {drop}")


def dropping_caches_gives_every_frame_back():
    """A first use and its end, so that what the kernel keeps is there."""
    use = "cat /cdrom/efi.img > /dev/null\ndrop_caches\nledger --used\n"
    first, second = re.findall(r"^\d+ \d+$", run(use + use), re.MULTILINE)
    expect(first, second, "frames and objects in use")
    cached = run("cat /cdrom/efi.img > /dev/null\nledger")
    expect(int(re.search(r"^page cache +(\d+)", cached, re.MULTILINE)[1]) > 700,
           True, f"3 MB are cached\n{cached}")


def the_same_disc_above_4_gib():
    """The controller reaches 4 GiB; frames come from above where there are."""
    first, second = faults(run("time /cdrom/bin/hello 2>&1\n"
                               "time /cdrom/bin/hello 2>&1", mem="6G"))
    expect((first[0] > 0, second[0]), (True, 0))


def reads_under_uefi():
    """The firmware has used the drive before us, in ways of its own."""
    first, second = faults(run("time /cdrom/bin/hello 2>&1\n"
                               "time /cdrom/bin/hello 2>&1", uefi=True))
    expect((first[0] > 0, second[0]), (True, 0))


def machine_without_a_drive_has_no_disc():
    expect(guest.run("ls /cdrom 2>&1", stick=True).status != 0, True)


def damaged_disc_is_an_error_and_no_more():
    """The image ends in the middle of a program: 4 of its pages are there.

    Exec clears the rest of the last page of data, which cannot be read, when
    there is no way back any more: the program is killed, as on Linux.
    """
    with open(os.path.join(qemu.TOP, "build", "faultline.iso"), "rb") as file:
        image = file.read()
    with open(os.path.join(qemu.TOP, "build/iso/bin/figures"), "rb") as file:
        program = file.read()
    start = image.rindex(program)  # the first copy is in the initramfs
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "cut.iso")
        with open(path, "wb") as file:
            file.write(image[:start + 4 * 4096])
        output = run("cat /cdrom/bin/figures 2>&1 > /part; echo cat $?\n"
                     "/cdrom/bin/figures 2>&1; echo run $?\n"
                     "/cdrom/bin/hello 2>&1; echo gone $?\n"
                     "ls -l /part; ls /cdrom/bin; ledger --check", iso=path)
    for line in ("Input/output error", "cat 1", f"run {128 + signal.SIGKILL}",
                 "gone 126", f" {4 * 4096} ", "twice", "ledger ok"):
        expect(line in output, True, f"'{line}' in\n{output}\n")


main([files_are_those_of_the_image, contents_are_the_same_as_in_memory,
      nothing_can_be_changed, first_run_reads_the_second_does_not,
      programs_in_memory_have_no_major_faults,
      dropping_caches_makes_the_next_run_read,
      dropping_caches_gives_every_frame_back, the_same_disc_above_4_gib,
      reads_under_uefi, damaged_disc_is_an_error_and_no_more,
      machine_without_a_drive_has_no_disc])
