/*
 * Interrupt lines, and the CPU's interrupt flag.
 */
#pragma once

#include "types.h"

struct trap_frame;

/* The lines of the two 8259s that Faultline uses. */
enum irq_line {
	IRQ_TIMER = 0,
	IRQ_KEYBOARD = 1,
	IRQ_CASCADE = 2,
	IRQ_COM1 = 4,
	IRQ_IDE_PRIMARY = 14,
	IRQ_IDE_SECONDARY = 15,
	NR_IRQ_LINES = 16,
};

/* Handlers run with interrupts off, on the stack of whoever was interrupted. */
typedef void (*irq_handler)(struct trap_frame *frame);

/* Move the lines to vectors VEC_IRQ_BASE and up, all masked. */
void irq_init(void);

/* Call @handler for @line from now on, and unmask it. */
void irq_register(enum irq_line line, irq_handler handler);

/* From trap dispatch: handle the interrupt of @frame and acknowledge it. */
void irq_dispatch(struct trap_frame *frame);

/* Interrupts taken since the start, of all lines. */
uint64_t irq_count(void);
