/*
 * Who protects a daemon from the OOM killer, or offers a build to it, writes a
 * number that children must inherit and the score must follow.
 */
#include "proc.h"

#define ADJ "/proc/self/oom_score_adj"
#define OLD_ADJ "/proc/self/oom_adj"

static long number(const char *path)
{
	return strtol(proc_text(path), NULL, 10);
}

static void inherits(void)
{
	CHECK_STR(proc_text(ADJ), "500\n");
}

int main(void)
{
	long score;

	CHECK_EQ(proc_write(ADJ, "0"), 1);
	CHECK_STR(proc_text(ADJ), "0\n");
	score = number("/proc/self/oom_score");
	CHECK(score >= 666 && score < 1333);
	CHECK_EQ(proc_write(ADJ, " 500\n"), 5);
	CHECK_STR(proc_text(OLD_ADJ), "8\n");
	CHECK(number("/proc/self/oom_score") >= score + 300);
	CHECK_EQ(check_in_child(inherits), 0);
	CHECK_EQ(proc_write(ADJ, "1001"), -EINVAL);
	CHECK_EQ(proc_write(ADJ, "-1001"), -EINVAL);
	CHECK_EQ(proc_write(ADJ, "many"), -EINVAL);
	CHECK_STR(proc_text(ADJ), "500\n");
	/* Where root lacks CAP_SYS_RESOURCE, in a container, it may not. */
	if (proc_write(ADJ, "-1000") != -EACCES) {
		CHECK_STR(proc_text("/proc/self/oom_score"), "0\n");
		CHECK_STR(proc_text(OLD_ADJ), "-17\n");
	}
	CHECK_EQ(proc_write(OLD_ADJ, "15"), 2);
	CHECK_STR(proc_text(ADJ), "1000\n");
	CHECK_EQ(proc_write(OLD_ADJ, "16"), -EINVAL);
	return check_passed();
}
