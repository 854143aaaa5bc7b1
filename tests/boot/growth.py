"""Costs grow as they should: with the work, not with what lies around it.

Instructions are counted (ICOUNT), so the figures are the same on any machine.
"""

import os
import sys

import qemu
from report import Failed, main

sys.path.insert(0, os.path.join(qemu.TOP, "tests", "bench"))

import kernel	# noqa: E402

OF_LINUX_AT_MOST = 0.8
FRAME_BYTES = 4096
FIGURES = {}


def figures():
    if not FIGURES:
        FIGURES.update(kernel.parse(kernel.measure()))
    return FIGURES


def rises_at_most(name, first, last, factor):
    got = figures()[name, last] / figures()[name, first]
    print(f"     {name}: {got:.2f} times from {first:,} to {last:,}, "
          f"at most {factor}")
    if got > factor:
        raise Failed(f"{name}: got {got:.2f} times, want at most {factor}")


def faults_do_not_feel_ten_thousand_vmas():
    rises_at_most("fault-VMAs", 10, 10000, 1.3)
    rises_at_most("fault-VMAs", 10, 60000, 1.4)


def maps_grow_like_the_depth_of_a_tree():
    """From 10 to 60,000 VMAs the tree becomes five times as deep."""
    rises_at_most("map-unmap-VMAs", 10, 60000, 3)


def a_mapping_costs_the_same_at_any_size():
    rises_at_most("map-unmap-KiB", 4, 16384, 1.5)


def unmapping_steps_over_what_was_never_touched():
    rises_at_most("unmap-untouched-GiB", 1, 64, 1.5)
    rises_at_most("unmap-untouched-GiB", 1, 16384, 3)


def fork_copies_entries_and_no_pages():
    """Copying a page alone would be 512 instructions of movsq."""
    ticks = figures()["fork-wait-MiB", 1024] / (1024 << 8)
    if ticks > 100:
        raise Failed(f"got {ticks:.0f} instructions a page, want at most 100")


def nothing_costs_more_than_four_fifths_of_linux():
    linux = kernel.of_linux()
    slow = [f"{name} {size}: {ticks} to {linux[name, size]}"
            for (name, size), ticks in figures().items()
            if ticks > OF_LINUX_AT_MOST * linux[name, size]
            and not is_filling(name, size)]
    if slow:
        raise Failed(f"{len(slow)} rows are too slow\n" + "\n".join(slow))


def is_filling(name, size):
    """In large pages nearly all is zeroing, the same for everybody."""
    return name.startswith("fault-") and size == 2048


def boot_touches_each_frames_metadata_once():
    """32 bytes each, cleared with four stores; the rest is a few for a block."""
    small, large = kernel.boot_ticks("1G"), kernel.boot_ticks("16G")
    frames = (15 << 30) // FRAME_BYTES
    each = (large - small) / frames
    print(f"     boot: {each:.2f} instructions for each frame more")
    if each > 6:
        raise Failed(f"got {each:.2f} instructions for a frame, want at most 6")


if __name__ == "__main__":
    main([faults_do_not_feel_ten_thousand_vmas,
          maps_grow_like_the_depth_of_a_tree,
          a_mapping_costs_the_same_at_any_size,
          unmapping_steps_over_what_was_never_touched,
          fork_copies_entries_and_no_pages,
          nothing_costs_more_than_four_fifths_of_linux,
          boot_touches_each_frames_metadata_once])
