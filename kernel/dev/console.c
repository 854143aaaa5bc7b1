/*
 * The console: one stream out to several devices, one queue in from several.
 */
#include "console.h"

#include <uapi/errno.h>

#include "arch.h"
#include "lock.h"
#include "panic.h"
#include "printk.h"
#include "sched.h"
#include "screen.h"
#include "serial.h"

/* QEMU's debug console: reading the port answers its own number. */
#define DEBUGCON_PORT 0xe9
#define DEBUGCON_PRESENT 0xe9

/*
 * Written at a time with interrupts off: a real serial line needs 90 us a byte,
 * and the clock must not lose ticks.
 */
#define CHUNK_BYTES 64

#define INPUT_BYTES 1024 /* a power of two; more typed than that is lost */
#define CTRL_C 3

/* the output devices, capture */
static struct spinlock output_lock = SPINLOCK_INIT(RANK_CONSOLE);
static bool capture;

/*
 * Typed and not yet read are bytes [input_read, input_written); byte n lies at
 * n % INPUT_BYTES. The counters wrap together.
 */
/* input, input_read, input_written */
static struct spinlock input_lock = SPINLOCK_INIT(RANK_CONSOLE);
static char input[INPUT_BYTES];
static unsigned int input_read, input_written;
static struct wait_queue input_wait = WAIT_QUEUE_INIT(input_wait);

static bool at_eof;
static bool (*interrupt_handler)(void);

/* ---- output ---- */

void console_init_early(void)
{
	serial_init();
}

void console_init_screen(void)
{
	char text[512];
	size_t n = printk_log_read(text, sizeof(text));

	screen_init();
	screen_write(text, n);
}

static void write_chunk(const char *buf, size_t n, bool captured)
{
	serial_write(buf, n);
	screen_write(buf, n);
	if (captured && capture)
		outsb(DEBUGCON_PORT, buf, n);
}

static void write_all(const char *buf, size_t n, bool captured)
{
	while (n) {
		size_t chunk = n < CHUNK_BYTES ? n : CHUNK_BYTES;
		unsigned long irq_state;

		if (panicking) {
			/* Whoever holds the lock will never go on. */
			write_chunk(buf, chunk, captured);
		} else {
			irq_state = spin_lock_irqsave(&output_lock);
			write_chunk(buf, chunk, captured);
			spin_unlock_irqrestore(&output_lock, irq_state);
		}
		buf += chunk;
		n -= chunk;
	}
}

void console_write(const char *buf, size_t n)
{
	write_all(buf, n, true);
}

void console_write_message(const char *buf, size_t n)
{
	write_all(buf, n, false);
}

void console_set_capture(bool on)
{
	capture = on && inb(DEBUGCON_PORT) == DEBUGCON_PRESENT;
}

/* ---- input ---- */

void console_input(char byte)
{
	unsigned long irq_state;
	bool (*handler)(void) = interrupt_handler;

	if (byte == CTRL_C && handler && handler())
		return;
	irq_state = spin_lock_irqsave(&input_lock);
	if (input_written - input_read < INPUT_BYTES)
		input[input_written++ % INPUT_BYTES] = byte;
	spin_unlock_irqrestore(&input_lock, irq_state);
	wake_up(&input_wait);
}

static size_t take_input(char *buf, size_t n)
{
	unsigned long irq_state = spin_lock_irqsave(&input_lock);
	size_t taken = 0;

	while (taken < n && input_read != input_written)
		buf[taken++] = input[input_read++ % INPUT_BYTES];
	spin_unlock_irqrestore(&input_lock, irq_state);
	return taken;
}

bool console_input_ready(void)
{
	return at_eof || input_read != input_written;
}

ssize_t console_read(char *buf, size_t n)
{
	size_t taken;

	if (!n)
		return 0;
	/* Another reader may be faster: then there is nothing to take yet. */
	while (!(taken = take_input(buf, n))) {
		int err;

		if (at_eof)
			return 0;
		err = wait_event(&input_wait, console_input_ready());
		if (err)
			return err;
	}
	return (ssize_t)taken;
}

void console_flush_input(void)
{
	unsigned long irq_state = spin_lock_irqsave(&input_lock);

	input_read = input_written;
	spin_unlock_irqrestore(&input_lock, irq_state);
}

void console_set_eof(void)
{
	at_eof = true;
	wake_up(&input_wait);
}

void console_set_interrupt_handler(bool (*handler)(void))
{
	interrupt_handler = handler;
}
