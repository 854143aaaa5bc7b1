/*
 * The IDT, and what each exception means: in user mode a signal, in the kernel
 * the end. Page faults have a file of their own.
 */
#include "trap.h"

#include <uapi/signal.h>

#include "arch.h"
#include "fpu.h"
#include "gdt.h"
#include "irq.h"
#include "kstack.h"
#include "page_fault.h"
#include "panic.h"
#include "percpu.h"
#include "signal.h"
#include "task.h"
#include "trap_log.h"

#define NR_GATES 256

/* An interrupt gate: the handler starts with interrupts off. */
#define GATE_INTERRUPT 0x8e
#define GATE_RING3 0x60 /* user code may raise it with an instruction */

struct gate {
	uint16_t offset_low;
	uint16_t selector;
	uint8_t ist;
	uint8_t type;
	uint16_t offset_middle;
	uint32_t offset_high;
	uint32_t reserved;
};

_Static_assert(sizeof(struct gate) == 16, "the CPU's layout");

static struct gate idt[NR_GATES];

/* entry.asm: the stub of each vector, 0 where there is none */
extern const uint64_t isr_table[], isr_table_end[];

/* What a user program gets for an exception. */
struct exception {
	const char *name;
	int signal;
	int code;    /* si_code; 0: fpu.h knows. SI_KERNEL tells no address */
	bool logged; /* Linux prints a line for these */
};

static const struct exception exceptions[] = {
	[VEC_DIVIDE] = { "divide error", SIGFPE, FPE_INTDIV, true },
	[VEC_DEBUG] = { "debug", SIGTRAP, TRAP_TRACE, false },
	[VEC_NMI] = { "non-maskable interrupt", 0, 0, false },
	[VEC_BREAKPOINT] = { "int3", SIGTRAP, SI_KERNEL, false },
	[VEC_OVERFLOW] = { "overflow", SIGSEGV, SI_KERNEL, true },
	[VEC_BOUND] = { "bounds", SIGSEGV, SI_KERNEL, true },
	[VEC_INVALID_OPCODE] = { "invalid opcode", SIGILL, ILL_ILLOPN, true },
	[VEC_NO_FPU] = { "device not available", SIGILL, ILL_ILLOPN, true },
	[VEC_DOUBLE_FAULT] = { "double fault", 0, 0, false },
	[VEC_INVALID_TSS] = { "invalid TSS", SIGSEGV, SI_KERNEL, true },
	[VEC_SEGMENT] = { "segment not present", SIGBUS, SI_KERNEL, true },
	[VEC_STACK_SEGMENT] = { "stack segment", SIGBUS, SI_KERNEL, true },
	[VEC_PROTECTION] = { "general protection fault", SIGSEGV, SI_KERNEL,
			     true },
	[VEC_X87] = { "x87 floating point error", SIGFPE, 0, false },
	[VEC_ALIGNMENT] = { "alignment check", SIGBUS, BUS_ADRALN, true },
	[VEC_MACHINE_CHECK] = { "machine check", 0, 0, false },
	[VEC_SIMD] = { "SIMD floating point error", SIGFPE, 0, false },
};

static enum ist ist_of(unsigned int vector)
{
	switch (vector) {
	case VEC_DOUBLE_FAULT:
		return IST_DOUBLE_FAULT;
	case VEC_NMI:
		return IST_NMI;
	case VEC_MACHINE_CHECK:
		return IST_MACHINE_CHECK;
	case VEC_DEBUG:
		return IST_DEBUG;
	default:
		return IST_NONE;
	}
}

static void set_gate(unsigned int vector, uint64_t stub)
{
	bool from_user = vector == VEC_BREAKPOINT || vector == VEC_OVERFLOW;

	idt[vector] = (struct gate){
		.offset_low = stub & 0xffff,
		.offset_middle = stub >> 16 & 0xffff,
		.offset_high = stub >> 32,
		.selector = KERNEL_CS,
		.ist = ist_of(vector),
		.type = GATE_INTERRUPT | (from_user ? GATE_RING3 : 0),
	};
}

void trap_init(void)
{
	const struct table_pointer pointer = { sizeof(idt) - 1, (uint64_t)idt };

	for (unsigned int i = 0; i < isr_table_end - isr_table; i++)
		if (isr_table[i])
			set_gate(i, isr_table[i]);
	lidt(&pointer);
}

/*
 * A kernel stack overflow shows as a double fault: the CPU cannot push the page
 * fault's frame either. CR2 still has the address of the first attempt.
 */
__attribute__((noreturn))
static void kernel_exception(const struct trap_frame *frame, const char *name)
{
	if (frame->vector == VEC_DOUBLE_FAULT &&
	    (kstack_is_guard(read_cr2()) || cpu_is_stack_guard(read_cr2())))
		panic_trap(frame, "kernel stack overflow (double fault)");
	panic_trap(frame, "%s in the kernel", name);
}

/* The siginfo of an exception; si_code 0: it was none after all. */
static void signal_exception(const struct trap_frame *frame,
			     const struct exception *exception)
{
	int code = exception->code;

	if (frame->vector == VEC_X87)
		code = fpu_x87_error();
	if (frame->vector == VEC_SIMD)
		code = fpu_simd_error();
	if (code)
		force_signal(exception->signal, code,
			     code == SI_KERNEL ||
			     frame->vector == VEC_ALIGNMENT ? 0 : frame->rip);
}

static void trap_exception(struct trap_frame *frame)
{
	const struct exception *exception = &exceptions[frame->vector];

	if (!trap_from_user(frame) || !exception->signal)
		kernel_exception(frame, exception->name);
	irq_enable();
	current->trap.vector = frame->vector;
	current->trap.error = frame->error;
	if (exception->logged && !signal_is_handled(exception->signal))
		trap_log_exception(frame, exception->name);
	signal_exception(frame, exception);
	irq_disable();
}

void trap_dispatch(struct trap_frame *frame)
{
	if (frame->vector == VEC_PAGE_FAULT)
		trap_page_fault(frame);
	else if (frame->vector >= VEC_IRQ_BASE)
		irq_dispatch(frame);
	else
		trap_exception(frame);
}
