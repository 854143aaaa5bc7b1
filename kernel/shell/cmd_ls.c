/*
 * ls: names in columns on the terminal, one a line elsewhere, or the long form.
 */
#include "commands.h"

#include <uapi/errno.h>

#include "arena.h"
#include "directory.h"
#include "file.h"
#include "printk.h"
#include "string.h"
#include "timer.h"
#include "vfs.h"

#define TERMINAL_COLUMNS 80
#define LINK_MAX_BYTES 128 /* of a link's target; longer ones are cut */

struct ls {
	struct shell_io *io;
	char **argv;
	bool all, details, one_column, directory_itself;
	int status;
};

/* A name to print; the same arena holds all of a listing. */
struct ls_entry {
	const char *name; /* as printed */
	char *path;       /* as vfs_stat() wants it */
	struct stat stat;
};

static int complain(struct ls *ls, const char *path, int err)
{
	ls->status = EXIT_USAGE; /* what GNU ls ends with */
	return shell_error(ls->io, ls->argv, "cannot access '%s': %s", path,
			   error_text(err));
}

/* ---- the long form ---- */

static char type_letter(uint32_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return 'd';
	case S_IFLNK:
		return 'l';
	case S_IFCHR:
		return 'c';
	case S_IFBLK:
		return 'b';
	case S_IFIFO:
		return 'p';
	case S_IFSOCK:
		return 's';
	}
	return '-';
}

static void format_mode(char text[11], uint32_t mode)
{
	static const char letters[] = "rwxrwxrwx";

	text[0] = type_letter(mode);
	for (int i = 0; i < 9; i++)
		text[1 + i] = mode & (0400u >> i) ? letters[i] : '-';
	if (mode & S_ISUID)
		text[3] = mode & S_IXUSR ? 's' : 'S';
	if (mode & S_ISGID)
		text[6] = mode & S_IXGRP ? 's' : 'S';
	if (mode & S_ISVTX)
		text[9] = mode & S_IXOTH ? 't' : 'T';
	text[10] = '\0';
}

struct date {
	int64_t year;
	unsigned int month, day; /* both from 1 */
};

/*
 * The civil date of a day counted from 1970-01-01. Years start in March here,
 * so that the day that some have and others have not is the last one; 400 years
 * are an era of 146097 days.
 */
static struct date date_of_day(int64_t day)
{
	int64_t shifted = day + 719468; /* from 0000-03-01 */
	int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	unsigned int doe = (unsigned int)(shifted - era * 146097);
	unsigned int yoe =
		(doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	unsigned int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	unsigned int march_month = (5 * doy + 2) / 153;
	struct date date = {
		.year = yoe + era * 400,
		.month = march_month < 10 ? march_month + 3 : march_month - 9,
		.day = doy - (153 * march_month + 2) / 5 + 1,
	};

	date.year += date.month <= 2;
	return date;
}

/* "Nov 24 19:10", or "Nov 24  2025" if that was more than half a year ago. */
static void format_time(char *text, size_t size, int64_t seconds)
{
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr",
					  "May", "Jun", "Jul", "Aug",
					  "Sep", "Oct", "Nov", "Dec" };
	const int64_t day_seconds = 86400, half_year = 182 * 86400;
	int64_t now = (int64_t)(ktime_real_ns() / NSEC_PER_SEC);
	int64_t second = seconds % day_seconds;
	struct date date;

	if (second < 0)
		second += day_seconds;
	date = date_of_day((seconds - second) / day_seconds);
	if (seconds > now - half_year && seconds <= now + day_seconds)
		snprintf(text, size, "%s %2u %02d:%02d", months[date.month - 1],
			 date.day, (int)(second / 3600),
			 (int)(second / 60 % 60));
	else
		snprintf(text, size, "%s %2u  %d", months[date.month - 1],
			 date.day, (int)date.year);
}

static void format_size(char *text, size_t size, const struct stat *stat)
{
	if (S_ISCHR(stat->st_mode) || S_ISBLK(stat->st_mode))
		snprintf(text, size, "%u, %u", dev_major(stat->st_rdev),
			 dev_minor(stat->st_rdev));
	else
		snprintf(text, size, "%ld", stat->st_size);
}

struct ls_widths {
	int links, size;
};

static int max_int(int a, int b)
{
	return a > b ? a : b;
}

static struct ls_widths measure(const struct ls_entry *entries, size_t nr)
{
	struct ls_widths widths = { 0 };
	char text[24];

	for (size_t i = 0; i < nr; i++) {
		int n = snprintf(text, sizeof(text), "%lu",
				 entries[i].stat.st_nlink);

		widths.links = max_int(widths.links, n);
		format_size(text, sizeof(text), &entries[i].stat);
		widths.size = max_int(widths.size, (int)strlen(text));
	}
	return widths;
}

static void print_target(struct ls *ls, const char *path)
{
	char target[LINK_MAX_BYTES];
	struct io_buf to = io_buf_kernel(target, sizeof(target));
	ssize_t n = vfs_readlink(AT_FDCWD, path, &to);

	if (n >= 0)
		shell_printf(ls->io, " -> %.*s", (int)n, target);
}

static void print_details(struct ls *ls, const struct ls_entry *entry,
			  struct ls_widths widths)
{
	char mode[11], size[24], time[24];

	format_mode(mode, entry->stat.st_mode);
	format_size(size, sizeof(size), &entry->stat);
	format_time(time, sizeof(time), entry->stat.st_mtim.tv_sec);
	shell_printf(ls->io, "%s %*lu root root %*s %s ", mode, widths.links,
		     entry->stat.st_nlink, widths.size, size, time);
	shell_puts(ls->io, entry->name);
	if (S_ISLNK(entry->stat.st_mode))
		print_target(ls, entry->path);
	shell_puts(ls->io, "\n");
}

