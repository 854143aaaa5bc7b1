"""A promise of twice the memory comes due: who is killed without swap, and what
the kernel says about it, and that with swap nobody is and nothing is lost. At the
scale that people quote, which takes minutes:

    PYTHONPATH=tests/lib tests/boot/swap.py full
"""

import os
import re
import shutil
import sys
import tempfile

import guest
import qemu
from report import Failed, expect, main

PROMISE = "/tests/oom_promise_comes_due"

TABLE = re.compile(
    r"^(?P<who>\S+) invoked oom-killer: gfp_mask=0xcc0\(GFP_KERNEL\), order=0, "
    r"oom_score_adj=0\n"
    r"Tasks state \(memory values in pages\):\n"
    r"\[  pid  \]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem "
    r"pgtables_bytes swapents oom_score_adj name\n"
    r"(?P<rows>(\[ *\d+\].*\n)+)"
    r"oom-kill:constraint=CONSTRAINT_NONE,nodemask=\(null\),.*task=(?P<task>\S+),"
    r"pid=\d+,uid=0\n"
    r"Out of memory: Killed process \d+ \((?P=task)\) total-vm:\d+kB, "
    r"anon-rss:(?P<anon>\d+)kB, file-rss:\d+kB, shmem-rss:\d+kB, UID:0 "
    r"pgtables:\d+kB oom_score_adj:0$", re.M)


def run(cmd, **machine):
    """With one program alone: files are in memory, and go to the swap too."""
    machine.setdefault("timeout", 300)
    with tempfile.TemporaryDirectory() as root:
        os.mkdir(os.path.join(root, "tests"))
        shutil.copy(os.path.join(qemu.TOP, "build", "tests", "root") + PROMISE,
                    root + PROMISE)
        return guest.run(cmd, root=root, **machine)


def killed(result):
    """The log of the OOM killer, as a match of TABLE."""
    expect(result.reason, None, result.tail())
    expect(result.status, 137, result.tail())
    found = TABLE.search(qemu.clean(result.console))
    if not found:
        raise Failed(f"no log of the OOM killer:\n{result.tail(60)}")
    return found


def swapents(found):
    """Of the one who was killed: the column before oom_score_adj."""
    rows = [row.split("]")[1].split() for row in found["rows"].splitlines()]
    return max(int(row[8]) for row in rows if row[10] == found["task"])


def twice_the_ram_without_swap_is_killed():
    found = killed(run(f"{PROMISE} 128", mem="64M"))
    expect(swapents(found), 0)
    if int(found["anon"]) < 40 << 10:
        raise Failed(f"killed with {found['anon']} kB")


def twice_the_ram_with_swap_is_paid():
    result = run(f"{PROMISE} 128; swapoff /dev/vda; ledger --check",
                 mem="64M", swap="128M")
    expect(result.status, 0, result.tail())
    expect(result.output.decode().splitlines(),
           ["all 32768 pages are right, with major faults", "ledger ok"])


def more_than_ram_and_swap_is_killed():
    found = killed(run(f"{PROMISE} 200", mem="64M", swap="64M"))
    if swapents(found) < 16000:
        raise Failed(f"{swapents(found)} pages swapped")


def strict_accounting_counts_swap():
    """Mode 2: what can be promised is half the RAM, and all of swap."""
    result = run("echo 2 >/proc/sys/vm/overcommit_memory; "
                 f"{PROMISE} 150; {PROMISE} 120; "
                 "cat /proc/meminfo", mem="64M", swap="128M")
    lines = result.output.decode().splitlines()
    numbers = {line.split(":")[0]: int(line.split()[1])
               for line in lines if line.endswith(" kB")}
    expect(numbers["CommitLimit"],
           numbers["MemTotal"] // 8 * 4 + numbers["SwapTotal"])
    expect(lines[1], "all 30720 pages are right, with major faults",
           result.tail())


def shell_switches_swap():
    result = run("free; swapoff /dev/vda; cat /proc/swaps; "
                 "swapon -p 5 /dev/vda; cat /proc/swaps; swapon -s; "
                 "swapon /dev/vda; swapoff /dev/sr0; vmstat",
                 mem="64M", swap="4M")
    lines = [line for line in result.output.decode().splitlines()
             if not line.startswith("Adding ")]
    header = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority"
    expect(lines[2], "Swap:           4092           0        4092")
    expect(lines[3:6], [header, header, "/dev/vda".ljust(40) +
                        "partition\t4092\t\t0\t\t5"])
    expect(lines[7].split(), ["/dev/vda", "partition", "4092K", "0K", "5"])
    expect(result.output.decode().count("Device or resource busy"), 1,
           result.tail())


def full():
    """8 GiB on a machine with 4, as the textbooks have it."""
    killed(run(f"{PROMISE} 8192", mem="4G", timeout=3600))
    result = run(f"{PROMISE} 8192", mem="4G", swap="6G", timeout=3600)
    expect(result.output, b"all 2097152 pages are right, with major faults\n",
           result.tail())


if __name__ == "__main__" and sys.argv[1:] == ["full"]:
    main([full])
else:
    main([twice_the_ram_without_swap_is_killed,
          twice_the_ram_with_swap_is_paid,
          more_than_ram_and_swap_is_killed,
          strict_accounting_counts_swap,
          shell_switches_swap])
