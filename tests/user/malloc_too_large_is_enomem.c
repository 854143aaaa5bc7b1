/* A program that asks for too much would get a short block and overflow it. */
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>

#include "check.h"

/* Volatile, or the compiler would warn about what is the point here. */
static volatile size_t half = SIZE_MAX / 2, most = SIZE_MAX;
static volatile size_t four_gib = 1UL << 32;

static void expect_refusal(void *mem)
{
	CHECK(mem == NULL);
	CHECK_EQ(errno, ENOMEM);
	errno = 0;
}

int main(void)
{
	char *volatile mem = malloc(100);

	errno = 0;
	expect_refusal(malloc(half + 1));
	expect_refusal(malloc(most));
	expect_refusal(malloc(most - 100));
	expect_refusal(malloc(half - 4096));
	expect_refusal(calloc(half, 3));
	expect_refusal(calloc(four_gib, four_gib));
	expect_refusal(reallocarray(NULL, half, 2));

	/* realloc that fails keeps the block. */
	memset(mem, 'x', 100);
	expect_refusal(realloc(mem, half));
	for (int i = 0; i < 100; i++)
		CHECK_EQ(mem[i], 'x');
	free(mem);

	/* Nothing is a size, too; free keeps errno. */
	mem = malloc(0);
	CHECK(mem != NULL && mem != malloc(0));
	errno = 77;
	free(mem);
	free(NULL);
	CHECK_EQ(errno, 77);
	return check_passed();
}
