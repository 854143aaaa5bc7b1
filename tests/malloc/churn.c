/*
 * churn: many days of a busy server's allocations, in a few minutes.
 *
 *	churn [OPERATIONS [DAYS]]	default: 1e9, in 10 days
 *
 * Blocks of random sizes live for a random time; how many live at once follows
 * the load of a day, low at night and high in the evening. The walker checks
 * the whole heap 100 times a day. Every block carries its own name at both
 * ends, which must still be there when it is freed or resized.
 *
 * What must hold, so that a server can stay up:
 *
 *	peak rss of a day       <= 2.3 * what is live at most in it
 *	peak rss of day n       <= 1.25 * peak rss of day 1
 *	rss(the end, all freed) <= rss(the start) + 8 MiB
 *
 * What is live varies by a tenth from day to day; the end may keep 1 MiB,
 * what caches hold, and as much of mappings as was once in use. The first day
 * is preceded by an evening, to fill the heap.
 *
 * make churn links it with libmalloc.a.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../../libc/include/malloc.h"

#define KIB		1024UL
#define NR_SLOTS	20000
#define CHECKS_A_DAY	100
#define HOURS		24
#define EVENING		80		/* of CHECKS_A_DAY */
#define LEFT_KIB	8192

/* Percent of NR_SLOTS that may be in use, hour by hour. */
static const unsigned char load[HOURS] = {
	30, 20, 12, 10, 10, 15, 30, 50, 65, 70, 72, 75,
	80, 78, 75, 72, 75, 80, 90, 100, 98, 85, 60, 40,
};

static struct slot {
	char *mem;
	size_t bytes;
} slots[NR_SLOTS];

struct day {
	size_t max_live_kib, max_rss_kib, min_rss_kib;
};

static uint64_t random_state = 88172645463325252;
static size_t live_bytes;

static uint32_t next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state >> 32;
}

/* Of n in [0, @limit): a multiplication instead of a division. */
static uint32_t random_below(uint32_t limit)
{
	return (uint64_t)next_random() * limit >> 32;
}

static _Noreturn void fail(const char *what, const void *where)
{
	printf("FAIL malloc_churn: got %s at %p, want a sound heap\n", what,
	       where);
	exit(1);
}

/* ---- one operation ---- */

/* Most blocks are small; 1 in 1000 is large enough for its own mapping. */
static size_t random_bytes(void)
{
	uint32_t kind = random_below(1000);

	if (kind < 900)
		return 16 + random_below(496);
	if (kind < 990)
		return 512 + random_below(4 * KIB);
	if (kind < 999)
		return 4 * KIB + random_below(60 * KIB);
	return 64 * KIB + random_below(192 * KIB);
}

/* The name of a block: its slot, its size; memory has both, twice. */
static uint64_t name_of(const struct slot *s)
{
	return (uint64_t)(s - slots) << 32 | s->bytes;
}

static void sign(const struct slot *s)
{
	uint64_t name = name_of(s);

	memcpy(s->mem, &name, sizeof(name));
	memcpy(s->mem + s->bytes - sizeof(name), &name, sizeof(name));
}

static void verify(const struct slot *s)
{
	uint64_t name = name_of(s);

	if (memcmp(s->mem, &name, sizeof(name)) ||
	    memcmp(s->mem + s->bytes - sizeof(name), &name, sizeof(name)))
		fail("a changed block", s->mem);
}

static void own(struct slot *s, char *mem, size_t bytes)
{
	if (!mem)
		fail("no memory", NULL);
	live_bytes += bytes - s->bytes;
	s->mem = mem;
	s->bytes = bytes;
	sign(s);
}

static void release(struct slot *s)
{
	verify(s);
	free(s->mem);
	live_bytes -= s->bytes;
	s->mem = NULL;
	s->bytes = 0;
}

static void resize(struct slot *s)
{
	size_t bytes = random_bytes();

	verify(s);
	own(s, realloc(s->mem, bytes), bytes);
}

/* Slots from @limit on are only emptied. */
static void operate(uint32_t limit)
{
	uint32_t i = random_below(NR_SLOTS);
	struct slot *s = &slots[i];
	size_t bytes;

	/* An idle slot is no operation: take the one that stands for it. */
	if (i >= limit && !s->mem)
		s = &slots[i % limit];
	if (!s->mem) {
		bytes = random_bytes();
		own(s, malloc(bytes), bytes);
	} else if (i < limit && next_random() % 16 == 0) {
		resize(s);
	} else {
		release(s);
	}
}

