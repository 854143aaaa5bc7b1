/*
 * Every number in layout.inc, compared with what C makes of it.
 */
#include "gdt.h"
#include "percpu.h"
#include "syscall.h"
#include "task.h"
#include "trap.h"

#define SAME(number, value) _Static_assert((value) == (number), #value)

SAME(0, offsetof(struct cpu, running));
SAME(8, offsetof(struct cpu, kernel_sp));
SAME(16, offsetof(struct cpu, user_sp));

SAME(0, offsetof(struct task, kernel_sp));
SAME(16, offsetof(struct task, work));

SAME(48, offsetof(struct trap_frame, r11));
SAME(80, offsetof(struct trap_frame, rax));
SAME(88, offsetof(struct trap_frame, rcx));
SAME(120, offsetof(struct trap_frame, vector));
SAME(128, offsetof(struct trap_frame, error));
SAME(136, offsetof(struct trap_frame, rip));
SAME(144, offsetof(struct trap_frame, cs));
SAME(152, offsetof(struct trap_frame, rflags));
SAME(160, offsetof(struct trap_frame, rsp));
SAME(168, offsetof(struct trap_frame, ss));
SAME(176, sizeof(struct trap_frame));

SAME(0x08, KERNEL_CS);
SAME(0x10, KERNEL_SS);
SAME(0x1b, USER_SS);
SAME(0x23, USER_CS);
_Static_assert(USER_CS == USER_SS + 8, "sysret takes SS, then CS, from STAR");

SAME(0, VEC_DIVIDE);
SAME(1, VEC_DEBUG);
SAME(2, VEC_NMI);
SAME(3, VEC_BREAKPOINT);
SAME(4, VEC_OVERFLOW);
SAME(5, VEC_BOUND);
SAME(6, VEC_INVALID_OPCODE);
SAME(7, VEC_NO_FPU);
SAME(8, VEC_DOUBLE_FAULT);
SAME(10, VEC_INVALID_TSS);
SAME(11, VEC_SEGMENT);
SAME(12, VEC_STACK_SEGMENT);
SAME(13, VEC_PROTECTION);
SAME(14, VEC_PAGE_FAULT);
SAME(16, VEC_X87);
SAME(17, VEC_ALIGNMENT);
SAME(18, VEC_MACHINE_CHECK);
SAME(19, VEC_SIMD);
SAME(32, VEC_IRQ_BASE);
SAME(256, VEC_SYSCALL);
SAME(512, NR_SYSCALLS);
