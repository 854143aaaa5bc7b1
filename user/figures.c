/*
 * figures: what malloc() and free() do to the heap, in numbers.
 *
 *	figures			the table, and how to read it
 *	figures --table		the table alone
 *	figures --events	what the allocator did in each step
 *	figures --mode MODE	textbook (as set out here), default or glibc
 *
 * Four blocks are allocated, touched and freed in the order that textbooks
 * draw in nine figures. After each step the program asks the kernel four
 * questions: where is the break, how large am I (VSZ), how much of that is
 * there (RSS), and how many minor faults did it take.
 *
 * In textbook mode the answers are known, and the program fails if they differ.
 * In every mode each fault must bring exactly one page.
 */
#include <fcntl.h>
#include <getopt.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define KIB 1024L
#define PAGE_SIZE 4096L
#define PAGE_KIB 4L

enum action { START, MALLOC, TOUCH, FREE };
enum block { NONE = -1, A, B, C, D, NR_BLOCKS };

static const long block_kib[NR_BLOCKS] = { 30, 40, 200, 100 };

/* One row: what is done, what must come of it, how glibc's defaults differ. */
static const struct step {
	enum action action;
	enum block block;
	struct row {
		long brk_kib, vsz_kib;	/* since the start */
		long rss_kib, minflt;	/* in this step */
	} expected;
	const char *glibc;
} steps[] = {
	{ START,  NONE, {   0,   0,    0,  0 }, "" },
	{ MALLOC, A,    {  32,  32,    8,  2 }, "brk +132K" },
	{ TOUCH,  A,    {  32,  32,   24,  6 }, "" },
	{ MALLOC, B,    {  72,  72,    4,  1 }, "brk unchanged" },
	{ TOUCH,  B,    {  72,  72,   36,  9 }, "" },
	{ MALLOC, C,    {  72, 276,    4,  1 }, "" },
	{ TOUCH,  C,    {  72, 276,  200, 50 }, "" },
	{ MALLOC, D,    { 172, 376,    4,  1 }, "brk +300K" },
	{ TOUCH,  D,    { 172, 376,   96, 24 }, "" },
	{ FREE,   C,    { 172, 172, -204,  0 }, "and thresholds jump" },
	{ FREE,   B,    { 172, 172,    0,  0 }, "" },
	{ FREE,   D,    {  32,  32, -140,  0 }, "NO trim, dRSS 0" },
	{ FREE,   A,    {  32,  32,    0,  0 }, "" },
};

#define NR_STEPS ((int)(sizeof(steps) / sizeof(steps[0])))

/* The four counters at one moment. */
struct sample {
	char *brk;
	long vsz_kib, rss_kib, minflt;
};

/*
 * Everything that is written while measuring is static and has been written
 * before, in the rehearsal: a fault of our own would count as malloc's.
 */
static struct sample samples[NR_STEPS];
static char *blocks[NR_BLOCKS];
static struct recorded {
	int step;
	struct malloc_event event;
} events[256];
static int nr_events;
static int current_step;

/* ---- measuring ---- */

