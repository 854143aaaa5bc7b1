/*
 * Command-line options, short and long. As in glibc, options may stand behind
 * operands: argv is reordered so that the operands come last, unless the
 * option string begins with '+'; with '-', an operand is an option of code 1.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

char *optarg;
int optind = 1;		/* the next element of argv; 0: start anew */
int opterr = 1;
int optopt;

static char *cluster;	/* what is left of an element like -abc; NULL: none */
static int operands_start = 1;	/* operands passed over: [start, end) */
static int operands_end = 1;

/* One call's arguments. */
struct scan {
	int argc;
	char **argv;
	const char *shorts;
	const struct option *longs;	/* NULL for getopt() */
	int *index;
	int long_only;			/* -name is tried as --name first */
	char ordering;			/* '+', '-', or 0: permute */
	int quiet;			/* option string begins with ':' */
};

static int is_option(const char *arg)
{
	return arg[0] == '-' && arg[1] != '\0';
}

/* Move argv[from] down to argv[to]; those between move up by one. */
static void move_down(char **argv, int from, int to)
{
	char *arg = argv[from];

	memmove(&argv[to + 1], &argv[to],
		(size_t)(from - to) * sizeof(*argv));
	argv[to] = arg;
}

/* ---- messages, and what is returned with them ---- */

static int complain(const struct scan *s, const char *what, const char *dashes,
		    const char *name, size_t len)
{
	if (opterr && !s->quiet)
		fprintf(stderr, "%s: %s '%s%.*s'\n", s->argv[0], what, dashes,
			(int)len, name);
	return '?';
}

static int complain_short(const struct scan *s, const char *what, char c)
{
	optopt = c;
	if (opterr && !s->quiet)
		fprintf(stderr, "%s: %s -- '%c'\n", s->argv[0], what, c);
	return '?';
}

static int missing(const struct scan *s)
{
	return s->quiet ? ':' : '?';
}

/* ---- long options ---- */

/*
 * The option called @name, or the only one that begins so. NULL otherwise,
 * with *@ambiguous set if there are several.
 */
static const struct option *find_long(const struct scan *s, const char *name,
				      size_t len, int *ambiguous)
{
	const struct option *found = NULL;

	*ambiguous = 0;
	for (const struct option *o = s->longs; o->name; o++) {
		if (strncmp(o->name, name, len) != 0)
			continue;
		if (strlen(o->name) == len) {
			*ambiguous = 0;
			return o;
		}
		if (found)
			*ambiguous = 1;
		else
			found = o;
	}
	return *ambiguous ? NULL : found;
}

static int deliver_long(const struct scan *s, const struct option *o)
{
	if (s->index)
		*s->index = (int)(o - s->longs);
	if (!o->flag)
		return o->val;
	*o->flag = o->val;
	return 0;
}

/* @dashes: how it was written. */
static int scan_long(const struct scan *s, char *name, const char *dashes)
{
	size_t len = strcspn(name, "=");
	char *value = name[len] ? name + len + 1 : NULL;
	const struct option *o;
	int ambiguous;

	optind++;
	optopt = 0;
	o = find_long(s, name, len, &ambiguous);
	if (ambiguous)
		return complain(s, "ambiguous option", dashes, name, len);
	if (!o)
		return complain(s, "unrecognized option", dashes, name, len);
	if (value && o->has_arg == no_argument) {
		optopt = o->val;
		return complain(s, "option takes no argument", dashes, name,
				len);
	}
	if (!value && o->has_arg == required_argument) {
		if (optind >= s->argc) {
			optopt = o->val;
			complain(s, "option requires an argument", dashes, name,
				 len);
			return missing(s);
		}
		value = s->argv[optind++];
	}
	optarg = value;
	return deliver_long(s, o);
}

/* ---- short options ---- */

static int scan_short(const struct scan *s)
{
	char c = *cluster++;
	const char *found = c == ':' ? NULL : strchr(s->shorts, c);
	char *rest = *cluster ? cluster : NULL;

	if (!rest) {
		cluster = NULL;
		optind++;
	}
	if (!found)
		return complain_short(s, "invalid option", c);
	if (found[1] != ':')
		return c;
	if (rest)
		optind++;
	cluster = NULL;
	optarg = rest;		/* "-ovalue", or, with "o::", nothing */
	if (rest || found[2] == ':')
		return c;
	if (optind >= s->argc) {
		complain_short(s, "option requires an argument", c);
		return missing(s);
	}
	optarg = s->argv[optind++];
	return c;
}

/* One element of argv that is an option: "--name", "-name", or a cluster. */
static int scan_element(const struct scan *s)
{
	char *arg = s->argv[optind];
	int ambiguous;

	if (s->longs && arg[1] == '-')
		return scan_long(s, arg + 2, "--");
	if (s->longs && s->long_only &&
	    (arg[2] || !strchr(s->shorts, arg[1])) &&
	    (find_long(s, arg + 1, strcspn(arg + 1, "="), &ambiguous) ||
	     ambiguous || !strchr(s->shorts, arg[1])))
		return scan_long(s, arg + 1, "-");
	cluster = arg + 1;
	return scan_short(s);
}

/* ---- the order of options and operands ---- */

/*
 * Operands that were passed over are [operands_start, operands_end). Options
 * scanned since stand behind them, up to optind: let them change places. Not
 * earlier, since such an option may still take its argument from argv[optind].
 */
static void move_operands_behind(char **argv)
{
	while (operands_end < optind)
		move_down(argv, operands_end++, operands_start++);
}

/* Stop: what was passed over and what follows are the operands. */
static int finish(const struct scan *s)
{
	move_operands_behind(s->argv);
	optind = operands_start;
	return -1;
}

static void start_anew(void)
{
	if (optind == 0) {
		optind = 1;
		cluster = NULL;
	}
	/* A program may also set optind back to 1. */
	if (operands_end > optind)
		operands_start = operands_end = optind;
}

static int scan_next(const struct scan *s)
{
	move_operands_behind(s->argv);
	if (operands_start == operands_end)
		operands_start = optind;
	while (!s->ordering && optind < s->argc && !is_option(s->argv[optind]))
		optind++;
	operands_end = optind;
	if (optind >= s->argc)
		return finish(s);
	if (strcmp(s->argv[optind], "--") == 0) {
		optind++;
		return finish(s);
	}
	if (is_option(s->argv[optind]))
		return scan_element(s);
	if (s->ordering == '+')
		return finish(s);
	optarg = s->argv[optind++];
	return 1;
}

static int scan(struct scan *s)
{
	optarg = NULL;
	start_anew();
	if (*s->shorts == '+' || *s->shorts == '-')
		s->ordering = *s->shorts++;
	s->quiet = *s->shorts == ':';
	return cluster ? scan_short(s) : scan_next(s);
}

int getopt(int argc, char *const argv[], const char *options)
{
	struct scan s = { .argc = argc, .argv = (char **)argv,
			  .shorts = options };

	return scan(&s);
}

int getopt_long(int argc, char *const argv[], const char *options,
		const struct option *longs, int *index)
{
	struct scan s = { .argc = argc, .argv = (char **)argv,
			  .shorts = options, .longs = longs, .index = index };

	return scan(&s);
}

int getopt_long_only(int argc, char *const argv[], const char *options,
		     const struct option *longs, int *index)
{
	struct scan s = { .argc = argc, .argv = (char **)argv,
			  .shorts = options, .longs = longs, .index = index,
			  .long_only = 1 };

	return scan(&s);
}
