/*
 * The x87 and SSE registers as fxsave writes them.
 */
#pragma once

#include "types.h"

#define FPU_IMAGE_BYTES 512

/* @image becomes the state in which a program starts. */
void fpu_init_image(uint8_t *image);

/* Put the running task's registers into that state. */
void fpu_reset(void);

/* Whether fxrstor takes @image: MXCSR has no bit that this CPU does not know. */
bool fpu_image_valid(const uint8_t *image);

/* si_code for the error, not masked, that the registers tell of; 0: none. */
int fpu_x87_error(void);
int fpu_simd_error(void);
