"""A mistake of the kernel's own is reported and ends the run; without the
report nobody could tell what to mend, and without the end a test would hang."""

import re

import guest
from report import expect, main

REGISTERS = ("rip", "rax", "r15", "cr2", "rsp")


def panic_of(cmd):
    """The panic report that @cmd ends in."""
    result = guest.run(cmd, timeout=30)
    expect(result.status, guest.PANIC)
    _, found, report = result.tail(100).partition("kernel panic: ")
    expect(bool(found), True, result.tail(100))
    for register in REGISTERS:
        expect(bool(re.search(rf"\b{register} +[0-9a-f]{{16}}", report)), True,
               f"{register} in\n{report}\n")
    return report


def null_pointer_names_the_function():
    report = panic_of("panic --null")
    expect(report.splitlines()[0],
           "page fault in the kernel: write at 0")
    expect("cr2 0000000000000000" in report, True, report)
    expect(bool(re.search(r"^ (write_null|cmd_panic)\+0x", report, re.M)),
           True, report)


def stack_overflow_is_a_double_fault_with_a_backtrace():
    report = panic_of("panic --overflow")
    expect(report.splitlines()[0], "kernel stack overflow (double fault)")
    expect("vector 8 " in report, True, report)
    expect(report.count("overflow_stack+0x") > 5, True, report)


def double_free_names_the_block():
    """In malloc's own words, and with the caller in the backtrace."""
    report = panic_of("panic --double-free")
    expect(bool(re.match(r"malloc: double free: 0xffffe0[0-9a-f]{10}$",
                         report.splitlines()[0])), True, report)
    expect(bool(re.search(r"^ (kfree|free_twice|cmd_panic)\+0x", report, re.M)),
           True, report)


main([null_pointer_names_the_function,
      stack_overflow_is_a_double_fault_with_a_backtrace,
      double_free_names_the_block])
