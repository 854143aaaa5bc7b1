// build: -D_GNU_SOURCE -Wno-alloc-size-larger-than -include libc/malloc/tools/prefix.h libc/malloc/*.c libc/malloc/tools/*.c
/*
 * If these fail, programs overwrite each other's memory or lose it: random
 * calls against a model, with every invariant checked as they go.
 */
#include "malloc_churn.h"

/* With all options for finding bugs: the same calls, the same answers. */
static void test_careful(void)
{
	static const char name[] = "malloc_careful_options_change_nothing";
	int before = failures;

	mallopt(M_ZERO, 1);
	mallopt(M_QUARANTINE, 100000);
	mallopt(M_GUARD, 1);
	mallopt(M_RANDOM, 1);
	for (int i = 0; i < 10000 && failures == before; i++) {
		step();
		check_heap(name);
	}
	free_all();
	mallopt(M_QUARANTINE, 0);
	mallopt(M_GUARD, 0);
	mallopt(M_RANDOM, 0);
	mallopt(M_ZERO, 0);
	check_nothing_lost(name);
	pass_if(name, before);
}

/* Somebody else moves the break: their bytes stay theirs. */
static void test_foreign_break(void)
{
	static const char name[] = "malloc_survives_foreign_sbrk";
	int before = failures;
	char *foreign;

	for (int round = 0; round < 20; round++) {
		for (int i = 0; i < 60; i++)
			step();
		foreign = port_sbrk(100 + round * 997);
		memset(foreign, 0x5a, 100 + round * 997);
		for (int i = 0; i < 60; i++)
			step();
		check_heap(name);
		for (int i = 0; i < 100 + round * 997; i++)
			if (foreign[i] != 0x5a) {
				fail(name, "overwritten", "untouched");
				break;
			}
	}
	free_all();
	check_heap(name);
	__malloc_thread_exit();
	if (__heap_reset())
		fail(name, "chunks in use", "none");
	test_brk = 0;
	memset(test_heap, 0, sizeof(test_heap));
	pass_if(name, before);
}

int main(int argc, char **argv)
{
	tests_begin(argc, argv);
	test_careful();
	churn("malloc_churn_textbook", MALLOC_MODE_TEXTBOOK, 10000);
	churn("malloc_churn_default", MALLOC_MODE_DEFAULT, 20000);
	churn("malloc_churn_glibc", MALLOC_MODE_GLIBC, 10000);
	test_foreign_break();
	return failures != 0;
}
