/*
 * A shell that tries to run something that is no program would die with it, or
 * print the wrong reason.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "memory.h"

static const char script_without_name[] = "#!\n";
static const char text[] = "this is no program\n";

static char *const args[] = { "x", NULL };

static long exec(const char *path)
{
	return sys(SYS_execve, path, args, args + 1);
}

static const char *make_file(const char *contents, size_t bytes, int mode)
{
	static const char path[] = "/tmp/exec_errors";
	long fd = sys(SYS_open, path, O_WRONLY | O_CREAT | O_TRUNC, 0700);

	CHECK(fd >= 0);
	CHECK_EQ(sys(SYS_write, fd, contents, bytes), bytes);
	CHECK_EQ(sys(SYS_close, fd), 0);
	CHECK_EQ(sys(SYS_chmod, path, mode), 0);
	return path;
}

int main(void)
{
	CHECK_EQ(exec("/no/such/program"), -ENOENT);
	CHECK_EQ(exec(""), -ENOENT);
	CHECK_EQ(exec("/tmp"), -EACCES);
	CHECK_EQ(exec("/dev/null"), -EACCES);
	CHECK_EQ(exec("/dev/null/x"), -ENOTDIR);

	CHECK_EQ(exec(make_file(text, sizeof(text), 0600)), -EACCES);
	CHECK_EQ(exec(make_file(text, sizeof(text), 0700)), -ENOEXEC);
	CHECK_EQ(exec(make_file("", 0, 0700)), -ENOEXEC);
	CHECK_EQ(exec(make_file("\177EL", 3, 0700)), -ENOEXEC);
	CHECK_EQ(exec(make_file("\177ELF", 4, 0700)), -ENOEXEC);
	CHECK_EQ(exec(make_file(script_without_name, 3, 0700)), -ENOEXEC);
	CHECK_EQ(sys(SYS_unlink, "/tmp/exec_errors"), 0);
	return check_passed();
}
