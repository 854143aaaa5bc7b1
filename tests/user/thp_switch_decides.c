/*
 * The switch in /sys would say one thing and the kernel do another, or large
 * pages would eat memory that single ones need. This is guest-only: it changes the
 * machine's setting, and fills its memory.
 */
// guest: MEM=64M
#include "large.h"

#define SWITCH "/sys/kernel/mm/transparent_hugepage/enabled"
#define ZEROS "/sys/kernel/mm/transparent_hugepage/use_zero_page"

static char *map_without_asking(void)
{
	char *addr = map_large(1);

	map_fixed(addr, LARGE_PAGES, RW);
	return addr;
}

static long faults_with(const char *setting, char *addr)
{
	long before;

	CHECK_EQ(proc_write(SWITCH, setting), strlen(setting));
	before = faults_start();
	write_pages(addr, LARGE_PAGES, 'a');
	before = minor_faults() - before;
	unmap_pages(addr, LARGE_PAGES);
	return before;
}

static void the_switch_has_three_places(void)
{
	CHECK_STR(proc_text(SWITCH), "always [madvise] never\n");
	CHECK_EQ(faults_with("always\n", map_without_asking()), 1);
	CHECK_STR(proc_text(SWITCH), "[always] madvise never\n");
	CHECK_EQ(faults_with("never", map_large(1)), LARGE_PAGES);
	CHECK_STR(proc_text(SWITCH), "always madvise [never]\n");
	CHECK_EQ(faults_with("madvise\n", map_without_asking()), LARGE_PAGES);
	CHECK_EQ(faults_with("madvise\n", map_large(1)), 1);
	CHECK_EQ(proc_write(SWITCH, "sometimes\n"), -EINVAL);
	CHECK_EQ(proc_write(SWITCH, "alway"), -EINVAL);
	CHECK_STR(proc_text(SWITCH), "always [madvise] never\n");
	CHECK_STR(proc_text("/sys/kernel/mm/transparent_hugepage/"
			    "hpage_pmd_size"), "2097152\n");
}

static void zeros_may_be_real(void)
{
	char *addr = map_large(1);

	CHECK_EQ(proc_write(ZEROS, "0\n"), 2);
	CHECK_EQ(read_pages(addr, LARGE_PAGES), 0);
	CHECK_EQ(large_kib(addr), LARGE / 1024);
	CHECK_EQ(proc_write(ZEROS, "2\n"), -EINVAL);
	CHECK_EQ(proc_write(ZEROS, "1\n"), 2);
	unmap_pages(addr, LARGE_PAGES);
}

static long event(const char *name)
{
	char *at = strstr(proc_text("/proc/vmstat"), name);

	CHECK(at != NULL);
	return strtol(at + strlen(name), NULL, 10);
}

/* Small pages when no block is left, and every byte where it belongs. */
static void memory_is_used_up(void)
{
	long fallbacks = event("thp_fault_fallback ");
	long free_kib = proc_value(proc_text("/proc/meminfo"), "MemFree");
	unsigned long nr_pages = (unsigned long)free_kib / 4 - LARGE_PAGES / 2;
	unsigned long nr = nr_pages / LARGE_PAGES + 1;
	char *addr = map_large(nr);

	for (unsigned long page = 0; page < nr_pages; page++)
		*(unsigned long *)(addr + page * PAGE_SIZE) = page;
	CHECK_EQ(rss_kib(addr), nr_pages * 4);
	CHECK(large_kib(addr) > 0);
	CHECK(large_kib(addr) < rss_kib(addr));
	CHECK(event("thp_fault_fallback ") > fallbacks);
	CHECK_EQ(proc_value(proc_text("/proc/meminfo"), "AnonHugePages"),
		 large_kib(addr));
	for (unsigned long page = 0; page < nr_pages; page++)
		CHECK_EQ(*(unsigned long *)(addr + page * PAGE_SIZE), page);
	unmap_pages(addr, nr * LARGE_PAGES);
}

int main(void)
{
	the_switch_has_three_places();
	zeros_may_be_real();
	memory_is_used_up();
	return check_passed();
}
