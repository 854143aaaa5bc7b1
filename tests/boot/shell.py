"""The kernel shell: its language, its views, and one clear line for a mistake."""

import os
import re
import subprocess
import tempfile

import guest
import qemu
from report import Failed, expect, main


def run(line, **machine):
    """Output and status of a line; whatever is no status of its own fails."""
    result = guest.run(line, **machine)
    if result.reason:
        raise Failed(f"{line}: {result.reason}\n{result.tail()}")
    return result.output.decode(), result.status


def lines_run_in_order_and_keep_the_status():
    expect(run("echo one; false; echo $?; true; echo $?; exit 5"),
           ("one\n1\n0\n", 5))


def background_job_runs_beside():
    output, status = run("sleep 0.2 & echo first; wait; echo then")
    expect([line for line in output.split("\n") if line in ("first", "then")],
           ["first", "then"], output)
    expect(status, 0)


def mistakes_are_one_line_and_a_status():
    for line, status in (("nosuchcommand", 127), ("ps --nosuch", 1),
                         ("ps -o nosuch", 1), ("free --nosuch", 1),
                         ("ledger --nosuch", 2), ("maps 99999", 1),
                         ("pmap 99999", 42), ("pmap", 2), ("pmap x", 1),
                         ("maps", 2), ("maps x", 2), ("kill 99999", 1),
                         ("kill", 2), ("sleep", 2), ("sleep x", 2),
                         ("cat /does/not/exist", 1), ("ls /does/not/exist", 2),
                         ("syscalls -x", 2), ("faults extra", 2)):
        output, got = run(line)
        expect(got != 0, True, f"{line}: a non-zero status, not {got}")
        expect(bool(output.strip()), True, f"{line}: a word about it")
        if len(output) > 400:
            raise Failed(f"{line}: too much to read\n{output}")


def program_that_is_missing_or_broken_is_told():
    with tempfile.TemporaryDirectory() as root:
        with open(f"{root}/notelf", "wb") as file:
            file.write(b"\x7fELF" + b"\0" * 100)
        os.chmod(f"{root}/notelf", 0o755)
        output, status = run("/notelf; echo $?; /missing", root=root)
    expect(status, 127)
    expect(re.findall(r"^\d+$", output, re.MULTILINE), ["126"], output)


def with_sleeper(line):
    """Run a line while tests/boot/foreign/asleep.c sleeps in the guest."""
    with tempfile.TemporaryDirectory() as root:
        source = os.path.join(qemu.TOP, "tests", "boot", "foreign", "asleep.c")
        os.mkdir(f"{root}/bin")
        subprocess.run(["musl-gcc", "-static", "-O2", "-o",
                        f"{root}/bin/asleep", source], check=True)
        return run(f"asleep & sleep 0.5; {line}; kill -9 %1; wait", root=root)


def ps_tells_the_faults_that_getrusage_told():
    output, _ = with_sleeper("ps -o majflt,minflt -C asleep")
    own = re.search(r"^ +(\d+) +(\d+)$", output, re.MULTILINE)
    if not own:
        raise Failed(f"asleep did not say its faults\n{output}")
    expect(int(own[2]) >= 1000, True, f"a fault for each page: {output}")
    expect(f"MAJFLT MINFLT\n{own[0]}\n" in output, True, output)


def ps_prints_the_columns_of_procps():
    output, _ = with_sleeper("ps -o pid,majflt,minflt,rss,vsz,comm -C asleep; "
                             "ps -o maj_flt,min_flt,pid -C asleep")
    expect("  PID MAJFLT MINFLT   RSS    VSZ COMMAND\n" in output, True, output)
    expect(" MAJFL  MINFL   PID\n" in output, True, output)
    row = re.search(r"^ *\d+ +\d+ +\d+ +(\d+) +(\d+) asleep$", output,
                    re.MULTILINE)
    if not row or not 4000 <= int(row[1]) <= int(row[2]):
        raise Failed(f"RSS and VSZ in KiB\n{output}")


def ps_without_a_match_prints_the_header_and_fails():
    expect(run("ps -o majflt,minflt -C nosuchprog"), ("MAJFLT MINFLT\n", 1))


def maps_shows_the_regions_of_a_program():
    output, _ = with_sleeper("ps -o pid= -C asleep; maps 2")
    line = re.compile(r"^[0-9a-f]{8,}-[0-9a-f]{8,} [r-][w-][x-][ps] [0-9a-f]{8} "
                      r"[0-9a-f]{2}:[0-9a-f]{2} \d+ +(.*)$", re.MULTILINE)
    names = [match[1] for match in line.finditer(output)]
    for name in ("/bin/asleep", "[stack]"):
        expect(name in names, True, f"{name} in\n{output}\n")


