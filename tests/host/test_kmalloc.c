/*
 * kmalloc hands out no byte twice, aligns, counts its objects, survives the lack
 * of frames, and gives frames back. If it did not, a program that exits would leave
 * kernel memory behind, or a full machine would fall over in its own kernel.
 *
 * The heap's window shows the frames of host_ram, so a page that kmalloc uses
 * before it is mapped, or after it was given back, ends the test by a fault.
 */
// build: tests/host/support/host.c tests/host/support/host_frames.c tests/host/support/host_window.c kernel/mm/kmalloc.c kernel/mm/kheap.c kernel/mm/frame.c kernel/mm/early.c kernel/mm/ledger.c kernel/mm/range_list.c libc/malloc/*.c libc/malloc/tools/*.c -include libc/malloc/tools/prefix.h -DMALLOC_NO_THREADS -Itests/host/support
#include <string.h>
#include <unistd.h>

#include "frame.h"
#include "host.h"
#include "kheap.h"
#include "kmalloc.h"
#include "panic.h"
#include "printk.h"
#include "random.h"

#define MAX_HELD 3000
#define MIB (1UL << 20)

/* What a heap may keep that is empty and trimmed: its cache, and a page of top. */
#define MIN_FRAMES 9

struct held {
	unsigned char *ptr;
	size_t size;
	unsigned char pattern;
};

static struct held held[MAX_HELD];
static size_t nr_held;

void random_bytes(void *to, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		((unsigned char *)to)[i] = (unsigned char)host_random();
}

void printk(const char *fmt, ...)
{
	panic("unexpected: %s", fmt);
}

/* Nothing is allocated: all but the least must go back. */
static void check_empty(void)
{
	CHECK_EQ(kmalloc_stats().nr_objects, 0);
	kmalloc_trim();
	kmalloc_validate();
	CHECK(kheap_frames <= MIN_FRAMES);
	CHECK_EQ(ledger.frames[FRAME_KHEAP], kheap_frames);
	frame_validate();
}

/* ---- any order ---- */

static size_t random_size(void)
{
	switch (host_below(16)) {
	case 0:
		return host_below(300000);
	case 1:
	case 2:
		return host_below(20000);
	case 3:
		return 2000 + host_below(100);
	default:
		return host_below(600);
	}
}

static void alloc_one(void)
{
	struct held h = { .size = random_size(),
			  .pattern = (unsigned char)host_random() };
	bool zeroed = host_below(2);

	h.ptr = zeroed ? kzalloc(h.size) : kmalloc(h.size);
	if (!h.ptr)
		return;
	CHECK_EQ((uintptr_t)h.ptr % 16, 0);
	for (size_t i = 0; zeroed && i < h.size; i++)
		CHECK_EQ(h.ptr[i], 0);
	memset(h.ptr, h.pattern, h.size);
	held[nr_held++] = h;
}

static void free_one(void)
{
	size_t i = host_below(nr_held);
	struct held h = held[i];

	for (size_t k = 0; k < h.size; k++)
		CHECK_EQ(h.ptr[k], h.pattern);
	kfree(h.ptr);
	held[i] = held[--nr_held];
}

static void test_churn(void)
{
	for (int step = 0; step < 60000 && !host_failures; step++) {
		bool fill = (step / 7000) % 2 == 0;

		if (!nr_held ||
		    (nr_held < MAX_HELD && host_below(100) < (fill ? 60u : 40u)))
			alloc_one();
		else
			free_one();
		if (step % 1000 == 0) {
			kmalloc_validate();
			CHECK_EQ(kmalloc_stats().nr_objects, nr_held);
		}
		if (step % 7000 == 6999)
			kmalloc_trim();
	}
	while (nr_held)
		free_one();
	check_empty();
	host_report("kmalloc_churn_returns_every_frame");
}

/* ---- sizes ---- */

static void test_edges(void)
{
	void *p;

	kfree(NULL);
	CHECK(!kmalloc(SIZE_MAX));
	CHECK(!kmalloc(SIZE_MAX / 2));
	CHECK(!kzalloc(1UL << 40));
	p = kmalloc(0);
	CHECK(p);
	kfree(p);
	check_empty();
	host_report("kmalloc_edge_sizes");
}

