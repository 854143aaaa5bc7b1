/*
 * A daemon gives up root before it talks to strangers: from then on it may not
 * have it back, touch others' files or processes, or lock more memory than its
 * limit allows. On Linux this can only be tried by root.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "memory.h"

#define NOBODY 65534

static int root_pid;

static void become_nobody(void)
{
	CHECK_EQ(sys(SYS_setgid, NOBODY), 0);
	CHECK_EQ(sys(SYS_setuid, NOBODY), 0);
}

static void cannot_come_back(void)
{
	unsigned int real, effective, saved;

	become_nobody();
	CHECK_EQ(sys(SYS_getresuid, &real, &effective, &saved), 0);
	CHECK(real == NOBODY && effective == NOBODY && saved == NOBODY);
	CHECK_EQ(sys(SYS_setuid, 0), -EPERM);
	CHECK_EQ(sys(SYS_setreuid, 0, -1), -EPERM);
	CHECK_EQ(sys(SYS_setresuid, -1, -1, 0), -EPERM);
	CHECK_EQ(sys(SYS_setgid, 0), -EPERM);
	CHECK_EQ(sys(SYS_setgroups, 0, 0), -EPERM);
	CHECK_EQ(sys(SYS_setuid, NOBODY), 0);
}

static void effective_comes_and_goes(void)
{
	struct rlimit none = { 0, 0 };

	CHECK_EQ(sys(SYS_setrlimit, RLIMIT_MEMLOCK, &none), 0);
	CHECK_EQ(sys(SYS_mlock, map_pages(1, RW), PAGE_SIZE), 0);
	CHECK_EQ(sys(SYS_setresuid, -1, NOBODY, -1), 0);
	CHECK_EQ(sys(SYS_mlock, map_pages(1, RW), PAGE_SIZE), -EPERM);
	CHECK_EQ(sys(SYS_setresuid, -1, 0, -1), 0);
	CHECK_EQ(sys(SYS_mlock, map_pages(1, RW), PAGE_SIZE), 0);
}

static void others_are_safe(void)
{
	char *bytes = map_pages(1, RW);
	struct iovec vec = { bytes, 4 };
	struct rlimit limit;

	become_nobody();
	CHECK_EQ(sys(SYS_kill, root_pid, 0), -EPERM);
	CHECK_EQ(sys(SYS_tgkill, root_pid, root_pid, 0), -EPERM);
	CHECK_EQ(sys(SYS_kill, getpid(), 0), 0);
	CHECK_EQ(sys(SYS_process_vm_readv, root_pid, &vec, 1, &vec, 1, 0),
		 -EPERM);
	CHECK_EQ(sys(SYS_prlimit64, root_pid, RLIMIT_CORE, 0, &limit), -EPERM);
	CHECK_EQ(sys(SYS_setpriority, PRIO_PROCESS, root_pid, 19), -EPERM);
	CHECK_EQ(sys(SYS_getrlimit, RLIMIT_CORE, &limit), 0);
	limit.rlim_cur = limit.rlim_max = 0;
	CHECK_EQ(sys(SYS_setrlimit, RLIMIT_CORE, &limit), 0);
	limit.rlim_max = 1;
	CHECK_EQ(sys(SYS_setrlimit, RLIMIT_CORE, &limit), -EPERM);
}

static void files_have_owners(void)
{
	struct stat stat;
	long fd;

	sys(SYS_mkdir, "/tmp/cred-test", 0700);
	CHECK_EQ(sys(SYS_chmod, "/tmp/cred-test", 0701), 0);
	fd = sys(SYS_open, "/tmp/cred-test/file", O_CREAT | O_RDWR, 0604);
	CHECK_EQ(sys(SYS_fchmod, fd, 0604), 0);
	become_nobody();
	CHECK_EQ(sys(SYS_open, "/tmp/cred-test", O_RDONLY), -EACCES);
	CHECK(sys(SYS_open, "/tmp/cred-test/file", O_RDONLY) >= 0);
	CHECK_EQ(sys(SYS_open, "/tmp/cred-test/file", O_RDWR), -EACCES);
	CHECK_EQ(sys(SYS_truncate, "/tmp/cred-test/file", 0), -EACCES);
	CHECK_EQ(sys(SYS_unlink, "/tmp/cred-test/file"), -EACCES);
	CHECK_EQ(sys(SYS_chmod, "/tmp/cred-test/file", 0666), -EPERM);
	CHECK_EQ(sys(SYS_chown, "/tmp/cred-test/file", NOBODY, -1), -EPERM);
	CHECK_EQ(sys(SYS_open, "/tmp/cred-test/new", O_CREAT, 0600), -EACCES);
	CHECK_EQ(sys(SYS_rmdir, "/tmp/cred-test"), -EPERM); /* sticky */
	fd = sys(SYS_open, "/tmp/cred-own", O_CREAT | O_RDWR | O_EXCL, 0600);
	CHECK(fd >= 0);
	CHECK_EQ(sys(SYS_fstat, fd, &stat), 0);
	CHECK_EQ(stat.st_uid, NOBODY);
	CHECK_EQ(sys(SYS_fchmod, fd, 0644), 0);
	CHECK_EQ(sys(SYS_unlink, "/tmp/cred-own"), 0);
}

