"""What this machine's Linux is like, which the tests ask how it should be."""

import functools
import mmap
import resource

NR_PAGES = 64


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


NO_ZERO_FRAME = "not compared: this Linux has no frame of zeros"
