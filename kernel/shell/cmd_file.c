/*
 * Files and directories: cat, cp, mv, rm, mkdir, cd, pwd.
 */
#include "commands.h"

#include <uapi/dirent.h>
#include <uapi/errno.h>

#include "dentry.h"
#include "directory.h"
#include "env.h"
#include "file.h"
#include "kmalloc.h"
#include "printk.h"
#include "string.h"
#include "vfs.h"

#define COPY_BYTES 16384

static int complain(struct shell_io *io, char **argv, const char *path, int err)
{
	return shell_error(io, argv, "%s: %s", path, error_text(err));
}

/* ---- cat, cp ---- */

/* Copy the input of @io to its output until it ends. 0 or an errno. */
static int copy_stream(struct shell_io *io)
{
	char *buffer = kmalloc(COPY_BYTES);
	ssize_t n = -ENOMEM;
	int err = 0;

	while (buffer && !err && !io->interrupted) {
		n = shell_read(io, buffer, COPY_BYTES);
		if (n <= 0)
			break;
		err = shell_write(io, SHELL_STDOUT, buffer, (size_t)n);
	}
	kfree(buffer);
	return err ? err : n < 0 ? (int)n : 0;
}

static int cat_file(struct shell_io *io, const char *path)
{
	struct file *input = io->stream[SHELL_STDIN];
	struct file *file;
	int err = vfs_open(AT_FDCWD, path, O_RDONLY, 0, &file);

	if (err)
		return err;
	io->stream[SHELL_STDIN] = file;
	err = copy_stream(io);
	io->stream[SHELL_STDIN] = input;
	file_put(file);
	return err;
}

int cmd_cat(struct shell_io *io, int argc, char **argv)
{
	static char *input[] = { "-" };
	char **paths = argc > 1 ? argv + 1 : input;
	int nr = argc > 1 ? argc - 1 : 1;
	int status = EXIT_OK;

	if (argc == 1 && !io->stream[SHELL_STDIN] && shell_is_terminal(io))
		return shell_usage_error(io, argv, "no file named");
	for (int i = 0; i < nr && !io->interrupted; i++) {
		int err = strcmp(paths[i], "-") ? cat_file(io, paths[i])
						: copy_stream(io);

		if (err && err != -EPIPE)
			status = complain(io, argv, paths[i], err);
	}
	return status;
}

/*
 * Where a file goes that is copied or moved to @to: into it, if that is a
 * directory. In memory of @arena, or NULL.
 */
static char *destination(const char *from, const char *to, struct arena *arena)
{
	struct stat stat;
	const char *slash = strrchr(from, '/');
	const char *name = slash ? slash + 1 : from;
	size_t bytes = strlen(to) + strlen(name) + 2;
	char *path = arena_alloc(arena, bytes);

	if (!path)
		return NULL;
	if (!vfs_stat(AT_FDCWD, to, 0, &stat) && S_ISDIR(stat.st_mode))
		snprintf(path, bytes, "%s/%s", to, name);
	else
		strlcpy(path, to, bytes);
	return path;
}

static int copy_file(struct shell_io *io, const char *from, const char *to)
{
	struct shell_io copy = { 0 };
	struct stat stat, target;
	int err = vfs_stat(AT_FDCWD, from, 0, &stat);

	if (err)
		return err;
	if (S_ISDIR(stat.st_mode))
		return -EISDIR;
	/* Opening the target would cut its own contents off. */
	if (!vfs_stat(AT_FDCWD, to, 0, &target) &&
	    target.st_ino == stat.st_ino && target.st_dev == stat.st_dev)
		return -EEXIST;
	err = vfs_open(AT_FDCWD, from, O_RDONLY, 0, &copy.stream[SHELL_STDIN]);
	if (err)
		return err;
	err = vfs_open(AT_FDCWD, to, O_WRONLY | O_CREAT | O_TRUNC,
		       stat.st_mode & 0777, &copy.stream[SHELL_STDOUT]);
	if (err)
		goto out_close;
	err = copy_stream(&copy);
	io->interrupted |= copy.interrupted;
	file_put(copy.stream[SHELL_STDOUT]);
out_close:
	file_put(copy.stream[SHELL_STDIN]);
	return err;
}

static int move_file(struct shell_io *io, const char *from, const char *to)
{
	(void)io;
	return vfs_rename(AT_FDCWD, from, AT_FDCWD, to, 0);
}

static int from_to(struct shell_io *io, int argc, char **argv,
		   int (*work)(struct shell_io *io, const char *from,
			       const char *to))
{
	struct arena arena = { 0 };
	int err = -ENOMEM;
	char *to;

	if (argc != 3)
		return shell_usage_error(io, argv, "give FROM and TO");
	to = destination(argv[1], argv[2], &arena);
	if (to)
		err = work(io, argv[1], to);
	if (err)
		shell_error(io, argv, "'%s' to '%s': %s", argv[1],
			    to ? to : argv[2], error_text(err));
	arena_free(&arena);
	return err ? EXIT_FAILED : EXIT_OK;
}

int cmd_cp(struct shell_io *io, int argc, char **argv)
{
	return from_to(io, argc, argv, copy_file);
}

int cmd_mv(struct shell_io *io, int argc, char **argv)
{
	return from_to(io, argc, argv, move_file);
}

/* ---- rm ---- */

