/*
 * The boot-time ranges agree with a plain array after any sequence of adds and
 * cuts. If they did not, the kernel image or the initramfs would be handed out
 * as free memory.
 */
// build: tests/host/support/host.c kernel/mm/range_list.c -Itests/host/support
#include <string.h>

#include "host.h"
#include "range_list.h"

#define NR_UNITS 1000

static struct range_list list;
static unsigned char in[NR_UNITS];

static void compare(void)
{
	unsigned char seen[NR_UNITS] = { 0 };

	for (size_t i = 0; i < list.nr; i++) {
		CHECK(list.range[i].start < list.range[i].end);
		CHECK(!i || list.range[i - 1].end < list.range[i].start);
		memset(seen + list.range[i].start, 1,
		       list.range[i].end - list.range[i].start);
	}
	CHECK(!memcmp(seen, in, NR_UNITS));
}

static void op_add(void)
{
	uint64_t start = host_below(NR_UNITS - 60);
	uint64_t end = start + 1 + host_below(60);

	if (range_list_add(&list, start, end))
		memset(in + start, 1, end - start);
}

/* Cut piece by piece; all pieces together must be what the model had there. */
static void op_cut(void)
{
	uint64_t start = host_below(NR_UNITS - 60);
	uint64_t end = start + 1 + host_below(60);
	struct early_range hit;

	while (range_list_cut(&list, start, end, &hit)) {
		CHECK(hit.start >= start && hit.end <= end);
		for (uint64_t i = hit.start; i < hit.end; i++) {
			CHECK(in[i]);
			in[i] = 0;
		}
	}
	for (uint64_t i = start; i < end && list.nr < RANGE_LIST_MAX; i++)
		CHECK(!in[i]);
}

int main(void)
{
	host_seed();
	for (int step = 0; step < 20000 && !host_failures; step++) {
		if (host_below(2))
			op_add();
		else
			op_cut();
		compare();
	}
	host_report("range_list_random_operations_match_array");
	while (list.nr)
		op_cut();
	for (uint64_t i = 0; i < RANGE_LIST_MAX; i++)
		CHECK(range_list_add(&list, 2 * i, 2 * i + 1));
	CHECK(!range_list_add(&list, 900, 901));
	CHECK(range_list_add(&list, 0, 500)); /* merging needs no room */
	CHECK_EQ(list.nr, 1);
	host_report("range_list_full_refuses");
	return host_status();
}
