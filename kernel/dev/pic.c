/*
 * The two 8259 interrupt controllers, and who handles which line.
 *
 *	lines 0-7   master, vectors 32-39; line 2 is the slave's output
 *	lines 8-15  slave, vectors 40-47
 */
#include "irq.h"

#include "arch.h"
#include "lock_order.h"
#include "trap.h"

#define MASTER_COMMAND 0x20
#define MASTER_DATA 0x21
#define SLAVE_COMMAND 0xa0
#define SLAVE_DATA 0xa1

#define ICW1_INIT_WITH_ICW4 0x11
#define ICW4_8086 0x01
#define OCW2_END_OF_INTERRUPT 0x20
#define OCW3_READ_IN_SERVICE 0x0b

#define LINES_PER_CHIP 8
#define SPURIOUS_LINE 7 /* of either chip: a request that went away */

static irq_handler handlers[NR_IRQ_LINES];
static uint64_t nr_interrupts;

uint64_t irq_count(void)
{
	return nr_interrupts;
}

void irq_init(void)
{
	outb(MASTER_COMMAND, ICW1_INIT_WITH_ICW4);
	outb(SLAVE_COMMAND, ICW1_INIT_WITH_ICW4);
	outb(MASTER_DATA, VEC_IRQ_BASE);
	outb(SLAVE_DATA, VEC_IRQ_BASE + LINES_PER_CHIP);
	outb(MASTER_DATA, 1 << IRQ_CASCADE);
	outb(SLAVE_DATA, IRQ_CASCADE);
	outb(MASTER_DATA, ICW4_8086);
	outb(SLAVE_DATA, ICW4_8086);
	outb(MASTER_DATA, (uint8_t)~(1 << IRQ_CASCADE));
	outb(SLAVE_DATA, 0xff);
}

void irq_register(enum irq_line line, irq_handler handler)
{
	uint16_t port = line < LINES_PER_CHIP ? MASTER_DATA : SLAVE_DATA;

	handlers[line] = handler;
	outb(port, inb(port) & (uint8_t)~(1 << line % LINES_PER_CHIP));
}

/* The in-service bit tells a real interrupt from a spurious one. */
static bool in_service(uint16_t command_port, unsigned int line)
{
	outb(command_port, OCW3_READ_IN_SERVICE);
	return inb(command_port) & 1 << line;
}

/*
 * The acknowledgement goes out first: the handler of the timer may switch to
 * another task and come back much later. Interrupts stay off here anyway.
 */
void irq_dispatch(struct trap_frame *frame)
{
	unsigned int line = frame->vector - VEC_IRQ_BASE;
	uint32_t ranks;

	if (line % LINES_PER_CHIP == SPURIOUS_LINE) {
		bool slave = line >= LINES_PER_CHIP;

		if (!in_service(slave ? SLAVE_COMMAND : MASTER_COMMAND,
				SPURIOUS_LINE)) {
			if (slave) /* the master did see a real request */
				outb(MASTER_COMMAND, OCW2_END_OF_INTERRUPT);
			return;
		}
	}
	nr_interrupts++;
	if (line >= LINES_PER_CHIP)
		outb(SLAVE_COMMAND, OCW2_END_OF_INTERRUPT);
	outb(MASTER_COMMAND, OCW2_END_OF_INTERRUPT);
	ranks = lock_order_enter_irq();
	if (handlers[line])
		handlers[line](frame);
	lock_order_leave_irq(ranks);
}
