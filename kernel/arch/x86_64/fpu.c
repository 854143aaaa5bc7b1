/*
 * The x87 and SSE registers. The kernel does not use them, so they hold the
 * running task's values at all times: see context.c.
 */
#include "fpu.h"

#include <uapi/signal.h>

#include "cpu.h"
#include "string.h"
#include "task.h"

/* Offsets in an fxsave image. */
#define FPU_CONTROL_OFFSET 0
#define FPU_STATUS_OFFSET 2
#define FPU_MXCSR_OFFSET 24
#define FPU_MXCSR_MASK_OFFSET 28

#define FPU_CONTROL_WORD 0x37f /* all x87 errors masked, 64-bit precision */
#define FPU_MXCSR 0x1f80       /* all SSE errors masked */
#define FPU_MXCSR_MASK 0xffbf  /* where a CPU does not tell its mask */

/* Errors: the low bits of the status word and of MXCSR. */
#define FPU_INVALID 0x01
#define FPU_DENORMAL 0x02
#define FPU_DIVIDE 0x04
#define FPU_OVERFLOW 0x08
#define FPU_UNDERFLOW 0x10
#define FPU_PRECISION 0x20

#define MXCSR_MASKS_SHIFT 7 /* a bit for each error, set: not reported */

_Static_assert(sizeof(((struct task *)0)->fpu) == FPU_IMAGE_BYTES, "fxsave");

static uint16_t get16(const uint8_t *image, size_t offset)
{
	uint16_t value;

	memcpy(&value, image + offset, sizeof(value));
	return value;
}

static uint32_t get32(const uint8_t *image, size_t offset)
{
	uint32_t value;

	memcpy(&value, image + offset, sizeof(value));
	return value;
}

void fpu_init_image(uint8_t *image)
{
	uint16_t control = FPU_CONTROL_WORD;
	uint32_t mxcsr = FPU_MXCSR;

	memset(image, 0, FPU_IMAGE_BYTES);
	memcpy(image + FPU_CONTROL_OFFSET, &control, sizeof(control));
	memcpy(image + FPU_MXCSR_OFFSET, &mxcsr, sizeof(mxcsr));
}

void fpu_reset(void)
{
	fpu_init_image(current->fpu);
	fxrstor(current->fpu);
}

bool fpu_image_valid(const uint8_t *image)
{
	uint32_t mask;

	fxsave(current->fpu);
	mask = get32(current->fpu, FPU_MXCSR_MASK_OFFSET);
	if (!mask)
		mask = FPU_MXCSR_MASK;
	return !(get32(image, FPU_MXCSR_OFFSET) & ~mask);
}

static int code_of(unsigned int errors)
{
	if (errors & FPU_INVALID)
		return FPE_FLTINV;
	if (errors & FPU_DIVIDE)
		return FPE_FLTDIV;
	if (errors & FPU_OVERFLOW)
		return FPE_FLTOVF;
	if (errors & (FPU_UNDERFLOW | FPU_DENORMAL))
		return FPE_FLTUND;
	return errors & FPU_PRECISION ? FPE_FLTRES : 0;
}

int fpu_x87_error(void)
{
	fxsave(current->fpu);
	return code_of(get16(current->fpu, FPU_STATUS_OFFSET) &
		       (unsigned int)~get16(current->fpu, FPU_CONTROL_OFFSET));
}

int fpu_simd_error(void)
{
	uint32_t mxcsr;

	fxsave(current->fpu);
	mxcsr = get32(current->fpu, FPU_MXCSR_OFFSET);
	return code_of(mxcsr & ~(mxcsr >> MXCSR_MASKS_SHIFT));
}
