/*
 * Programs lock keys and real-time buffers and read VmLck to see whether it
 * worked: pages must be there at once, counted once, and given back.
 */
#include "maps.h"

/* VmLck of /proc/self/status in pages. */
static long locked_pages(void)
{
	static char text[4096];
	long fd = sys(SYS_open, "/proc/self/status", O_RDONLY);
	long n = sys(SYS_read, fd, text, sizeof(text) - 1);
	char *line;

	CHECK(n > 0);
	text[n] = '\0';
	sys(SYS_close, fd);
	line = strstr(text, "VmLck:");
	CHECK(line);
	return strtol(line + 6, NULL, 10) / 4;
}

static void check_errors(void)
{
	char *area = map_pages(4, RW);

	unmap_pages(area + PAGE_SIZE, 1);
	CHECK_EQ(sys(SYS_mlock, area, 3 * PAGE_SIZE), -ENOMEM);
	CHECK_EQ(locked_pages(), 1);	/* what lies before the hole is */
	CHECK_EQ(sys(SYS_munlock, area, 3 * PAGE_SIZE), -ENOMEM);
	CHECK_EQ(locked_pages(), 0);
	CHECK_EQ(sys(SYS_mlock, area + PAGE_SIZE, 1), -ENOMEM);
	CHECK_EQ(sys(SYS_mlock, -1L, 4096), -EINVAL);
	CHECK_EQ(sys(SYS_mlock, area + PAGE_SIZE, 0), 0);
	CHECK_EQ(sys(SYS_mlock2, area, 1, 2), -EINVAL);
	CHECK_EQ(sys(SYS_mlockall, 0), -EINVAL);
	CHECK_EQ(sys(SYS_mlockall, MCL_ONFAULT), -EINVAL);
	CHECK_EQ(sys(SYS_mlockall, 8), -EINVAL);
	CHECK_EQ(sys(SYS_mprotect, area, PAGE_SIZE, PROT_NONE), 0);
	CHECK_EQ(sys(SYS_mlock, area, 1), -ENOMEM);
	CHECK_EQ(sys(SYS_munlock, area, 1), 0);
}

static void check_ranges(void)
{
	char *area = map_pages(10, PROT_NONE) + PAGE_SIZE;
	long before;

	map_fixed(area, 8, RW);
	before = faults_start();
	CHECK_EQ(sys(SYS_mlock, area + 2 * PAGE_SIZE + 5, PAGE_SIZE), 0);
	CHECK_EQ(minor_faults() - before, 2);
	CHECK_EQ(locked_pages(), 2);
	CHECK_STR(maps_draw(area, 8), "aabbcccc");
	CHECK_EQ(sys(SYS_mlock, area, 4 * PAGE_SIZE), 0);
	CHECK_EQ(locked_pages(), 4);
	CHECK_EQ(sys(SYS_munmap, area + PAGE_SIZE, PAGE_SIZE), 0);
	CHECK_EQ(locked_pages(), 3);
	CHECK_EQ(sys(SYS_munlock, area + 2 * PAGE_SIZE, 6 * PAGE_SIZE), 0);
	CHECK_EQ(locked_pages(), 1);
	CHECK_STR(maps_draw(area, 8), "a.bbbbbb");
	unmap_pages(area, 8);
	CHECK_EQ(locked_pages(), 0);
}

static void check_on_fault(void)
{
	char *area = map_pages(4, RW);
	long before = faults_start();

	CHECK_EQ(sys(SYS_mlock2, area, 4 * PAGE_SIZE, MLOCK_ONFAULT), 0);
	CHECK_EQ(minor_faults() - before, 0);
	CHECK_EQ(locked_pages(), 4);
	unmap_pages(area, 4);
}

static void check_inheritance(void)
{
	char *area = map_pages(2, RW);
	pid_t pid;

	CHECK_EQ(sys(SYS_mlock, area, 2 * PAGE_SIZE), 0);
	pid = check_fork();
	if (pid == 0) {
		CHECK_EQ(locked_pages(), 0);
		_exit(0);
	}
	check_child(pid);
	CHECK_EQ(locked_pages(), 2);
	unmap_pages(area, 2);
}

static void check_future(void)
{
	long before, brk;
	char *area;

	CHECK_EQ(sys(SYS_mlockall, MCL_FUTURE), 0);
	CHECK_EQ(locked_pages(), 0);
	area = map_pages(4, RW);
	before = faults_start();
	write_pages(area, 4, 1);
	CHECK_EQ(minor_faults() - before, 0);
	CHECK_EQ(locked_pages(), 4);
	area = (char *)sys(SYS_mremap, area, 4 * PAGE_SIZE, 9 * PAGE_SIZE,
			   MREMAP_MAYMOVE);
	CHECK_EQ(locked_pages(), 9);
	before = faults_start();
	write_pages(area, 9, 1);
	CHECK_EQ(minor_faults() - before, 0);

	brk = (sys(SYS_brk, 0) + 4095) & -4096L;
	CHECK_EQ(sys(SYS_brk, brk + 3 * 4096), brk + 3 * 4096);
	before = faults_start();
	write_pages((char *)brk, 3, 1);
	CHECK_EQ(minor_faults() - before, 0);
	CHECK_EQ(sys(SYS_brk, brk), brk);

	CHECK_EQ(sys(SYS_munlockall), 0);
	CHECK_EQ(locked_pages(), 0);
	map_pages(1, RW);
	CHECK_EQ(locked_pages(), 0);
}

int main(void)
{
	check_errors();
	check_ranges();
	check_on_fault();
	check_inheritance();
	check_future();
	CHECK_EQ(sys(SYS_mlockall, MCL_CURRENT), 0);
	CHECK(locked_pages() > 10);
	CHECK_EQ(sys(SYS_munlockall), 0);
	return check_passed();
}
