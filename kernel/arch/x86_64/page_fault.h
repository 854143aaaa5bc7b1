/*
 * #PF: from CR2 and the error code to mm_fault().
 */
#pragma once

struct trap_frame;

/* Interrupts are off on entry and on return, and on in between. */
void trap_page_fault(struct trap_frame *frame);
