/*
 * Leaving: QEMU's debug-exit device, the power-off ports of emulators, and
 * resets. A real machine that has none of them is halted.
 */
#include "power.h"

#include "arch.h"
#include "serial.h"

#define DEBUG_EXIT_PORT 0xf4

#define QEMU_PM1A_CONTROL 0x604 /* ACPI PM of QEMU since 2.0, i440fx and q35 */
#define BOCHS_PM1A_CONTROL 0xb004 /* older QEMU, Bochs */
#define SLEEP_ENABLE_S5 0x2000

#define KEYBOARD_COMMAND 0x64
#define COMMAND_RESET_CPU 0xfe

void debug_exit(uint8_t value)
{
	outb(DEBUG_EXIT_PORT, value);
}

void halt_forever(void)
{
	irq_disable();
	for (;;)
		hlt();
}

void power_off(void)
{
	serial_drain();
	outw(QEMU_PM1A_CONTROL, SLEEP_ENABLE_S5);
	outw(BOCHS_PM1A_CONTROL, SLEEP_ENABLE_S5);
	halt_forever();
}

void power_reboot(void)
{
	serial_drain();
	outb(KEYBOARD_COMMAND, COMMAND_RESET_CPU);
	triple_fault();
}

/* Without an IDT the first exception cannot be delivered, nor can that failure. */
void triple_fault(void)
{
	const struct table_pointer none = { 0, 0 };

	lidt(&none);
	__asm__ volatile("ud2");
	__builtin_unreachable();
}
