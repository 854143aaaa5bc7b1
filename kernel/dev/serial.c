/*
 * The 16550 serial port. Output is polled: a panic must be able to print, and
 * with a FIFO to fill the wait is short. Input interrupts.
 */
#include "serial.h"

#include "arch.h"
#include "console.h"
#include "irq.h"

#define COM1 0x3f8
#define REG_DATA (COM1 + 0)         /* or the divisor's low byte */
#define REG_INTERRUPTS (COM1 + 1)   /* or its high byte */
#define REG_FIFO_CONTROL (COM1 + 2) /* write */
#define REG_INTERRUPT_ID (COM1 + 2) /* read */
#define REG_LINE_CONTROL (COM1 + 3)
#define REG_MODEM_CONTROL (COM1 + 4)
#define REG_LINE_STATUS (COM1 + 5)
#define REG_SCRATCH (COM1 + 7)

#define INTERRUPT_RECEIVED 0x01
#define FIFO_ENABLE_AND_CLEAR 0x07
#define ID_FIFO_WORKS 0xc0
#define LINE_8N1 0x03
#define LINE_DIVISOR_ACCESS 0x80
#define MODEM_DTR_RTS_OUT2 0x0b /* OUT2 gates the interrupt on PCs */
#define STATUS_RECEIVED 0x01
#define STATUS_FIFO_EMPTY 0x20
#define STATUS_ALL_SENT 0x40

#define DIVISOR_115200 1
#define FIFO_BYTES 16

/*
 * A port that says "busy" this long has nobody who reads at its other end. What
 * is sent is lost from then on, without another wait, until it is ready again.
 */
#define WAIT_MAX_POLLS 1000000

static bool present;
static bool stalled;
static size_t fifo_bytes = 1; /* what may be written when it is empty */

void serial_init(void)
{
	outb(REG_SCRATCH, 0x5a); /* reads back as written if there is a port */
	present = inb(REG_SCRATCH) == 0x5a;
	if (!present)
		return;
	outb(REG_INTERRUPTS, 0);
	outb(REG_LINE_CONTROL, LINE_DIVISOR_ACCESS | LINE_8N1);
	outb(REG_DATA, DIVISOR_115200);
	outb(REG_INTERRUPTS, 0);
	outb(REG_LINE_CONTROL, LINE_8N1);
	outb(REG_FIFO_CONTROL, FIFO_ENABLE_AND_CLEAR);
	outb(REG_MODEM_CONTROL, MODEM_DTR_RTS_OUT2);
	if ((inb(REG_INTERRUPT_ID) & ID_FIFO_WORKS) == ID_FIFO_WORKS)
		fifo_bytes = FIFO_BYTES;
}

/* Wait until @status shows; false: the port is stalled. */
static bool wait_for(uint8_t status)
{
	int polls = stalled ? WAIT_MAX_POLLS : 0;

	while (!(inb(REG_LINE_STATUS) & status)) {
		stalled = polls++ >= WAIT_MAX_POLLS;
		if (stalled)
			return false;
	}
	stalled = false;
	return true;
}

/* What is on its way to the FIFO: it is cheaper to fill it in one go. */
struct batch {
	char bytes[FIFO_BYTES];
	size_t n;
};

static void batch_send(struct batch *batch)
{
	if (!batch->n)
		return;
	if (wait_for(STATUS_FIFO_EMPTY))
		outsb(REG_DATA, batch->bytes, batch->n);
	batch->n = 0;
}

static void batch_add(struct batch *batch, char c)
{
	batch->bytes[batch->n++] = c;
	if (batch->n == fifo_bytes)
		batch_send(batch);
}

void serial_write(const char *buf, size_t n)
{
	struct batch batch = { .n = 0 };

	if (!present)
		return;
	for (; n; n--, buf++) {
		if (*buf == '\n')
			batch_add(&batch, '\r');
		batch_add(&batch, *buf);
	}
	batch_send(&batch);
}

void serial_drain(void)
{
	if (present)
		wait_for(STATUS_ALL_SENT);
}

static void serial_interrupt(struct trap_frame *frame)
{
	(void)frame;
	while (inb(REG_LINE_STATUS) & STATUS_RECEIVED)
		console_input((char)inb(REG_DATA));
}

void serial_init_input(void)
{
	if (!present)
		return;
	irq_register(IRQ_COM1, serial_interrupt);
	outb(REG_INTERRUPTS, INTERRUPT_RECEIVED);
}
