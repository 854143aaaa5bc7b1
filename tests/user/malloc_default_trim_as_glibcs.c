/*
 * The pictures of default mode would lie: the break after each step of the
 * nine figures, as glibc moves it with M_TRIM_THRESHOLD at 128 KiB.
 */
#include "check.h"

#include <malloc.h>
#include <stdlib.h>

#define KIB 1024

static char *start;

static long heap_bytes(void)
{
	return (char *)sbrk(0) - start;
}

int main(void)
{
	void *volatile a, *volatile b, *volatile c, *volatile d;

	start = sbrk(0);
	a = malloc(30 * KIB);
	CHECK_EQ(heap_bytes(), 135168);
	b = malloc(40 * KIB);
	c = malloc(200 * KIB);
	CHECK_EQ((long)c & 4095, 16);
	CHECK_EQ(heap_bytes(), 135168);
	d = malloc(100 * KIB);
	CHECK_EQ(heap_bytes(), 307200);
	free(c);
	free(b);
	CHECK_EQ(heap_bytes(), 307200);
	free(d);
	CHECK_EQ(heap_bytes(), 163840);
	CHECK_EQ(malloc_trim(0), 1);
	CHECK_EQ(heap_bytes(), 32768);
	free(a);
	CHECK_EQ(heap_bytes(), 32768);
	CHECK_EQ(malloc_trim(0), 1);
	CHECK_EQ(heap_bytes(), 4096);
	CHECK_EQ(malloc_trim(0), 0);
	return check_passed();
}
