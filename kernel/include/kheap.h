/*
 * What the kernel heap holds of the machine; see kheap.c.
 */
#pragma once

#include "types.h"

/* Before the first allocation. */
void kheap_init(void);

/* Frames of the window and of blocks outside it, free chunks included. */
extern uint64_t kheap_frames;