/* Blocks of frames go back as soon as they are freed, each in its own size. */
static void test_large(void)
{
	uint64_t before = kheap_frames;
	unsigned char *p = kmalloc(MIB + 5);

	CHECK_EQ(kheap_frames - before, 257);
	memset(p, 1, MIB + 5);
	CHECK_EQ(kmalloc_stats().nr_objects, 1);
	kfree(p);
	CHECK_EQ(kheap_frames, before);
	/* Longer than any block: only the window has so much in one piece. */
	p = kzalloc(10 * MIB);
	CHECK(kheap_frames >= before + 2560);
	for (size_t i = 0; i < 10 * MIB; i++)
		if (p[i])
			CHECK_EQ(p[i], 0);
	CHECK_EQ(kmalloc_stats().nr_objects, 1);
	kfree(p);
	check_empty();
	host_report("kmalloc_large_blocks_go_back");
}

/* ---- no memory ---- */

/* Whichever of its frames is missing: NULL, and those before it are not lost. */
static void test_no_frame(void)
{
	uint64_t before = kheap_frames, after = 0;
	void *p;

	for (;;) {
		frame_fail_after(after, UINT64_MAX);
		p = kmalloc(100000);
		frame_fail_after(0, 0);
		if (p)
			break;
		CHECK_EQ(kheap_frames, before);
		CHECK_EQ(kmalloc_stats().nr_objects, 0);
		after++;
	}
	CHECK_EQ(kheap_frames, before + after);
	CHECK(after >= 100000 >> PAGE_SHIFT);
	kfree(p);
	check_empty();
	host_report("kmalloc_no_frame_returns_null");
}

/* Small objects until RAM is full; then there is NULL, and everything is whole. */
static void test_ram_is_full(void)
{
	struct item {
		struct item *next;
		uint64_t check[30];
	} *items = NULL, *item;
	size_t nr = 0;

	while ((item = kmalloc(sizeof(*item)))) {
		item->next = items;
		item->check[29] = nr++;
		items = item;
	}
	CHECK(nr * sizeof(*item) > HOST_RAM_BYTES * 9 / 10);
	CHECK_EQ(kmalloc_stats().nr_objects, nr);
	CHECK(!kmalloc(PAGE_SIZE));
	while ((item = items)) {
		items = item->next;
		CHECK_EQ(item->check[29], --nr);
		kfree(item);
	}
	check_empty();
	host_report("kmalloc_until_ram_is_full");
}

/* ---- misuse ---- */

static void start(void)
{
	host_frames_init(1UL << 20);
	memset(host_ram, 0xaa, HOST_RAM_BYTES);
	frame_init();
	host_window_init();
	kmalloc_init();
}

/* What panic() says when @misuse has run on a machine of its own. */
static char *dying_words(void (*misuse)(void))
{
	static char text[200];
	int ends[2];

	fflush(stdout);
	if (pipe(ends))
		panic("no pipe");
	if (fork() == 0) {
		dup2(ends[1], 1);
		start();
		misuse();
		_exit(0);
	}
	close(ends[1]);
	memset(text, 0, sizeof(text));
	for (size_t used = 0; used < sizeof(text) - 1;) {
		ssize_t n = read(ends[0], text + used,
				 sizeof(text) - 1 - used);

		if (n <= 0)
			break;
		used += (size_t)n;
	}
	close(ends[0]);
	return text;
}

static void free_twice(void)
{
	void *p = kmalloc(100);

	kfree(p);
	kfree(p);
}

static void free_inside(void)
{
	kfree((char *)kmalloc(100) + 16);
}

static void write_behind(void)
{
	char *p = kmalloc(24);
	void *next = kmalloc(24);

	memset(p, 0xff, 64);
	kfree(next);
}

static void test_misuse(void)
{
	CHECK(strstr(dying_words(free_twice), "malloc: double free: 0x"));
	CHECK(strstr(dying_words(free_inside), "malloc: corrupted chunk header"));
	CHECK(strstr(dying_words(write_behind), "malloc: corrupted chunk header"));
	host_report("kmalloc_misuse_panics_in_one_line");
}

int main(void)
{
	host_seed();
	test_misuse();
	start();
	test_edges();
	test_large();
	test_no_frame();
	test_ram_is_full();
	test_churn();
	return host_status();
}
