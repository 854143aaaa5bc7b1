/*
 * ps and top read stat by field number, status by label and limits by column.
 */
#include <signal.h>

#include "proc.h"

/* Field @nr of /proc/self/stat, counted as in proc(5): from 3 on. */
static unsigned long stat_field(int nr)
{
	const char *text = strrchr(proc_text("/proc/self/stat"), ')') + 2;

	for (; nr > 3; nr--) {
		text = strchr(text, ' ');
		CHECK(text != NULL);
		text++;
	}
	return strtoul(text, NULL, 10);
}

static void check_stat(void)
{
	const char *text = strrchr(proc_text("/proc/self/stat"), ')') + 2;
	int fields = 3;

	CHECK_EQ(text[0], 'R');
	for (; *text != '\n'; text++)
		fields += *text == ' ';
	CHECK_EQ(fields, 52);
	CHECK_EQ(stat_field(4), getppid());
	CHECK_EQ(stat_field(5), sys(SYS_getpgid, 0));
	CHECK_EQ(stat_field(6), sys(SYS_getsid, 0));
	CHECK_EQ(stat_field(20), 1);
	CHECK(stat_field(10) > 0);
	CHECK(stat_field(26) <= (unsigned long)stat_field &&
	      (unsigned long)stat_field < stat_field(27));
	CHECK(stat_field(28) > (unsigned long)&fields);
	CHECK_EQ(stat_field(38), SIGCHLD);
	CHECK(stat_field(48) < stat_field(49));
	CHECK_EQ(stat_field(49), stat_field(50));
}

/* Signals are bit n - 1 of a word of 16 hexadecimal digits. */
static void check_status(void)
{
	static const char *const labels[] = {
		"Name", "Umask", "State", "Tgid", "Ngid", "Pid", "PPid",
		"TracerPid", "Uid", "Gid", "FDSize", "Groups", "NStgid",
		"NSpid", "NSpgid", "NSsid", "VmPeak", "VmSize", "VmLck",
		"VmPin", "VmHWM", "VmRSS", "RssAnon", "RssFile", "RssShmem",
		"VmData", "VmStk", "VmExe", "VmLib", "VmPTE", "VmSwap",
		"Threads", "SigPnd", "ShdPnd", "SigBlk", "SigIgn", "SigCgt",
		"NoNewPrivs", "Cpus_allowed_list", "voluntary_ctxt_switches",
		"nonvoluntary_ctxt_switches",
	};
	const char *text, *last;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	CHECK_EQ(sigprocmask(SIG_BLOCK, &set, NULL), 0);
	CHECK(signal(SIGUSR2, SIG_IGN) != SIG_ERR);
	CHECK_EQ(kill(getpid(), SIGUSR1), 0);
	last = text = proc_text("/proc/self/status");
	for (unsigned long i = 0; i < sizeof(labels) / sizeof(*labels); i++) {
		char line[64];

		snprintf(line, sizeof(line), "%s%s:\t", i ? "\n" : "",
			 labels[i]);
		last = strstr(last, line);
		if (!last)
			CHECK_STR("no such line, or not in order", labels[i]);
	}
	CHECK(strstr(text, "\nState:\tR (running)\n"));
	CHECK(strstr(text, "\nShdPnd:\t0000000000000200\n"));
	CHECK(strstr(text, "\nSigBlk:\t0000000000000200\n"));
	/* Whoever started the test may ignore more. */
	last = strstr(text, "\nSigIgn:\t") + strlen("\nSigIgn:\t");
	CHECK_EQ(strtoul(last, NULL, 16) & 0x800, 0x800);
	CHECK_EQ(last[16], '\n');
	CHECK_EQ(proc_value(text, "Pid"), getpid());
	CHECK_EQ(proc_value(text, "Threads"), 1);
}

static void check_limits(void)
{
	static const struct rlimit data = { 8192000, RLIM_INFINITY };
	const char *text;

	CHECK_EQ(sys(SYS_setrlimit, RLIMIT_DATA, &data), 0);
	text = proc_text("/proc/self/limits");
	CHECK(strstr(text, "Limit                     Soft Limit           "
			   "Hard Limit           Units     \n") == text);
	CHECK(strstr(text, "\nMax data size             8192000              "
			   "unlimited            bytes     \n"));
	CHECK(strstr(text, "\nMax cpu time              unlimited            "
			   "unlimited            seconds   \n"));
}

int main(void)
{
	check_stat();
	check_status();
	check_limits();
	return check_passed();
}