/* ---- names only ---- */

/* As many columns as fit, each read downwards. */
static void print_columns(struct ls *ls, const struct ls_entry *entries,
			  size_t nr)
{
	size_t width = 0, columns, rows;

	for (size_t i = 0; i < nr; i++)
		if (strlen(entries[i].name) + 2 > width)
			width = strlen(entries[i].name) + 2;
	columns = width && width < TERMINAL_COLUMNS ? TERMINAL_COLUMNS / width
						    : 1;
	rows = (nr + columns - 1) / columns;
	for (size_t row = 0; row < rows; row++) {
		for (size_t i = row; i < nr; i += rows)
			shell_printf(ls->io, "%-*s",
				     i + rows < nr ? (int)width : 0,
				     entries[i].name);
		shell_puts(ls->io, "\n");
	}
}

static void print_entries(struct ls *ls, const struct ls_entry *entries,
			  size_t nr)
{
	struct ls_widths widths;

	if (!ls->details && !ls->one_column) {
		print_columns(ls, entries, nr);
		return;
	}
	widths = measure(entries, nr);
	for (size_t i = 0; i < nr && !ls->io->interrupted; i++) {
		if (ls->details) {
			print_details(ls, &entries[i], widths);
		} else {
			shell_puts(ls->io, entries[i].name);
			shell_puts(ls->io, "\n");
		}
	}
}

/* ---- what to list ---- */

static char *join_path(struct arena *arena, const char *directory,
		       const char *name)
{
	size_t bytes = strlen(directory) + strlen(name) + 2;
	char *path = arena_alloc(arena, bytes);

	if (path)
		snprintf(path, bytes, "%s/%s", directory, name);
	return path;
}

/* The entries of a directory that are to be shown, with what stat says. */
static int collect(struct ls *ls, const char *directory, struct arena *arena,
		   struct ls_entry **out, size_t *nr)
{
	struct directory_list list;
	int err = directory_read(directory, arena, &list);

	*nr = 0;
	if (err)
		return err;
	*out = arena_alloc(arena, (list.nr + 1) * sizeof(**out));
	if (!*out)
		return -ENOMEM;
	for (size_t i = 0; i < list.nr; i++) {
		struct ls_entry *entry = &(*out)[*nr];

		if (list.entries[i].name[0] == '.' && !ls->all)
			continue;
		entry->name = list.entries[i].name;
		entry->path = join_path(arena, directory, entry->name);
		if (!entry->path)
			return -ENOMEM;
		err = vfs_stat(AT_FDCWD, entry->path, AT_SYMLINK_NOFOLLOW,
			       &entry->stat);
		if (err)
			complain(ls, entry->path, err);
		else
			(*nr)++;
	}
	return 0;
}

static void list_directory(struct ls *ls, const char *path)
{
	struct arena arena = { 0 };
	struct ls_entry *entries;
	int64_t blocks = 0;
	size_t nr;
	int err = collect(ls, path, &arena, &entries, &nr);

	if (err) {
		complain(ls, path, err);
	} else {
		for (size_t i = 0; i < nr; i++)
			blocks += entries[i].stat.st_blocks;
		if (ls->details)
			shell_printf(ls->io, "total %ld\n", blocks / 2);
		print_entries(ls, entries, nr);
	}
	arena_free(&arena);
}

/* List the operands: first the files among them, then each directory. */
static void list_operands(struct ls *ls, int argc, char **operands,
			  struct ls_entry *files, struct ls_entry *directories)
{
	size_t nr_files = 0, nr_directories = 0;

	for (int i = 0; i < argc; i++) {
		struct ls_entry entry = { operands[i], operands[i], { 0 } };
		int err = vfs_stat(AT_FDCWD, operands[i],
				   ls->details ? AT_SYMLINK_NOFOLLOW : 0,
				   &entry.stat);

		if (err)
			complain(ls, operands[i], err);
		else if (S_ISDIR(entry.stat.st_mode) && !ls->directory_itself)
			directories[nr_directories++] = entry;
		else
			files[nr_files++] = entry;
	}
	if (nr_files)
		print_entries(ls, files, nr_files);
	for (size_t i = 0; i < nr_directories; i++) {
		if (argc > 1)
			shell_printf(ls->io, "%s%s:\n",
				     i || nr_files ? "\n" : "",
				     directories[i].name);
		list_directory(ls, directories[i].path);
	}
}

static bool read_options(struct ls *ls, struct options *options, int argc)
{
	int letter;

	while ((letter = option_next(options, ls->io, argc, ls->argv,
				     "la1d"))) {
		if (letter < 0)
			return false;
		ls->details |= letter == 'l';
		ls->all |= letter == 'a';
		ls->one_column |= letter == '1';
		ls->directory_itself |= letter == 'd';
	}
	return true;
}

int cmd_ls(struct shell_io *io, int argc, char **argv)
{
	static char *here[] = { "." };
	struct ls ls = {
		.io = io, .argv = argv, .one_column = !shell_is_terminal(io),
	};
	struct options options = { 0 };
	struct arena arena = { 0 };
	struct ls_entry *entries;
	int nr;

	if (!read_options(&ls, &options, argc))
		return EXIT_USAGE;
	nr = argc - options.index;
	entries = arena_alloc(&arena, (size_t)(2 * nr + 2) * sizeof(*entries));
	if (!entries)
		return shell_error(io, argv, "%s", error_text(-ENOMEM));
	if (nr)
		list_operands(&ls, nr, argv + options.index, entries,
			      entries + nr);
	else
		list_operands(&ls, 1, here, entries, entries + 1);
	arena_free(&arena);
	return ls.status;
}