/* ---- days ---- */

static size_t rss_kib(void)
{
	char text[128] = "";
	int fd = open("/proc/self/statm", O_RDONLY);
	char *rest;

	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0) {
		perror("/proc/self/statm");
		exit(1);
	}
	close(fd);
	strtoul(text, &rest, 10);
	return strtoul(rest, NULL, 10) * 4;
}

static void check_heap(void)
{
	void *where = NULL;
	const char *wrong = __heap_check(&where);

	if (wrong)
		fail(wrong, where);
}

/* One part in CHECKS_A_DAY of a day. */
static void live_a_while(uint64_t operations, int check)
{
	uint32_t limit = NR_SLOTS / 100 * load[check * HOURS / CHECKS_A_DAY];

	for (uint64_t i = 0; i < operations; i++)
		operate(limit);
	check_heap();
}

static struct day live_a_day(uint64_t operations)
{
	struct day day = { .min_rss_kib = SIZE_MAX };

	for (int check = 0; check < CHECKS_A_DAY; check++) {
		size_t rss;

		live_a_while(operations / CHECKS_A_DAY, check);
		rss = rss_kib();
		if (rss > day.max_rss_kib)
			day.max_rss_kib = rss;
		if (rss < day.min_rss_kib)
			day.min_rss_kib = rss;
		if (live_bytes / KIB > day.max_live_kib)
			day.max_live_kib = live_bytes / KIB;
	}
	return day;
}

static void print_day(unsigned int n, const struct day *day)
{
	printf("day %2u: live at most %zuK, rss %zuK to %zuK, waste %.2f, "
	       "%ld s\n", n, day->max_live_kib, day->min_rss_kib,
	       day->max_rss_kib, (double)day->max_rss_kib / day->max_live_kib,
	       (long)(clock() / CLOCKS_PER_SEC));
}

/* Does @day take too much, or more than a quarter more than the first one? */
static int costs_more(const struct day *day, const struct day *first)
{
	size_t want = first->max_rss_kib * 5 / 4;

	if (want > day->max_live_kib * 23 / 10)
		want = day->max_live_kib * 23 / 10;
	if (day->max_rss_kib <= want)
		return 0;
	printf("FAIL malloc_churn: got an rss of %zuK, want at most %zuK\n",
	       day->max_rss_kib, want);
	return 1;
}

static int live_all_days(uint64_t operations, unsigned int days)
{
	struct day first;
	int failed = 0;

	for (int check = EVENING; check < CHECKS_A_DAY; check++)
		live_a_while(operations / days / CHECKS_A_DAY, check);
	for (unsigned int n = 1; n <= days; n++) {
		struct day day = live_a_day(operations / days);

		if (n == 1)
			first = day;
		print_day(n, &day);
		failed |= costs_more(&day, &first);
	}
	return failed;
}

int main(int argc, char **argv)
{
	uint64_t operations = argc > 1 ? strtod(argv[1], NULL) : 1e9;
	unsigned int days = argc > 2 ? strtoul(argv[2], NULL, 10) : 10;
	size_t start, end;
	int failed;

	if (!days || operations / days < CHECKS_A_DAY) {
		fputs("usage: churn [OPERATIONS [DAYS]]\n", stderr);
		return 2;
	}
	memset(slots, 0, sizeof(slots));	/* resident from the start */
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("churn:");
	start = rss_kib();
	failed = live_all_days(operations, days);
	for (int i = 0; i < NR_SLOTS; i++)
		if (slots[i].mem)
			release(&slots[i]);
	check_heap();
	end = rss_kib();
	printf("%.0f operations, %.0f s of CPU time, %zuK left\n",
	       (double)operations, (double)clock() / CLOCKS_PER_SEC,
	       end > start ? end - start : 0);
	if (end > start + LEFT_KIB) {
		printf("FAIL malloc_churn: got %zuK left, want at most %dK\n",
		       end - start, LEFT_KIB);
		failed = 1;
	}
	if (!failed)
		puts("PASS malloc_churn");
	return failed;
}
