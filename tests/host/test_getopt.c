// build: -idirafter kernel/include
/*
 * getopt() and getopt_long() against the build machine's: a program's options
 * must mean the same in the guest. Random command lines from a small alphabet;
 * results, optarg, optind and the final order of argv are compared.
 * `test_getopt SEED [ROUNDS]` repeats a run.
 */
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Our implementation, under names of its own. */
#define getopt fl_getopt
#define getopt_long fl_getopt_long
#define getopt_long_only fl_getopt_long_only
#define optarg fl_optarg
#define optind fl_optind
#define opterr fl_opterr
#define optopt fl_optopt
#include "../../libc/unistd/getopt.c"
#undef getopt
#undef getopt_long
#undef getopt_long_only
#undef optarg
#undef optind
#undef opterr
#undef optopt

#define ROUNDS_DEFAULT	200000
#define ARGS_MAX	8

static const char *const words[] = {
	"-a", "-b", "-ab", "-c", "-cval", "-d", "-dval", "-abc", "-x", "-", "--",
	"file", "other", "--all", "--al", "--a", "--color", "--color=red",
	"--count", "--count=3", "--co", "--verbose", "--verbose=1", "--nope",
	"-bd", "-acval", "-:", "--color=",
};

static const struct option longs[] = {
	{ "all", no_argument, NULL, 'a' },
	{ "also", no_argument, NULL, 'A' },
	{ "color", required_argument, NULL, 'C' },
	{ "count", optional_argument, NULL, 'N' },
	{ "verbose", no_argument, NULL, 'v' },
	{ NULL, 0, NULL, 0 },
};

static uint64_t random_state;

static unsigned int below(unsigned int n)
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return (unsigned int)((z ^ z >> 31) % n);
}

/* Everything one scan reported, as text. */
struct record {
	char text[2048];
	size_t len;
};

static void note(struct record *r, int result, const char *arg, int ind,
		 int opt)
{
	r->len += (size_t)snprintf(r->text + r->len, sizeof(r->text) - r->len,
				   "%d(%s)@%d", result, arg ? arg : "", ind);
	if (result == '?' || result == ':')
		r->len += (size_t)snprintf(r->text + r->len,
					   sizeof(r->text) - r->len, "!%d",
					   opt);
	r->text[r->len++] = ' ';
	r->text[r->len] = '\0';
}

static void note_order(struct record *r, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		r->len += (size_t)snprintf(r->text + r->len,
					   sizeof(r->text) - r->len, "|%s",
					   argv[i]);
}

static void run_ours(struct record *r, int argc, char **argv,
		     const char *shorts, int use_longs)
{
	int result;

	fl_optind = 0;
	fl_opterr = 0;
	do {
		fl_optopt = 0;
		result = use_longs ? fl_getopt_long(argc, argv, shorts, longs,
						    NULL)
				   : fl_getopt(argc, argv, shorts);
		note(r, result, result == '?' || result == ':' ? "" : fl_optarg,
		     fl_optind, fl_optopt);
	} while (result != -1);
	note_order(r, argc, argv);
}

static void run_host(struct record *r, int argc, char **argv,
		     const char *shorts, int use_longs)
{
	int result;

	optind = 0;
	opterr = 0;
	do {
		optopt = 0;
		result = use_longs ? getopt_long(argc, argv, shorts, longs, NULL)
				   : getopt(argc, argv, shorts);
		note(r, result, result == '?' || result == ':' ? "" : optarg,
		     optind, optopt);
	} while (result != -1);
	note_order(r, argc, argv);
}

/* 1 if both agree about one random command line. */
static int one_round(void)
{
	static const char *const shorts[] = { "abc:d::", "+abc:d::",
					      "-abc:d::", ":abc:d::", "" };
	const char *short_opts = shorts[below(5)];
	struct record ours = { .len = 0 }, host = { .len = 0 };
	char *argv[ARGS_MAX + 2] = { "prog" };
	char *copy[ARGS_MAX + 2];
	int argc = 1 + (int)below(ARGS_MAX);
	int use_longs = (int)below(2);

	for (int i = 1; i < argc; i++)
		argv[i] = (char *)words[below(sizeof(words) / sizeof(*words))];
	memcpy(copy, argv, sizeof(copy));
	run_ours(&ours, argc, argv, short_opts, use_longs);
	memcpy(argv, copy, sizeof(copy));
	run_host(&host, argc, copy, short_opts, use_longs);
	if (strcmp(ours.text, host.text) == 0)
		return 1;
	printf("FAIL getopt_random_as_host: got %s, want %s (\"%s\", %s:",
	       ours.text, host.text, short_opts, use_longs ? "long" : "short");
	for (int i = 1; i < argc; i++)
		printf(" %s", argv[i]);
	printf(")\n");
	return 0;
}

int main(int argc, char **argv)
{
	uint64_t seed = argc > 1 ? strtoul(argv[1], NULL, 0)
				 : (uint64_t)time(NULL);
	long rounds = argc > 2 ? atol(argv[2]) : ROUNDS_DEFAULT;
	int nr_failed = 0;

	random_state = seed;
	for (long i = 0; i < rounds && nr_failed < 10; i++)
		nr_failed += !one_round();
	printf("getopt: seed %lu, %ld rounds\n", (unsigned long)seed, rounds);
	if (!nr_failed)
		printf("PASS getopt_random_as_host\n");
	return nr_failed != 0;
}
