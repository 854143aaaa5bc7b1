// build: -DMALLOC_NO_CLOCK -D_GNU_SOURCE -include libc/malloc/tools/prefix.h libc/malloc/*.c libc/malloc/tools/*.c
/*
 * If these fail, malloc is of no use where rdtsc is not allowed, and on processors
 * other than the x86-64: there, questions what time it is are the clock.
 */
#include "malloc_churn.h"

#include "../../libc/malloc/release.h"

/* A heap that swings gives pages back, but not each time. */
static void test_swinging_heap(void)
{
	static void *swings[5000];
	unsigned long calls = 0;
	int before = failures;

	for (int round = 0; round < 300; round++) {
		for (int i = 0; i < 5000; i++)
			swings[i] = malloc(2000);
		if (round == 100)
			calls = test_port_calls;
		for (int i = 0; i < 5000; i++)
			free(swings[i]);
	}
	if (test_port_calls - calls > 200)
		fail("malloc_without_a_clock_hardly_calls", "more than a call a round",
		     "fewer");
	check_nothing_lost("malloc_without_a_clock_hardly_calls");
	pass_if("malloc_without_a_clock_hardly_calls", before);
}

int main(int argc, char **argv)
{
	size_t now = release_clock();

	tests_begin(argc, argv);
	expect("malloc_without_a_clock_counts_questions", release_clock() - now, 4096);
	churn("malloc_without_a_clock_keeps_patterns", MALLOC_MODE_DEFAULT, 20000);
	test_swinging_heap();
	return failures != 0;
}