static void lock_limit_holds(void)
{
	struct rlimit eight = { 8 * PAGE_SIZE, 8 * PAGE_SIZE };
	char *page = map_pages(16, RW);

	CHECK_EQ(sys(SYS_setrlimit, RLIMIT_MEMLOCK, &eight), 0);
	become_nobody();
	CHECK_EQ(sys(SYS_mlock, page, 9 * PAGE_SIZE), -ENOMEM);
	CHECK_EQ(sys(SYS_mlock, page, 8 * PAGE_SIZE), 0);
	CHECK_EQ(sys(SYS_mlock, page, 8 * PAGE_SIZE), 0);
	CHECK_EQ(sys(SYS_mlock, page + 8 * PAGE_SIZE, 1), -ENOMEM);
	CHECK_EQ(sys(SYS_mlockall, MCL_CURRENT), -ENOMEM);
	CHECK_EQ(sys(SYS_mmap, 0, PAGE_SIZE, RW, ANON | MAP_LOCKED, -1, 0),
		 -EAGAIN);
	CHECK_EQ(sys(SYS_munlock, page, 2 * PAGE_SIZE), 0);
	CHECK_EQ(sys(SYS_mlock, page + 8 * PAGE_SIZE, 2 * PAGE_SIZE), 0);
	CHECK_EQ(sys(SYS_mremap, page + 8 * PAGE_SIZE, 2 * PAGE_SIZE,
		     9 * PAGE_SIZE, MREMAP_MAYMOVE), -EAGAIN);
}

static void processes_are_counted(void)
{
	struct rlimit one = { 1, 1 };

	become_nobody();
	CHECK_EQ(sys(SYS_setrlimit, RLIMIT_NPROC, &one), 0);
	CHECK_EQ(sys(SYS_fork), -EAGAIN);
}

int main(void)
{
	if (sys(SYS_getuid) != 0)
		return check_passed();
	root_pid = getpid();
	CHECK_EQ(check_in_child(cannot_come_back), 0);
	CHECK_EQ(check_in_child(effective_comes_and_goes), 0);
	CHECK_EQ(check_in_child(others_are_safe), 0);
	CHECK_EQ(check_in_child(files_have_owners), 0);
	CHECK_EQ(check_in_child(lock_limit_holds), 0);
	CHECK_EQ(check_in_child(processes_are_counted), 0);
	sys(SYS_unlink, "/tmp/cred-test/file");
	sys(SYS_rmdir, "/tmp/cred-test");
	return check_passed();
}
