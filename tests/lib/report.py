"""What all tests share: lines that say PASS or FAIL, and one that counts them.

A boot test is a script of functions, each named as a test and raising Failed:

    def panic_ends_the_run_with_125(): ...

    report.main([panic_ends_the_run_with_125])
"""

import sys
import threading
import traceback


class Failed(Exception):
    """A test's judgement: what it got and what it wanted."""


def expect(got, want, what=""):
    if got != want:
        raise Failed(f"{what}{': ' if what else ''}got {got!r}, want {want!r}")


class Report:
    """Prints each outcome as it comes, from any thread, and counts."""

    def __init__(self):
        self.passed = 0
        self.failed = 0
        self.lock = threading.Lock()

    def add(self, name, problem=None, detail=""):
        with self.lock:
            if problem is None:
                self.passed += 1
                print(f"PASS {name}", flush=True)
                return
            self.failed += 1
            print(f"FAIL {name}: {problem}", flush=True)
            for line in detail.splitlines():
                print(f"    {line}", flush=True)

    def note(self, line):
        """A figure to see, judged elsewhere."""
        with self.lock:
            print(line, flush=True)

    def run(self, test):
        """One test function; its own exceptions are its failures."""
        try:
            test()
        except Failed as failure:
            first, _, rest = str(failure).partition("\n")
            self.add(test.__name__, first, rest)
        except Exception as error:	# a broken test is a failed one
            self.add(test.__name__, repr(error), traceback.format_exc())
        else:
            self.add(test.__name__)


def main(tests):
    """Run them in order; arguments choose by name. Exit 0 if all passed."""
    report = Report()
    chosen = [test for test in tests
              if not sys.argv[1:] or test.__name__ in sys.argv[1:]]
    for test in chosen:
        report.run(test)
    sys.exit(0 if report.passed and not report.failed else 1)
