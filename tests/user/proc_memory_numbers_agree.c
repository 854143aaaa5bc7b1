/*
 * ps, top and free read different files; if those disagree, one of them lies.
 */
#include "proc.h"

static long smaps_sum(const char *label)
{
	const char *text = proc_text("/proc/self/smaps");
	char line[32];
	long sum = 0;

	snprintf(line, sizeof(line), "\n%s:", label);
	while ((text = strstr(text, line))) {
		text += strlen(line);
		sum += strtol(text, NULL, 10);
	}
	return sum;
}

/* Field @nr of a line of numbers with one space between, from 1 on. */
static long field(const char *text, int nr)
{
	while (--nr)
		text = strchr(text, ' ') + 1;
	return strtol(text, NULL, 10);
}

static void check_rss(void)
{
	long rss = smaps_sum("Rss");
	const char *text = proc_text("/proc/self/status");

	CHECK_EQ(proc_value(text, "VmRSS"), rss);
	CHECK_EQ(proc_value(text, "RssAnon") + proc_value(text, "RssFile") +
		 proc_value(text, "RssShmem"), rss);
	CHECK_EQ(field(proc_text("/proc/self/statm"), 2) * 4, rss);
	text = proc_text("/proc/self/smaps_rollup");
	CHECK(strstr(text, " ---p 00000000 00:00 0  ") < text + 30);
	CHECK_EQ(strstr(text, "[rollup]\nRss:  ") - text, 73);
	CHECK_EQ(proc_value(text, "Rss"), rss);
	CHECK_EQ(proc_value(text, "Shared_Clean") +
		 proc_value(text, "Shared_Dirty") +
		 proc_value(text, "Private_Clean") +
		 proc_value(text, "Private_Dirty"), rss);
}

static void check_size(void)
{
	long size = smaps_sum("Size");
	const char *text = proc_text("/proc/self/status");
	long pages;

	/* The vdso and its data are no memory of ours, and not in VmSize. */
	if (strstr(proc_text("/proc/self/maps"), "[vdso]"))
		return;
	text = proc_text("/proc/self/status");
	CHECK_EQ(proc_value(text, "VmSize"), size);
	pages = field(proc_text("/proc/self/statm"), 1);
	CHECK_EQ(pages * 4, size);
	text = strrchr(proc_text("/proc/self/stat"), ')') + 2;
	CHECK_EQ(field(text, 21), pages * 4096);
}

/* Private, shared between processes, or of a file: each is counted as such. */
static void check_kinds(void)
{
	size_t bytes = 30 * PAGE_SIZE;
	long before = proc_value(proc_text("/proc/self/status"), "RssShmem");
	char *shared = mmap(NULL, bytes, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	const char *text;

	CHECK(shared != MAP_FAILED);
	for (size_t i = 0; i < bytes; i += PAGE_SIZE)
		shared[i] = 1;
	text = proc_text("/proc/self/status");
	CHECK_EQ(proc_value(text, "RssShmem") - before, 30 * 4);
	text = proc_text("/proc/self/smaps_rollup");
	CHECK_EQ(proc_value(text, "Pss_Shmem"), before + 30 * 4);
	CHECK_EQ(munmap(shared, bytes), 0);
	text = proc_text("/proc/self/status");
	CHECK_EQ(proc_value(text, "RssShmem"), before);
}

int main(void)
{
	char *region = map_pages(100, RW);

	/* What reading takes is there before anything is compared. */
	check_size();
	write_pages(region, 50, 1);
	proc_text("/proc/self/smaps_rollup");
	proc_text("/proc/self/statm");
	CHECK_EQ(smaps_sum("Anonymous"),
		 proc_value(proc_text("/proc/self/status"), "RssAnon"));
	check_rss();
	check_kinds();
	return check_passed();
}
