/*
 * guest-only: it needs a machine of its own.
 * "Twice the memory there is": without swap whoever touches it is killed, with
 * swap it must get every page back as it was, in any order, and the faults that
 * read a disk must be counted as major ones. When it ends no slot may be left.
 */
// guest: MEM=48M SWAP=192M TIMEOUT=240
#include "swap.h"

static unsigned long next_random(void)
{
	static unsigned long state = 20260107;

	state = state * 6364136223846793005u + 1442695040888963407u;
	return state >> 33;
}

/* Every number agrees with every other while pages are out. */
static void check_numbers(const char *pages, unsigned long nr)
{
	unsigned long out = nr_swapped(pages, nr);
	long in_status, in_smaps, used;

	in_status = proc_value(proc_text("/proc/self/status"), "VmSwap");
	in_smaps = proc_value(smaps_of(pages), "Swap");
	CHECK(out > nr / 4);
	CHECK(in_status >= (long)out * 4);
	CHECK(in_smaps * 10 >= (long)out * 4 * 9);
	used = proc_value(proc_text("/proc/meminfo"), "SwapTotal") -
	       proc_value(proc_text("/proc/meminfo"), "SwapFree");
	CHECK(used >= in_status);
	CHECK(vmstat("pswpout") * 4 >= in_status);
}

static void hog(void)
{
	unsigned long nr = 2 * ram_pages();
	char *pages = map_pages(nr, RW);
	long before = major_faults();

	fill_pages(pages, nr);
	check_numbers(pages, nr);
	check_pages(pages, nr);
	CHECK(major_faults() > before);
	for (unsigned long n = 0; n < 3000; n++) {
		unsigned long i = next_random() % nr;

		CHECK(page_is_right(pages + i * PAGE_SIZE, i));
		if (n % 2)
			fill_page(pages + i * PAGE_SIZE, i);
	}
	check_pages(pages, nr);
	_exit(0);
}

/* The heap, a stack and a private file page are pages like any other. */
static void hog_of_three_kinds(void)
{
	unsigned long nr = ram_pages();
	char *heap = (char *)sys(SYS_brk, 0), local[PAGE_SIZE * 8];

	CHECK_EQ(sys(SYS_brk, heap + nr * PAGE_SIZE), heap + nr * PAGE_SIZE);
	heap += -(uintptr_t)heap % PAGE_SIZE;
	for (int i = 0; i < 8; i++)
		memset(local + i * PAGE_SIZE, 'a' + i, PAGE_SIZE);
	fill_pages(heap, nr - 1);
	for (unsigned long i = 0; i < sizeof(local); i++)
		CHECK_EQ(((volatile char *)local)[i], 'a' + i / PAGE_SIZE);
	check_pages(heap, nr - 1);
	_exit(0);
}

int main(void)
{
	CHECK_EQ(check_in_child(hog), EXITED(0));
	bring_all_back();
	CHECK_EQ(check_in_child(hog_of_three_kinds), EXITED(0));
	bring_all_back();
	return check_passed();
}
