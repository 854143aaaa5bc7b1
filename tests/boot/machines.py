"""One image, many machines: firmware, memory sizes, disks."""

import re

import guest
import qemu
from report import Failed, expect, main

# What a machine has to do: find its memory, run programs, lose no frame.
JOB = "figures --table; validate"


def total_kib(output):
    match = re.search(r"^Mem: +(\d+)", output, re.MULTILINE)
    if not match:
        raise Failed(f"free did not print a total\n{output}")
    return int(match[1])


def works(least_of_ram, **machine):
    """Boots, runs the job, and finds at least that share of its memory."""
    result = guest.run(f"free; {JOB}", **machine)
    output = result.output.decode()
    if result.reason or result.status:
        raise Failed(f"status {result.status}, {result.reason}\n{result.tail()}")
    expect(bool(re.search(r"\b94\b", output)), True, f"94 faults in\n{output}\n")
    kib = qemu.size_bytes(machine.get("mem", "512M")) >> 10
    found = total_kib(output)
    if not kib * least_of_ram <= found <= kib:
        raise Failed(f"found {found} KiB of memory, the machine has {kib}")


def boots_under_bios():
    works(0.98)


def boots_under_uefi():
    works(0.90, uefi=True)		# the firmware keeps some for itself


def boots_with_32_mib():
    works(0.90, mem="32M")


def boots_below_the_pci_hole():
    works(0.98, mem="3G")


def boots_around_the_pci_hole():
    works(0.98, mem="5G")


def boots_with_64_gib():
    works(0.98, mem="64G", timeout=120)


def boots_with_64_gib_under_uefi():
    works(0.98, mem="64G", uefi=True, timeout=120)


def boots_with_a_second_processor():
    works(0.98, smp="2")


def boots_with_a_swap_disk():
    works(0.98, swap="256M")


def same_run_same_instructions():
    """Under ICOUNT two runs agree to the tick: the machine is deterministic."""
    ticks = {re.search(rb"boot took (\d+) ticks",
                       guest.run("true", icount=True).console)[1]
             for _ in range(2)}
    expect(len(ticks), 1, f"boot ticks {ticks}")


def boots_from_a_usb_stick():
    """The image is also a disk image: written to a stick it boots as well."""
    result = guest.run("echo from a stick", stick=True)
    expect((result.status, result.output), (0, b"from a stick\n"), result.tail())


main([boots_under_bios, boots_under_uefi, boots_with_32_mib,
      boots_below_the_pci_hole, boots_around_the_pci_hole, boots_with_64_gib,
      boots_with_64_gib_under_uefi, boots_with_a_second_processor,
      boots_with_a_swap_disk, same_run_same_instructions,
      boots_from_a_usb_stick])
