/* A shell or an installer would print the wrong reason, or go on without one. */
#include <fcntl.h>
#include <sys/stat.h>

#include "memory.h"

static char long_path[5000], long_name[300];

static long open_path(const char *path, int flags)
{
	return sys(SYS_open, path, flags, 0644);
}

/* "/" over and over and a file at the end, too long by one; and a long name. */
static void make_names(void)
{
	memset(long_path, '/', 4096);
	memcpy(long_path + 4091, "tmp/x", 6);
	memcpy(long_name, "/tmp/", 5);
	memset(long_name + 5, 'n', 256);
}

int main(void)
{
	long fd = open_path("/tmp/open_errors", O_WRONLY | O_CREAT | O_TRUNC);

	CHECK(fd >= 0);
	make_names();
	CHECK_EQ(open_path("", O_RDONLY), -ENOENT);
	CHECK_EQ(open_path("/no/such/folder", O_RDONLY), -ENOENT);
	CHECK_EQ(open_path("/tmp/no_such_file", O_RDONLY), -ENOENT);
	CHECK_EQ(open_path("/no/such", O_WRONLY | O_CREAT), -ENOENT);
	CHECK_EQ(open_path("/tmp/open_errors/x", O_RDONLY), -ENOTDIR);
	CHECK_EQ(open_path("/tmp/open_errors/", O_RDONLY), -ENOTDIR);
	CHECK_EQ(open_path("/tmp/open_errors", O_RDONLY | O_DIRECTORY),
		 -ENOTDIR);
	CHECK_EQ(open_path("/tmp", O_WRONLY), -EISDIR);
	CHECK_EQ(open_path("/tmp", O_RDWR), -EISDIR);
	CHECK_EQ(open_path("/", O_RDWR), -EISDIR);
	CHECK_EQ(open_path("/tmp/open_errors", O_WRONLY | O_CREAT | O_EXCL),
		 -EEXIST);
	CHECK_EQ(open_path(long_path, O_RDONLY), -ENAMETOOLONG);
	CHECK_EQ(open_path(long_name, O_RDONLY), -ENAMETOOLONG);

	/* The dots mean what they mean everywhere. */
	CHECK(open_path("/tmp/../tmp/./open_errors", O_RDONLY) >= 0);
	CHECK(open_path("/../../tmp//open_errors", O_RDONLY) >= 0);
	CHECK_EQ(open_path("/no_such/../tmp", O_RDONLY), -ENOENT);
	CHECK_EQ(sys(SYS_unlink, "/tmp/open_errors"), 0);
	return check_passed();
}
