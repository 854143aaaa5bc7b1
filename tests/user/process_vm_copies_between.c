/*
 * A debugger reads and writes another process with process_vm_readv(2) and
 * process_vm_writev(2): lists of different shapes meet, and what was copied
 * before one side ended is told.
 */
#include <signal.h>
#include <sys/uio.h>

#include "memory.h"

static char *near, *far;	/* 8 pages each; far is looked at in a child */

/* 0 to 3 'r', 4 unmapped, 5 read-only, 6 without rights, 7 untouched. */
static pid_t start_child(void)
{
	int ends[2];
	char byte;
	pid_t pid;

	CHECK_EQ(sys(SYS_pipe, ends), 0);
	pid = check_fork();
	if (pid == 0) {
		memset(far, 'r', 4 * PAGE_SIZE);
		unmap_pages(far + 4 * PAGE_SIZE, 1);
		sys(SYS_mprotect, far + 5 * PAGE_SIZE, PAGE_SIZE, PROT_READ);
		sys(SYS_mprotect, far + 6 * PAGE_SIZE, PAGE_SIZE, PROT_NONE);
		sys(SYS_write, ends[1], "x", 1);
		for (;;)
			sys(SYS_pause);
	}
	CHECK_EQ(sys(SYS_read, ends[0], &byte, 1), 1);
	sys(SYS_close, ends[0]);
	sys(SYS_close, ends[1]);
	return pid;
}

static long read_one(pid_t pid, char *from, unsigned long bytes)
{
	struct iovec local = { near, 8 * PAGE_SIZE }, remote = { from, bytes };

	return sys(SYS_process_vm_readv, pid, &local, 1, &remote, 1, 0);
}

static long write_one(pid_t pid, char *to, unsigned long bytes)
{
	struct iovec local = { near, 8 * PAGE_SIZE }, remote = { to, bytes };

	return sys(SYS_process_vm_writev, pid, &local, 1, &remote, 1, 0);
}

static void check_ranges(pid_t pid)
{
	CHECK_EQ(read_one(pid, far + 100, 10), 10);
	CHECK_EQ(near[9], 'r');
	CHECK_EQ(near[10], 0);
	CHECK_EQ(far[100], 0);
	CHECK_EQ(read_one(pid, far, 8 * PAGE_SIZE), 4 * PAGE_SIZE);
	CHECK_EQ(read_one(pid, far + 4 * PAGE_SIZE, 1), -EFAULT);
	CHECK_EQ(read_one(pid, far + 5 * PAGE_SIZE, 2 * PAGE_SIZE), PAGE_SIZE);
	CHECK_EQ(write_one(pid, far + 5 * PAGE_SIZE, 1), -EFAULT);
	CHECK_EQ(read_one(pid, far + 6 * PAGE_SIZE, 1), -EFAULT);
	CHECK_EQ(read_one(pid, KERNEL_ADDR, 1), -EFAULT);
	strcpy(near, "to the child");
	CHECK_EQ(write_one(pid, far + 8 * PAGE_SIZE - 13, 13), 13);
	CHECK_EQ(read_one(pid, far + 8 * PAGE_SIZE - 6, 6), 6);
	CHECK_STR(near, "child");
}

static void check_lists(pid_t pid)
{
	struct iovec local[3] = { { near, 5 }, { near, 0 }, { near + 100, 20 } };
	struct iovec remote[3] = { { far, 3 }, { far, 7 }, { far, 100 } };

	CHECK_EQ(sys(SYS_process_vm_readv, pid, local, 3, remote, 3, 0), 25);
	remote[1].iov_base = (void *)8;
	CHECK_EQ(sys(SYS_process_vm_readv, pid, local, 3, remote, 3, 0), 3);
	local[0].iov_base = (void *)8;
	CHECK_EQ(sys(SYS_process_vm_readv, pid, local, 3, remote, 3, 0),
		 -EFAULT);
	local[0].iov_len = -1;
	CHECK_EQ(sys(SYS_process_vm_readv, pid, local, 3, remote, 3, 0),
		 -EINVAL);
	local[0].iov_len = 5;
	CHECK_EQ(sys(SYS_process_vm_readv, pid, local, 3, remote, 3, 1),
		 -EINVAL);
	CHECK_EQ(sys(SYS_process_vm_readv, pid, local, 1025, remote, 3, 0),
		 -EINVAL);
	CHECK_EQ(sys(SYS_process_vm_readv, pid, local, 3, remote, 1025, 0),
		 -EINVAL);
	CHECK_EQ(sys(SYS_process_vm_readv, pid, 8, 1, remote, 3, 0), -EFAULT);
	CHECK_EQ(sys(SYS_process_vm_readv, pid, local, 0, remote, 3, 0), 0);
	CHECK_EQ(sys(SYS_process_vm_readv, pid, local, 3, remote, 0, 0), 0);
}

int main(void)
{
	pid_t pid;

	near = map_pages(8, RW);
	far = map_pages(8, RW);
	pid = start_child();
	check_ranges(pid);
	check_lists(pid);
	CHECK_EQ(sys(SYS_kill, pid, SIGKILL), 0);
	CHECK_EQ(check_wait(pid), SIGKILL);
	CHECK_EQ(read_one(pid, far, 1), -ESRCH);
	CHECK_EQ(write_one(getpid(), near + 50, 3), 3);
	return check_passed();
}
