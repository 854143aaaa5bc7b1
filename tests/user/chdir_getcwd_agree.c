/* Every relative path after a cd would be looked up in the wrong folder. */
#include <fcntl.h>
#include <sys/stat.h>

#include "check.h"

int main(void)
{
	char cwd[64] = "";

	CHECK_EQ(sys(SYS_chdir, "/tmp"), 0);
	CHECK_EQ(sys(SYS_getcwd, cwd, sizeof(cwd)), 5);	/* the NUL counts */
	CHECK_STR(cwd, "/tmp");
	CHECK_EQ(sys(SYS_getcwd, cwd, 4), -ERANGE);
	CHECK_EQ(sys(SYS_getcwd, cwd, 0), -ERANGE);
	CHECK_EQ(sys(SYS_getcwd, cwd, 5), 5);

	CHECK_EQ(sys(SYS_chdir, ".."), 0);
	CHECK_EQ(sys(SYS_getcwd, cwd, sizeof(cwd)), 2);
	CHECK_STR(cwd, "/");
	CHECK_EQ(sys(SYS_chdir, "tmp/../tmp/."), 0);
	CHECK_EQ(sys(SYS_getcwd, cwd, sizeof(cwd)), 5);

	CHECK(sys(SYS_open, "a_file", O_WRONLY | O_CREAT, 0600) >= 0);
	CHECK_EQ(sys(SYS_chdir, "a_file"), -ENOTDIR);
	CHECK_EQ(sys(SYS_chdir, "no_such_folder"), -ENOENT);
	CHECK_EQ(sys(SYS_chdir, ""), -ENOENT);
	CHECK_EQ(sys(SYS_getcwd, cwd, sizeof(cwd)), 5);
	CHECK_STR(cwd, "/tmp");
	CHECK_EQ(sys(SYS_unlink, "/tmp/a_file"), 0);
	return check_passed();
}
