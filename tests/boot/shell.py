"""The kernel shell runs lines as other shells do, and its commands say the truth."""

import re

import guest
from report import Failed, expect, main


def run(line):
    """(status, output) of one line."""
    result = guest.run(line)
    if result.reason:
        raise Failed(f"{result.reason}\n{result.tail()}")
    return result.status, result.output.decode()


def check(cases):
    """Each (line, output) in one boot; a marker separates what they print."""
    mark = "@@@\n"
    _, output = run("\n".join(f"{line}\necho @@@" for line, _ in cases))
    got = output.split(mark)
    expect(len(got), len(cases) + 1, f"parts in\n{output}\n")
    for (line, want), text in zip(cases, got):
        expect(text, want, line)


def words_and_lists_follow_the_shells():
    check([
        ("echo a  'b  c' \"d $?\" e\\ f # g", "a b  c d 0 e f\n"),
        ("echo -n a; echo -e 'b\\tc\\x41\\060'", "ab\tcA0\n"),
        ("true && echo yes || echo no", "yes\n"),
        ("false && echo yes || echo no", "no\n"),
        ("false; echo $?; true; echo $?", "1\n0\n"),
        ("A=one; echo \"<$A>\"", "<one>\n"),
        ("A=5 env", "PATH=/bin:/tests\nHOME=/\nTERM=vt100\nA=5\n"),
        ("export B=6; env C=7 A=8", "PATH=/bin:/tests\nHOME=/\nTERM=vt100\n"
                                    "B=6\nC=7\nA=8\n"),
        ("echo 'open", "sh: syntax error: a ' quote is not closed\n"),
        ("a ;; b", "sh: syntax error near ';'\n"),
    ])
    expect(run("echo 'open")[0], 2, "status of a syntax error")


def pipes_and_redirects_connect_streams():
    check([
        ("echo one | cat | cat", "one\n"),
        ("echo one >/tmp/f; echo two >>/tmp/f; cat </tmp/f", "one\ntwo\n"),
        ("cat /nope 2>/tmp/e; cat /tmp/e",
         "cat: /nope: No such file or directory\n"),
        ("cat /nope 2>&1 >/dev/null | cat",
         "cat: /nope: No such file or directory\n"),
        ("hello >/tmp/h && cat /tmp/h | cat >/tmp/g; cat /tmp/g >/dev/null",
         ""),
        ("echo x >/no/dir", "sh: /no/dir: No such file or directory\n"),
        ("false | true; echo $?; true | false; echo $?", "0\n1\n"),
    ])


def status_says_how_a_command_ended():
    check([
        ("nosuch; echo $?", "sh: nosuch: command not found\n127\n"),
        ("/bin/nosuch; echo $?",
         "sh: /bin/nosuch: No such file or directory\n127\n"),
        ("/etc/motd; echo $?", "sh: /etc/motd: Permission denied\n126\n"),
    ])
    status, output = run("segv null")
    expect(status, 139)
    expect(output.endswith("Segmentation fault\n"), True, output)


def wrong_calls_are_one_clear_line():
    check([
        ("ps -C", "error: list of command names must follow -C\n\nUsage:\n"
                  " ps [options]\n\n"
                  " Try 'help ps' for the options and column keys.\n"),
        ("kill", "kill: no PID given; type: help kill\n"),
        ("kill 9999", "kill: (9999): No such process\n"),
        ("kill abc",
         "kill: 'abc' is not a PID; to see them type: ps -e\n"),
        ("kill -NO 1",
         "kill: unknown signal 'NO'; to see them type: kill -l\n"),
        ("maps 9999", "maps: (9999): No such process; to see them type: "
                      "ps -e\n"),
        ("maps 1", "maps: (1) has no address space: it belongs to the kernel "
                   "or has exited\n"),
        ("free -z", "free: unknown option -z; type: help free\n"),
        ("sleep soon", "sleep: 'soon' is not a number of seconds; "
                       "type: help sleep\n"),
        ("help nosuch", "help: no command 'nosuch' in the shell; to see them "
                        "type: help\n"),
        ("cd /nope", "cd: /nope: No such file or directory\n"),
        ("ledger --fre", "ledger: unknown option '--fre'; "
                         "type: help ledger\n"),
    ])
    for line in ("kill 9999", "maps 9999", "free -z", "ps -o xyz", "cd /nope"):
        expect(run(line)[0] != 0, True, f"{line} fails")


def ps_finds_tasks_by_name():
    check([
        ("ps -o pid,comm", "  PID COMMAND\n    1 sh\n"),
        ("ps -o majflt,minflt -C nosuchprog; echo $?", "MAJFLT MINFLT\n1\n"),
        ("sleep 60 & ps -o ppid,comm -C sleep; echo $?; kill %1; wait",
         " PPID COMMAND\n    1 sleep\n0\n"),
        ("ps -C sleep --no-headers; echo $?", "1\n"),
        ("ps -o xyz", 'error: unknown user-defined format specifier "xyz"\n\n'
                      "Usage:\n ps [options]\n\n"
                      " Try 'help ps' for the options and column keys.\n"),
    ])


