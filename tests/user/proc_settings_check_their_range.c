/*
 * A setting takes the numbers that mean something and no others; what was
 * refused has changed nothing. guest-only: the build machine's settings are not
 * ours to change.
 */
#include "proc.h"

#define VM "/proc/sys/vm/"

static void check_range(const char *path, const char *const good[],
			const char *const bad[])
{
	char old[32], want[32];

	strcpy(old, proc_text(path));
	for (; *good; good++) {
		snprintf(want, sizeof(want), "%s\n", *good);
		CHECK_EQ(proc_write(path, want), strlen(want));
		CHECK_STR(proc_text(path), want);
	}
	for (; *bad; bad++) {
		CHECK_EQ(proc_write(path, *bad), -EINVAL);
		CHECK_STR(proc_text(path), want);
	}
	CHECK_EQ(proc_write(path, old), strlen(old));
}

/* One VMA more than max_map_count allows is refused. */
static void check_map_count(void)
{
	char *place = map_pages(64, RW);

	CHECK_EQ(proc_write(VM "max_map_count", "20"), 2);
	for (int page = 1; page < 63; page += 2) {
		long err = sys(SYS_mprotect, place + page * PAGE_SIZE,
			       PAGE_SIZE, PROT_READ);

		if (err) {
			CHECK_EQ(err, -ENOMEM);
			CHECK(page > 1);
			CHECK_EQ(proc_write(VM "max_map_count", "65530"), 5);
			return;
		}
	}
	CHECK(!"max_map_count refuses nothing");
}

int main(void)
{
	check_range(VM "overcommit_memory",
		    (const char *[]){ "0", "2", "1", NULL },
		    (const char *[]){ "3", "-1", "x", "1x", NULL });
	check_range(VM "overcommit_ratio",
		    (const char *[]){ "0", "80", "50", NULL },
		    (const char *[]){ "-1", "many", NULL });
	check_range(VM "max_map_count",
		    (const char *[]){ "70000", "65530", NULL },
		    (const char *[]){ "-1", "1 2", NULL });
	check_map_count();
	CHECK_EQ(proc_write("/proc/sys/kernel/osrelease", "1"), -EACCES);
	CHECK(strtol(proc_text(VM "mmap_min_addr"), NULL, 10) > 0);
	CHECK_STR(proc_text("/proc/sys/kernel/pid_max"), "32768\n");
	return check_passed();
}
