/*
 * panic: say what can still be said, then leave.
 */
#include "panic.h"

#include "arch.h"
#include "power.h"
#include "printk.h"
#include "registers.h"
#include "serial.h"
#include "task.h"

bool panicking;

/*
 * A panic inside a panic means that the report itself is what broke: one line,
 * and out. Inside that, nothing at all is left to try but to leave.
 */
static void begin(void)
{
	static int depth;

	irq_disable();
	panicking = true;
	if (++depth == 1)
		return;
	if (depth == 2)
		printk("\nkernel panic: another panic while reporting this one\n");
	debug_exit(DEBUG_EXIT_PANIC);
	halt_forever();
}

__attribute__((noreturn))
static void report(const struct trap_frame *frame, const char *fmt,
		   va_list args)
{
	printk("\nkernel panic: ");
	vprintk(fmt, args);
	printk("\n");
	printk("task: %s[%d]\n", current->comm, current->pid);
	registers_print(frame);
	backtrace_print(frame);
	serial_drain();
	debug_exit(DEBUG_EXIT_PANIC);
	halt_forever();
}

void panic(const char *fmt, ...)
{
	struct trap_frame frame;
	va_list args;

	registers_capture(&frame);
	begin();
	va_start(args, fmt);
	report(&frame, fmt, args);
}

void panic_trap(const struct trap_frame *frame, const char *fmt, ...)
{
	va_list args;

	begin();
	va_start(args, fmt);
	report(frame, fmt, args);
}

void kassert_failed(const char *file, int line, const char *expression)
{
	panic("%s:%d: assertion failed: %s", file, line, expression);
}