def pmap_agrees_with_ps():
    output, _ = with_sleeper("ps -o pid=,rss=,vsz= -C asleep; pmap -x 2; pmap 2")
    head = ("Address           Kbytes     RSS   Dirty Mode  Mapping\n")
    expect("\n2:   asleep" in output and head in output, True, output)
    rss, vsz = re.search(r"^ *2 +(\d+) +(\d+)$", output, re.MULTILINE).groups()
    rows = re.findall(r"^[0-9a-f]{16} ([ \d]{7}) ([ \d]{7}) ([ \d]{7}) "
                      r"[r-][w-][x-][s-]- ", output, re.MULTILINE)
    expect(sum(int(row[0]) for row in rows), int(vsz), output)
    expect(sum(int(row[1]) for row in rows), int(rss), output)
    dirty = sum(int(row[2]) for row in rows)
    expect(f"---------------- ------- ------- ------- \n"
           f"total kB {vsz:>15} {rss:>7} {dirty:>7}\n" in output, True, output)
    expect(f"\n total {vsz:>16}K\n" in output, True, output)
    expect("  [ stack ]\n" in output, True, output)


def anonymous_pages_of_programs_are_the_ledgers():
    """Nothing is shared here: what smaps calls anonymous, summed, is the ledger's."""
    output, _ = with_sleeper("cat /proc/2/smaps_rollup /proc/2/status; ledger; "
                             "cat /proc/meminfo")
    anonymous = int(re.search(r"^Anonymous: +(\d+) kB$", output,
                              re.MULTILINE)[1])
    expect(anonymous > 0, True, output)
    for pattern in (r"^RssAnon:\s+(\d+) kB$", r"^anonymous +\d+ +(\d+)$",
                    r"^AnonPages: +(\d+) kB$"):
        expect(int(re.search(pattern, output, re.MULTILINE)[1]), anonymous,
               f"{pattern} in\n{output}")


def ledger_adds_up():
    output, status = run("figures >/dev/null; ledger; ledger --check")
    expect(status, 0, output)
    rows = [int(row) for row in re.findall(r"^[a-z][a-z ]*?  +(\d+) +\d+$",
                                           output, re.MULTILINE)]
    total = re.search(r"sum of purposes (\d+) == total (\d+): ok", output)
    if not total:
        raise Failed(f"no equation\n{output}")
    expect(sum(rows), int(total[2]), output)


def free_and_ledger_agree():
    output, _ = run("ledger --free; free")
    frames = int(output.split("\n", 1)[0])
    free = int(re.search(r"^Mem: +\d+ +\d+ +(\d+)", output, re.MULTILINE)[1])
    expect(abs(frames * 4 - free) <= 64, True, f"KiB free in\n{output}")


def faults_are_counted_by_kind():
    output, _ = run("faults; demand 1000 500; faults")
    before, after = (dict(re.findall(r"^(\S+) +(\d+)$", half, re.MULTILINE))
                     for half in output.split("1000 pages"))
    grown = int(after["anon-zero"]) - int(before["anon-zero"])
    expect(500 <= grown <= 600, True, f"anon-zero grew by {grown}\n{output}")


def unknown_system_calls_are_listed():
    """pidfd_open is 434: no promise of ours, so asking for it is counted."""
    with tempfile.TemporaryDirectory() as root:
        os.mkdir(f"{root}/bin")
        subprocess.run(["musl-gcc", "-static", "-x", "c", "-", "-o",
                        f"{root}/bin/ask"], check=True, input=b"""
            #include <unistd.h>
            long syscall(long number, ...);
            int main(void)
            {
                return syscall(434) == -1 && syscall(434) == -1 ? 0 : 1;
            }""")
        output, status = run("ask; echo status $?; syscalls", root=root)
    expect(status, 0)
    expect("status 0\n" in output, True, output)
    expect(bool(re.search(r"^ +434 +\S+ +2$", output, re.MULTILINE)), True,
           f"number 434, asked for twice, in\n{output}")


main([lines_run_in_order_and_keep_the_status, background_job_runs_beside,
      mistakes_are_one_line_and_a_status,
      program_that_is_missing_or_broken_is_told,
      ps_tells_the_faults_that_getrusage_told, ps_prints_the_columns_of_procps,
      ps_without_a_match_prints_the_header_and_fails,
      maps_shows_the_regions_of_a_program, pmap_agrees_with_ps,
      anonymous_pages_of_programs_are_the_ledgers, ledger_adds_up,
      free_and_ledger_agree, faults_are_counted_by_kind,
      unknown_system_calls_are_listed])