def jobs_in_the_background_are_waited_for():
    check([
        ("sleep 0.2 & jobs; wait; jobs", "[1] Running\tsleep 0.2\n"),
        ("sleep 60 & kill %1; wait; echo $?", "0\n"),
        ("sleep 60 & kill %1; wait %1; echo $?", "130\n"),
        ("wait 1", "wait: 1 is not a job of this shell; to see them type: "
                   "jobs\n"),
    ])


def files_are_made_moved_and_removed():
    check([
        ("mkdir -p /tmp/a/b/c; echo x >/tmp/a/f; cp /tmp/a/f /tmp/a/b; "
         "mv /tmp/a/f /tmp/a/b/g; ls /tmp/a /tmp/a/b",
         "/tmp/a:\nb\n\n/tmp/a/b:\nc\nf\ng\n"),
        ("cd /tmp/a/b; pwd; cat g; cd; pwd", "/tmp/a/b\nx\n/\n"),
        ("mkdir /tmp/a", "mkdir: /tmp/a: File exists\n"),
        ("rm /tmp/a", "rm: /tmp/a: Is a directory\n"),
        ("rm -r /tmp/a; ls /tmp", ""),
        ("ls /tmp/a; echo $?",
         "ls: cannot access '/tmp/a': No such file or directory\n2\n"),
        ("ls -ld /dev/null | cat >/tmp/l; rm /tmp/l", ""),
    ])


def numbers_of_memory_agree():
    output = run("free; ledger; ledger --free; buddyinfo; ledger --check; "
                 "validate")[1]
    free_kib = int(re.search(r"^Mem: +\d+ +\d+ +(\d+)", output, re.M)[1])
    ledger = int(re.search(r"^free +(\d+)", output, re.M)[1])
    alone = int(re.search(r"^(\d+)$", output, re.M)[1])
    total = re.search(r"sum of purposes (\d+) == total (\d+): ok", output)
    expect(abs(free_kib // 4 - ledger) < 16, True, f"free and ledger\n{output}")
    expect(abs(alone - ledger) < 16, True, f"ledger --free\n{output}")
    expect(total and total[1] == total[2], True, output)
    blocks = re.search(r"^Node 0, zone   Normal ((?: *\d+ ){11})$", output, re.M)
    frames = sum(int(count) << order
                 for order, count in enumerate(blocks[1].split()))
    expect(abs(frames - ledger) < 600, True,
           f"buddyinfo, less what the CPU's list holds\n{output}")
    expect("ledger ok\n" in output and "frames ok\n" in output, True, output)


def faults_are_counted_by_kind():
    output = run("faults; demand 100 50 >/dev/null; faults")[1]
    first, second = output.split("KIND")[1:]
    count = [dict((line.split()[0], int(line.split()[1]))
                  for line in text.splitlines()[1:])
             for text in (first, second)]
    expect(count[1]["minor"] - count[0]["minor"] >= 50, True, output)
    kinds = sum(count[1].values()) - sum(
        count[1][name] for name in ("minor", "major", "rejected",
                                    "stack-grow"))
    expect(kinds, count[1]["minor"] + count[1]["major"], "sum of kinds")


def time_shows_the_faults_of_a_program():
    output = run("time demand 100 50 >/dev/null")[1]
    minor = int(re.search(r"Minor .* page faults: (\d+)$", output, re.M)[1])
    expect(50 <= minor < 100, True, output)
    expect(bool(re.search(r"^real\t0m\d+\.\d{3}s$", output, re.M)), True,
           output)


def unknown_system_calls_are_listed():
    output = run("syscalls -a")[1]
    expect(bool(re.search(r"^    9  mmap$", output, re.M)), True, output)


def every_command_has_help():
    listing = run("help")[1]
    names = re.findall(r"^([a-z]+)  +\S", listing, re.M)
    expect(len(names) > 40, True, listing)
    output = run("; ".join(f"help {name}" for name in names))[1]
    for name in names:
        expect(f"usage: {name}" in output, True, name)
    for line in listing.splitlines():
        expect(len(line) <= 80, True, f"{line!r} fits on a row")


main([words_and_lists_follow_the_shells, pipes_and_redirects_connect_streams,
      status_says_how_a_command_ended, wrong_calls_are_one_clear_line,
      ps_finds_tasks_by_name, jobs_in_the_background_are_waited_for,
      files_are_made_moved_and_removed, numbers_of_memory_agree,
      faults_are_counted_by_kind, time_shows_the_faults_of_a_program,
      unknown_system_calls_are_listed, every_command_has_help])