static const char *read_file(const char *path)
{
	static char text[4096];
	int fd = open(path, O_RDONLY);
	ssize_t n;

	if (fd < 0)
		return NULL;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

/*
 * statm is "size resident ...", in pages. Where smaps_rollup exists its "Rss:"
 * in kB is better: Linux batches the counter behind statm's second field.
 */
static void read_sizes(struct sample *sample)
{
	const char *text = read_file("/proc/self/statm");
	char *rest;

	if (!text) {
		perror("figures: /proc/self/statm");
		exit(1);
	}
	sample->vsz_kib = strtol(text, &rest, 10) * PAGE_KIB;
	sample->rss_kib = strtol(rest, NULL, 10) * PAGE_KIB;
	text = read_file("/proc/self/smaps_rollup");
	text = text ? strstr(text, "Rss:") : NULL;
	if (text)
		sample->rss_kib = strtol(text + 4, NULL, 10);
}

static void take_sample(struct sample *sample)
{
	static struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	sample->minflt = usage.ru_minflt;
	sample->brk = sbrk(0);
	read_sizes(sample);
}

/* Called by the allocator in the middle of its work: record, nothing else. */
static void record(const struct malloc_event *event)
{
	if (nr_events < (int)(sizeof(events) / sizeof(events[0])))
		events[nr_events++] = (struct recorded){ current_step, *event };
}

static void perform(const struct step *step)
{
	char **mem = &blocks[step->block];
	long bytes = step->block == NONE ? 0 : block_kib[step->block] * KIB;

	switch (step->action) {
	case START:
		break;
	case MALLOC:
		*mem = malloc((size_t)bytes);
		if (!*mem) {
			perror("figures: malloc");
			exit(1);
		}
		break;
	case TOUCH:
		memset(*mem, 'x', (size_t)bytes);
		break;
	case FREE:
		free(*mem);
		break;
	}
}

static void run(void)
{
	nr_events = 0;
	for (current_step = 0; current_step < NR_STEPS; current_step++) {
		perform(&steps[current_step]);
		take_sample(&samples[current_step]);
	}
}

/*
 * Once to bring in every page of code and data that is used, then with an
 * empty heap once more for the record. The mode is set twice, because in glibc
 * mode the rehearsal itself moves the thresholds.
 */
static void run_rehearsed(enum malloc_mode mode)
{
	mallopt(M_MODE, mode);
	__malloc_set_event_hook(record);
	memset(events, 0, sizeof(events));
	run();
	if (__heap_reset() < 0) {
		fputs("figures: the heap is in use by somebody else\n", stderr);
		exit(1);
	}
	mallopt(M_MODE, mode);
	run();
	__malloc_set_event_hook(NULL);
}

/* ---- what it means ---- */

static struct row row_of(int step)
{
	const struct sample *start = &samples[0];
	const struct sample *now = &samples[step];
	const struct sample *before = &samples[step > 0 ? step - 1 : 0];

	return (struct row){
		.brk_kib = (now->brk - start->brk) / KIB,
		.vsz_kib = now->vsz_kib - start->vsz_kib,
		.rss_kib = now->rss_kib - before->rss_kib,
		.minflt = now->minflt - before->minflt,
	};
}

/* The last event of @kind in @step, or NULL. */
static const struct malloc_event *event_of(int step,
					   enum malloc_event_kind kind)
{
	for (int i = nr_events; i-- > 0; )
		if (events[i].step == step && events[i].event.kind == kind)
			return &events[i].event;
	return NULL;
}

static const char *explain_malloc(int step, char *buf, size_t size)
{
	const struct malloc_event *map = event_of(step, MALLOC_EVENT_MAP);

	if (map) {
		snprintf(buf, size, "<- mmap %luK = %lu pages",
			 map->bytes / KIB, map->bytes / PAGE_SIZE);
		return buf;
	}
	if (row_of(step).minflt == 2)
		return "<- 2 headers: A's, and the new top's";
	if (steps[step].block == B && row_of(step).minflt == 1)
		return "<- malloc itself costs one fault";
	return "";
}

static const char *explain_free(int step, char *buf, size_t size)
{
	const struct malloc_event *merge =
		event_of(step, MALLOC_EVENT_COALESCE);
	struct row row = row_of(step);

	if (event_of(step, MALLOC_EVENT_UNMAP))
		return "<- munmap at once";
	if (event_of(step, MALLOC_EVENT_TRIM)) {
		snprintf(buf, size, "<- merge %luK > 128K, trim",
			 ((merge ? merge->bytes : 0) + KIB / 2) / KIB);
		return buf;
	}
	if (!merge && row.rss_kib == 0)
		return "<- hole: RSS does not move";
	if (row.brk_kib < 128 && row.rss_kib == 0) {
		snprintf(buf, size, "<- %ldK < 128K, stays", row.brk_kib);
		return buf;
	}
	return "";
}

/* The remark beside a row, from what the allocator reported about it. */
static const char *explain(int step, char *buf, size_t size)
{
	switch (steps[step].action) {
	case MALLOC:
		return explain_malloc(step, buf, size);
	case FREE:
		return explain_free(step, buf, size);
	default:
		return "";
	}
}

/* ---- printing ---- */

static const char *label_of(const struct step *step, char *buf, size_t size)
{
	int name = 'A' + step->block;

	switch (step->action) {
	case MALLOC:
		snprintf(buf, size, "%c=malloc(%ldK)", name,
			 block_kib[step->block]);
		return buf;
	case TOUCH:
		snprintf(buf, size, " touch %c", name);
		return buf;
	case FREE:
		snprintf(buf, size, "free(%c)", name);
		return buf;
	default:
		return "start";
	}
}

static void print_row(int step, const char *glibc)
{
	struct row row = row_of(step);
	char label[32], brk[16], vsz[16], rss[16], remark[64];
	const char *why = explain(step, remark, sizeof(remark));

	snprintf(brk, sizeof(brk), "%+ldK", row.brk_kib);
	snprintf(vsz, sizeof(vsz), "%+ldK", row.vsz_kib);
	snprintf(rss, sizeof(rss), row.rss_kib ? "%+ldK" : "%ldK", row.rss_kib);
	/* The first row stands under the headings, as the table is known. */
	printf(step ? "%-16s%5s%7s%7s%7ld" : "%-16s%4s%8s%8s%7ld",
	       label_of(&steps[step], label, sizeof(label)), brk, vsz, rss,
	       row.minflt);
	if (*glibc)
		printf("   %-39s%s", why, glibc);
	else if (*why)
		printf("   %s", why);
	putchar('\n');
}

/* "total minor faults 94 = 8 + 10 + 51 + 25 pages": by block. */
static void print_total(void)
{
	long by_block[NR_BLOCKS] = { 0 };
	long total = 0;

	for (int step = 1; step < NR_STEPS; step++) {
		by_block[steps[step].block] += row_of(step).minflt;
		total += row_of(step).minflt;
	}
	printf("total minor faults %ld =", total);
	for (int block = A; block < NR_BLOCKS; block++)
		printf("%s %ld", block == A ? "" : " +", by_block[block]);
	printf(" pages\n");
}

static void print_table(enum malloc_mode mode)
{
	int textbook = mode == MALLOC_MODE_TEXTBOOK;

	printf("step             brk     VSZ    dRSS   dMINFLT%s\n",
	       textbook ? "        glibc defaults differ:" : "");
	for (int step = 0; step < NR_STEPS; step++)
		print_row(step, textbook ? steps[step].glibc : "");
	print_total();
}

/* Where something happened, without naming an address that changes. */
static void print_place(const char *address)
{
	long in_heap = address - samples[0].brk;

	if (in_heap >= 0 && in_heap <= 1024 * KIB)
		printf("heap    +0x%05lx", (unsigned long)in_heap);
	else
		printf("mapping +0x%05lx",
		       (unsigned long)address % PAGE_SIZE);
}

static void print_events(void)
{
	static const char *const names[] = {
		[MALLOC_EVENT_ALLOC] = "alloc",
		[MALLOC_EVENT_FREE] = "free",
		[MALLOC_EVENT_SPLIT] = "split",
		[MALLOC_EVENT_COALESCE] = "coalesce",
		[MALLOC_EVENT_GROW] = "grow",
		[MALLOC_EVENT_TRIM] = "trim",
		[MALLOC_EVENT_DECOMMIT] = "decommit",
		[MALLOC_EVENT_MAP] = "map",
		[MALLOC_EVENT_UNMAP] = "unmap",
	};
	char label[32];
	int step = -1;

	for (int i = 0; i < nr_events; i++) {
		const struct malloc_event *event = &events[i].event;

		if (step != events[i].step)
			puts(label_of(&steps[events[i].step], label,
				      sizeof(label)));
		step = events[i].step;
		printf("  %-9s ", names[event->kind]);
		print_place(event->address);
		printf(" %7zu bytes\n", event->bytes);
	}
}

/* ---- judging ---- */

static int row_equals(struct row a, struct row b)
{
	return a.brk_kib == b.brk_kib && a.vsz_kib == b.vsz_kib &&
	       a.rss_kib == b.rss_kib && a.minflt == b.minflt;
}

/* Say which rows are wrong, and why; 1 if there are any. */
static int judge(enum malloc_mode mode)
{
	int wrong = 0;

	for (int step = 1; step < NR_STEPS; step++) {
		struct row row = row_of(step);
		struct row want = steps[step].expected;

		if (mode == MALLOC_MODE_TEXTBOOK && !row_equals(row, want)) {
			printf("row %d: expected %+ldK %+ldK %+ldK %ld\n", step,
			       want.brk_kib, want.vsz_kib, want.rss_kib,
			       want.minflt);
			wrong = 1;
		} else if (row.minflt && row.rss_kib != row.minflt * PAGE_KIB) {
			printf("row %d: %ld faults brought %ldK\n", step,
			       row.minflt, row.rss_kib);
			wrong = 1;
		}
	}
	return wrong;
}

/* ---- the command line ---- */

static int usage(void)
{
	fputs("usage: figures [--table | --events] "
	      "[--mode textbook|default|glibc]\n", stderr);
	return 2;
}

/* The mode called @name, or -1. */
static int parse_mode(const char *name)
{
	static const char *const names[] = {
		[MALLOC_MODE_DEFAULT] = "default",
		[MALLOC_MODE_TEXTBOOK] = "textbook",
		[MALLOC_MODE_GLIBC] = "glibc",
	};

	for (int mode = 0; mode < 3; mode++)
		if (strcmp(name, names[mode]) == 0)
			return mode;
	return -1;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "table", no_argument, NULL, 't' },
		{ "events", no_argument, NULL, 'e' },
		{ "mode", required_argument, NULL, 'm' },
		{ NULL, 0, NULL, 0 },
	};
	int mode = MALLOC_MODE_TEXTBOOK;
	int what = 0, option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'm')
			mode = parse_mode(optarg);
		else
			what = option;
		if (option == '?' || mode < 0)
			return usage();
	}
	if (optind < argc)
		return usage();

	run_rehearsed((enum malloc_mode)mode);
	if (what == 0)
		puts("Each malloc promises pages, each touch pays for them: one "
		     "minor fault a page.\nA free gives pages back only at the "
		     "end of the heap, or if it was an mmap.\n");
	if (what == 'e')
		print_events();
	else
		print_table((enum malloc_mode)mode);
	return judge((enum malloc_mode)mode);
}
