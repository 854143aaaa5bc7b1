"""What this machine's Linux is like, which the tests ask how it should be."""

import functools
import mmap
import resource

NR_PAGES = 64
TABLE_BYTES = 2 << 20         # what the pages of one table hold


@functools.cache
def has_zero_frame():
    """Does reading a fresh page show the frame of zeros, and cost no memory?

    Some kernels that share their page tables with a hypervisor give each page a
    frame at once, so that a later write does not fault.
    """
    pages = mmap.mmap(-1, NR_PAGES * mmap.PAGESIZE,
                      mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    for i in range(NR_PAGES):
        _ = pages[i * mmap.PAGESIZE]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for i in range(NR_PAGES):
        pages[i * mmap.PAGESIZE] = 1
    after = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    return after - before >= NR_PAGES


def page_tables_kib():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status
                    if line.startswith("VmPTE"))


@functools.cache
def has_table_reclaim():
    """Do page tables go with their pages at MADV_DONTNEED? Since Linux 6.14."""
    pages = mmap.mmap(-1, TABLE_BYTES * 9, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    pages.madvise(mmap.MADV_NOHUGEPAGE)
    for i in range(0, TABLE_BYTES * 9, mmap.PAGESIZE):
        pages[i] = 1
    before = page_tables_kib()
    pages.madvise(mmap.MADV_DONTNEED)
    return page_tables_kib() < before - 16


NO_ZERO_FRAME = "not compared: this Linux has no frame of zeros"
NO_TABLE_RECLAIM = "not run: this Linux keeps empty page tables"
