/*
 * The table of system calls, and what is known of those it does not have.
 */
#include "syscall.h"

#include <uapi/errno.h>
#include <uapi/syscall_list.h>

#include "arch_task.h"
#include "mm.h"
#include "swap.h"
#include "task.h"

static uint64_t unknown_counts[NR_SYSCALLS]; /* atomic */

long sys_unknown(void)
{
	uint64_t nr = task_frame(current)->error;

	if (nr < NR_SYSCALLS)
		__atomic_fetch_add(&unknown_counts[nr], 1, __ATOMIC_RELAXED);
	return -ENOSYS;
}

uint64_t syscall_unknown_count(unsigned int nr)
{
	return nr < NR_SYSCALLS ? unknown_counts[nr] : 0;
}

const char *syscall_name(unsigned int nr)
{
#define NAME(call) [SYS_##call] = #call,
	static const char *const names[NR_SYSCALLS] = { SYSCALL_LIST(NAME) };
#undef NAME

	return nr < NR_SYSCALLS ? names[nr] : NULL;
}

/*
 * Six registers hold the arguments whatever a function's prototype says, so
 * each may be called through a pointer that passes all of them.
 */
#define CALL_AS(number, function) [number] = (syscall_fn)(void *)(function)
#define CALL(name) CALL_AS(SYS_##name, sys_##name)

/* The first line fills the table, the others replace what they name. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"

const syscall_fn syscall_table[NR_SYSCALLS] = {
	[0 ... NR_SYSCALLS - 1] = (syscall_fn)(void *)sys_unknown,

	/* memory */
	CALL(brk), CALL(mmap), CALL(munmap), CALL(mprotect), CALL(mremap),
	CALL(madvise), CALL(mincore), CALL(msync), CALL(mlock), CALL(mlock2),
	CALL(munlock), CALL(mlockall), CALL(munlockall), CALL(memfd_create),
	CALL(swapon), CALL(swapoff),
	CALL(shmget), CALL(shmat), CALL(shmdt), CALL(shmctl),
	CALL(process_vm_readv), CALL(process_vm_writev),

	/* processes */
	CALL(fork), CALL(vfork), CALL(clone), CALL(execve), CALL(exit),
	CALL(exit_group), CALL(wait4), CALL(waitid), CALL(sched_yield),
	CALL(sched_getaffinity), CALL(sched_setaffinity), CALL(getcpu),
	CALL(sched_getscheduler), CALL(sched_setscheduler),
	CALL(sched_getparam), CALL(sched_setparam),
	CALL(sched_get_priority_max), CALL(sched_get_priority_min),
	CALL(sched_rr_get_interval), CALL(getpriority), CALL(setpriority),
	CALL(membarrier), CALL(clone3), CALL(unshare),
	CALL(capget), CALL(futex), CALL(set_robust_list),
	CALL(get_robust_list),
	CALL(set_tid_address), CALL(arch_prctl), CALL(prctl),

	/* who one is */
	CALL(getpid), CALL(getppid), CALL(gettid), CALL(setpgid),
	CALL(getpgid), CALL(getpgrp), CALL(setsid), CALL(getsid),
	CALL(getuid), CALL(geteuid), CALL(getgid), CALL(getegid),
	CALL(getresuid), CALL(getresgid), CALL(setuid), CALL(setgid),
	CALL(setreuid), CALL(setregid), CALL(setresuid), CALL(setresgid),
	CALL(setfsuid), CALL(setfsgid), CALL(getgroups), CALL(setgroups),
	CALL(capset),

	/* open files */
	CALL(read), CALL(write), CALL(readv), CALL(writev), CALL(pread64),
	CALL(pwrite64), CALL(preadv), CALL(pwritev), CALL(preadv2),
	CALL(pwritev2), CALL(lseek), CALL(fstat), CALL(getdents64),
	CALL(ioctl), CALL(ftruncate), CALL(fallocate), CALL(fadvise64),

	/* descriptors */
	CALL(open), CALL(creat), CALL(openat), CALL(close), CALL(dup),
	CALL(dup2), CALL(dup3), CALL(pipe), CALL(pipe2), CALL(fcntl),
	CALL(close_range),
	CALL(poll), CALL(ppoll), CALL(select), CALL(pselect6),

	/* paths */
	CALL(stat), CALL(lstat), CALL(newfstatat), CALL(access),
	CALL(faccessat), CALL(readlink), CALL(readlinkat), CALL(getcwd),
	CALL(chdir), CALL(fchdir), CALL(umask),

	/* names */
	CALL(mkdir), CALL(mkdirat), CALL(rmdir), CALL(unlink), CALL(unlinkat),
	CALL(rename), CALL(renameat), CALL(renameat2), CALL(link),
	CALL(linkat), CALL(symlink), CALL(symlinkat), CALL(mknod),
	CALL(mknodat),

	/* attributes */
	CALL(chmod), CALL(fchmod), CALL(fchmodat), CALL(chown), CALL(lchown),
	CALL(fchown), CALL(fchownat), CALL(utimensat), CALL(truncate),
	CALL(utime), CALL(utimes), CALL(futimesat), CALL(sync), CALL(syncfs),
	CALL(fsync), CALL_AS(SYS_fdatasync, sys_fsync), CALL(statfs),
	CALL(fstatfs),

	/* time */
	CALL(clock_gettime), CALL(clock_getres), CALL(gettimeofday),
	CALL(time), CALL(nanosleep), CALL(clock_nanosleep),
	CALL(restart_syscall), CALL(alarm), CALL(getitimer), CALL(setitimer),

	/* signals */
	CALL(kill), CALL(tkill), CALL(tgkill), CALL(rt_sigaction),
	CALL(rt_sigprocmask), CALL(rt_sigpending), CALL(rt_sigqueueinfo),
	CALL(rt_tgsigqueueinfo), CALL(rt_sigreturn), CALL(rt_sigsuspend),
	CALL(rt_sigtimedwait), CALL(sigaltstack), CALL(pause),

	/* limits and usage */
	CALL(getrlimit), CALL(setrlimit), CALL(prlimit64), CALL(getrusage),
	CALL(times),

	/* the machine */
	CALL(uname), CALL(sysinfo), CALL(getrandom), CALL(reboot),
	CALL(personality),
};

#pragma GCC diagnostic pop