/* Append "/name" to @path of PATH_MAX_BYTES. False: it would be too long. */
static bool path_push(char *path, const char *name)
{
	size_t n = strlen(path);

	return (size_t)snprintf(path + n, PATH_MAX_BYTES - n, "/%s", name) <
	       PATH_MAX_BYTES - n;
}

static void path_pop(char *path)
{
	*strrchr(path, '/') = '\0';
}

/* "." and ".." are in every directory and are never removed. */
static bool is_dots(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

/*
 * Remove the files in the directory @path. The first directory found there is
 * added to @path instead, and *@deeper set: that one has to go first.
 */
static int empty_directory(char *path, bool *deeper)
{
	struct arena arena = { 0 };
	struct directory_list list;
	int err = directory_read(path, &arena, &list);

	*deeper = false;
	for (size_t i = 0; i < list.nr && !err && !*deeper; i++) {
		const struct directory_entry *entry = &list.entries[i];

		if (is_dots(entry->name))
			continue;
		if (!path_push(path, entry->name)) {
			err = -ENAMETOOLONG;
		} else if (entry->type == DT_DIR) {
			*deeper = true;
		} else {
			err = vfs_unlink(AT_FDCWD, path);
			path_pop(path);
		}
	}
	arena_free(&arena);
	return err;
}

/*
 * Remove a directory and all below it. A tree may be deeper than the kernel
 * stack, so this walks down and up by editing the path, without recursion.
 */
static int remove_tree(struct shell_io *io, const char *root)
{
	char *path = kmalloc(PATH_MAX_BYTES);
	size_t root_bytes = strlen(root);
	int err = -ENOMEM;
	bool deeper = false;

	if (!path)
		return err;
	strlcpy(path, root, PATH_MAX_BYTES);
	do {
		err = io->interrupted ? -EINTR : empty_directory(path, &deeper);
		if (err || deeper)
			continue;
		err = vfs_rmdir(AT_FDCWD, path);
		if (strlen(path) == root_bytes)
			break;
		path_pop(path);
	} while (!err);
	kfree(path);
	return err;
}

static int remove_path(struct shell_io *io, const char *path, bool recursive)
{
	struct stat stat;
	int err = vfs_stat(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &stat);

	if (err)
		return err;
	if (S_ISDIR(stat.st_mode) && recursive)
		return remove_tree(io, path);
	return vfs_unlink(AT_FDCWD, path);
}

int cmd_rm(struct shell_io *io, int argc, char **argv)
{
	struct options options = { 0 };
	bool recursive = false, force = false;
	int letter, status = EXIT_OK;

	while ((letter = option_next(&options, io, argc, argv, "rf"))) {
		if (letter < 0)
			return EXIT_USAGE;
		recursive |= letter == 'r';
		force |= letter == 'f';
	}
	if (options.index == argc && !force)
		return shell_usage_error(io, argv, "no file named");
	for (int i = options.index; i < argc; i++) {
		int err = remove_path(io, argv[i], recursive);

		if (err && !(force && err == -ENOENT))
			status = complain(io, argv, argv[i], err);
	}
	return status;
}

/* ---- directories ---- */

/* Make each directory on the way to @path too; those that exist are fine. */
static int make_parents(char *path)
{
	for (char *p = path + 1; *p; p++) {
		int err;

		if (*p != '/')
			continue;
		*p = '\0';
		err = vfs_mkdir(AT_FDCWD, path, 0777);
		*p = '/';
		if (err && err != -EEXIST)
			return err;
	}
	return 0;
}

static int make_directory(char *path, bool parents)
{
	struct stat stat;
	int err = parents && *path ? make_parents(path) : 0;

	if (err)
		return err;
	err = vfs_mkdir(AT_FDCWD, path, 0777);
	if (err == -EEXIST && parents &&
	    !vfs_stat(AT_FDCWD, path, 0, &stat) && S_ISDIR(stat.st_mode))
		return 0;
	return err;
}

int cmd_mkdir(struct shell_io *io, int argc, char **argv)
{
	struct options options = { 0 };
	bool parents = false;
	int letter, status = EXIT_OK;

	while ((letter = option_next(&options, io, argc, argv, "p"))) {
		if (letter < 0)
			return EXIT_USAGE;
		parents = true;
	}
	if (options.index == argc)
		return shell_usage_error(io, argv, "no directory named");
	for (int i = options.index; i < argc; i++) {
		int err = make_directory(argv[i], parents);

		if (err)
			status = complain(io, argv, argv[i], err);
	}
	return status;
}

int cmd_cd(struct shell_io *io, int argc, char **argv)
{
	const char *path = argc > 1 ? argv[1] : env_get("HOME", 4);
	int err;

	if (argc > 2)
		return shell_usage_error(io, argv, "unexpected '%s'", argv[2]);
	err = vfs_chdir(path ? path : "/");
	return err ? complain(io, argv, path, err) : EXIT_OK;
}

int cmd_pwd(struct shell_io *io, int argc, char **argv)
{
	char *path;
	ssize_t n = -ENOMEM;

	if (argc > 1)
		return shell_usage_error(io, argv, "unexpected '%s'", argv[1]);
	path = kmalloc(PATH_MAX_BYTES);
	if (path)
		n = vfs_getcwd(path, PATH_MAX_BYTES);
	if (n > 0) {
		shell_puts(io, path);
		shell_puts(io, "\n");
	}
	kfree(path);
	return n > 0 ? EXIT_OK
		     : shell_error(io, argv, "%s", error_text((int)n));
}
