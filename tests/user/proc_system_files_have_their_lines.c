/*
 * free, top and uptime parse these files by label and by column; a file of
 * another shape makes them print zeros or die.
 */
#include "proc.h"

/* A decimal number at *@text, which moves behind it. */
static long take_number(const char **text)
{
	char *end;
	long number = strtol(*text, &end, 10);

	CHECK(end > *text);
	*text = end;
	return number;
}

static void take(const char **text, const char *want)
{
	unsigned long length = strlen(want);

	if (strncmp(*text, want, length))
		CHECK_STR(*text, want);
	*text += length;
}

static void check_meminfo(void)
{
	static const char *const labels[] = {
		"MemTotal", "MemFree", "MemAvailable", "Buffers", "Cached",
		"SwapCached", "SwapTotal", "SwapFree", "Dirty", "Writeback",
		"AnonPages", "Mapped", "Shmem", "Slab", "KernelStack",
		"PageTables", "CommitLimit", "Committed_AS", "VmallocTotal",
		"VmallocUsed",
	};
	const char *text = proc_text("/proc/meminfo"), *last = text;

	for (unsigned long i = 0; i < sizeof(labels) / sizeof(*labels); i++) {
		char line[32];
		const char *at;

		snprintf(line, sizeof(line), "%s%s:", i ? "\n" : "", labels[i]);
		at = strstr(last, line);
		if (!at)
			CHECK_STR("no such line, or not in order", labels[i]);
		last = at + strlen(line);
		at += i > 0;
		CHECK(proc_value(text, labels[i]) >= 0);
		/* The number ends in column 24 unless it is longer. */
		CHECK(strncmp(strchr(at, '\n') - 3, " kB", 3) == 0);
		CHECK(strchr(at, '\n') - at >= 27);
	}
	CHECK(proc_value(text, "MemFree") < proc_value(text, "MemTotal"));
	CHECK(proc_value(text, "Mapped") > 0);
	CHECK(proc_value(text, "AnonPages") > 0);
}

static void check_loadavg(void)
{
	const char *text = proc_text("/proc/loadavg");
	long running, all;

	for (int i = 0; i < 3; i++) {
		CHECK(take_number(&text) >= 0);
		take(&text, ".");
		CHECK(text[0] >= '0' && text[1] >= '0' && text[2] == ' ');
		text += 3;
	}
	running = take_number(&text);
	take(&text, "/");
	all = take_number(&text);
	CHECK(running >= 1 && running <= all);
	take(&text, " ");
	CHECK(take_number(&text) >= getpid());
	CHECK_STR(text, "\n");
}

static void check_cpuinfo(void)
{
	const char *text = proc_text("/proc/cpuinfo");

	take(&text, "processor\t: 0\nvendor_id\t: ");
	CHECK(strstr(text, "\nmodel name\t: ") != NULL);
	CHECK(strstr(text, "\ncpu MHz\t\t: ") != NULL);
	text = strstr(text, "\nflags\t\t: fpu ");
	CHECK(text != NULL);
	CHECK(strstr(text, " sse2 ") && strstr(text, " lm "));
	CHECK(strstr(text, "\npower management:\n\n") != NULL);
}

static void check_vmstat(void)
{
	static const char *const names[] = {
		"nr_free_pages", "nr_anon_pages", "nr_mapped", "nr_file_pages",
		"nr_page_table_pages", "pgpgin", "pgpgout", "pgfault",
		"pgmajfault", "oom_kill",
	};
	const char *text = proc_text("/proc/vmstat");

	for (unsigned long i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char line[32];

		snprintf(line, sizeof(line), "%s%s ", i ? "\n" : "", names[i]);
		if (!strstr(text, line))
			CHECK_STR("no such line", names[i]);
	}
}

static void check_others(void)
{
	const char *text = proc_text("/proc/swaps");

	take(&text, "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
	CHECK(strstr(proc_text("/proc/filesystems"), "nodev\ttmpfs\n"));
	CHECK(strstr(proc_text("/proc/mounts"), " /proc proc "));
	text = proc_text("/proc/uptime");
	CHECK(take_number(&text) >= 0);
	take(&text, ".");
}

int main(void)
{
	write_pages(map_pages(1, RW), 1, 1);
	check_meminfo();
	check_vmstat();
	check_loadavg();
	check_cpuinfo();
	check_others();
	return check_passed();
}
