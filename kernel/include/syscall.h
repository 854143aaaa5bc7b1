/*
 * The system-call table.
 *
 * Numbers, arguments and errors are those of Linux x86-64 (syscalls(2)). Each
 * call is a short sys_*() in kernel/sys/ or kernel/mm/; what is not in the table
 * answers -ENOSYS and is counted. A sys_*() gets what was in the user's
 * registers: addresses as vaddr_t, which nobody has checked, and numbers cut to
 * their type, as the C calling convention does.
 */
#pragma once

#include <uapi/syscall.h>

#include "types.h"

typedef long (*syscall_fn)(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t,
			   uint64_t);

#define NR_SYSCALLS 512

/* Every entry is a function: unimplemented ones are sys_unknown(). */
extern const syscall_fn syscall_table[NR_SYSCALLS];

/* -ENOSYS, after counting the number, which it finds in the trap frame. */
long sys_unknown(void);

/* How often an unimplemented number was asked for, for the shell's `syscalls`. */
uint64_t syscall_unknown_count(unsigned int nr);

/* The name of a number, such as "mmap", or NULL. */
const char *syscall_name(unsigned int nr);

/* ---- sys_clone.c ---- */
long sys_fork(void);
long sys_vfork(void);
long sys_clone(uint64_t flags, vaddr_t stack, vaddr_t parent_tid,
	       vaddr_t child_tid, vaddr_t tls);
long sys_clone3(vaddr_t args, size_t bytes);
long sys_unshare(uint64_t flags);

/* ---- sys_proc.c ---- */
long sys_execve(vaddr_t path, vaddr_t argv, vaddr_t envp);
long sys_exit(int code);
long sys_exit_group(int code);
long sys_wait4(pid_t pid, vaddr_t status, int options, vaddr_t usage);
long sys_waitid(int type, pid_t id, vaddr_t info, int options, vaddr_t usage);
long sys_sched_yield(void);
long sys_set_tid_address(vaddr_t tid);
long sys_arch_prctl(int code, vaddr_t addr);
long sys_prctl(int option, uint64_t arg2, uint64_t arg3, uint64_t arg4,
	       uint64_t arg5);

/* ---- sys_id.c ---- */
long sys_getpid(void);
long sys_getppid(void);
long sys_gettid(void);
long sys_setpgid(pid_t pid, pid_t pgid);
long sys_getpgid(pid_t pid);
long sys_getpgrp(void);
long sys_setsid(void);
long sys_getsid(pid_t pid);

/* ---- sys_cred.c ---- */
long sys_getuid(void);
long sys_geteuid(void);
long sys_getgid(void);
long sys_getegid(void);
long sys_getresuid(vaddr_t real, vaddr_t effective, vaddr_t saved);
long sys_getresgid(vaddr_t real, vaddr_t effective, vaddr_t saved);
long sys_setuid(uint32_t id);
long sys_setgid(uint32_t id);
long sys_setreuid(uint32_t real, uint32_t effective);
long sys_setregid(uint32_t real, uint32_t effective);
long sys_setresuid(uint32_t real, uint32_t effective, uint32_t saved);
long sys_setresgid(uint32_t real, uint32_t effective, uint32_t saved);
long sys_setfsuid(uint32_t id);
long sys_setfsgid(uint32_t id);
long sys_getgroups(int nr, vaddr_t list);
long sys_setgroups(int nr, vaddr_t list);
long sys_capget(vaddr_t header, vaddr_t data);
long sys_capset(vaddr_t header, vaddr_t data);

/* ---- sys_file.c ---- */
long sys_read(int fd, vaddr_t to, size_t bytes);
long sys_write(int fd, vaddr_t from, size_t bytes);
long sys_readv(int fd, vaddr_t vec, unsigned long nr);
long sys_writev(int fd, vaddr_t vec, unsigned long nr);
long sys_pread64(int fd, vaddr_t to, size_t bytes, loff_t pos);
long sys_pwrite64(int fd, vaddr_t from, size_t bytes, loff_t pos);
long sys_preadv(int fd, vaddr_t vec, unsigned long nr, loff_t pos);
long sys_pwritev(int fd, vaddr_t vec, unsigned long nr, loff_t pos);
long sys_preadv2(int fd, vaddr_t vec, unsigned long nr, loff_t pos,
		 unsigned long pos_high, int flags);
long sys_pwritev2(int fd, vaddr_t vec, unsigned long nr, loff_t pos,
		  unsigned long pos_high, int flags);
long sys_lseek(int fd, loff_t offset, int whence);
long sys_fstat(int fd, vaddr_t stat);
long sys_getdents64(int fd, vaddr_t to, unsigned int bytes);
long sys_ioctl(int fd, unsigned int request, vaddr_t arg);
long sys_ftruncate(int fd, loff_t size);
long sys_fallocate(int fd, int mode, loff_t offset, loff_t bytes);
long sys_fadvise64(int fd, loff_t offset, loff_t bytes, int advice);

/* ---- sys_fd.c ---- */
long sys_open(vaddr_t path, unsigned int flags, uint32_t mode);
long sys_creat(vaddr_t path, uint32_t mode);
long sys_openat(int dirfd, vaddr_t path, unsigned int flags, uint32_t mode);
long sys_close(int fd);
long sys_dup(int fd);
long sys_dup2(int from, int to);
long sys_dup3(int from, int to, unsigned int flags);
long sys_pipe(vaddr_t fds);
long sys_pipe2(vaddr_t fds, unsigned int flags);
long sys_fcntl(int fd, int cmd, uint64_t arg);
long sys_close_range(unsigned int first, unsigned int last, unsigned int flags);

/* ---- sys_poll.c ---- */
long sys_poll(vaddr_t fds, unsigned int nr, int timeout_ms);
long sys_ppoll(vaddr_t fds, unsigned int nr, vaddr_t timeout, vaddr_t set,
	       size_t set_bytes);

/* ---- sys_select.c ---- */
long sys_select(int nr, vaddr_t readable, vaddr_t writable, vaddr_t exceptional,
		vaddr_t timeout);
long sys_pselect6(int nr, vaddr_t readable, vaddr_t writable,
		  vaddr_t exceptional, vaddr_t timeout, vaddr_t signals);

/* ---- sys_path.c ---- */
long sys_stat(vaddr_t path, vaddr_t stat);
long sys_lstat(vaddr_t path, vaddr_t stat);
long sys_newfstatat(int dirfd, vaddr_t path, vaddr_t stat, int flags);
long sys_access(vaddr_t path, int access);
long sys_faccessat(int dirfd, vaddr_t path, int access);
long sys_readlink(vaddr_t path, vaddr_t to, int bytes);
long sys_readlinkat(int dirfd, vaddr_t path, vaddr_t to, int bytes);
long sys_getcwd(vaddr_t to, size_t bytes);
long sys_chdir(vaddr_t path);
long sys_fchdir(int fd);
long sys_umask(uint32_t mask);

/* ---- sys_name.c ---- */
long sys_mkdir(vaddr_t path, uint32_t mode);
long sys_mkdirat(int dirfd, vaddr_t path, uint32_t mode);
long sys_rmdir(vaddr_t path);
long sys_unlink(vaddr_t path);
long sys_unlinkat(int dirfd, vaddr_t path, int flags);
long sys_rename(vaddr_t old_path, vaddr_t new_path);
long sys_renameat(int old_dirfd, vaddr_t old_path, int new_dirfd,
		  vaddr_t new_path);
long sys_renameat2(int old_dirfd, vaddr_t old_path, int new_dirfd,
		   vaddr_t new_path, unsigned int flags);
long sys_link(vaddr_t old_path, vaddr_t new_path);
long sys_linkat(int old_dirfd, vaddr_t old_path, int new_dirfd,
		vaddr_t new_path, int flags);
long sys_symlink(vaddr_t target, vaddr_t path);
long sys_symlinkat(vaddr_t target, int dirfd, vaddr_t path);

long sys_mknod(vaddr_t path, uint32_t mode, uint64_t rdev);
long sys_mknodat(int dirfd, vaddr_t path, uint32_t mode, uint64_t rdev);

/* ---- sys_attr.c ---- */
long sys_chmod(vaddr_t path, uint32_t mode);
long sys_fchmod(int fd, uint32_t mode);
long sys_fchmodat(int dirfd, vaddr_t path, uint32_t mode);
long sys_chown(vaddr_t path, uint32_t uid, uint32_t gid);
long sys_lchown(vaddr_t path, uint32_t uid, uint32_t gid);
long sys_fchown(int fd, uint32_t uid, uint32_t gid);
long sys_fchownat(int dirfd, vaddr_t path, uint32_t uid, uint32_t gid,
		  int flags);
long sys_utimensat(int dirfd, vaddr_t path, vaddr_t times, int flags);
long sys_truncate(vaddr_t path, loff_t size);
long sys_fsync(int fd);
long sys_sync(void);
long sys_syncfs(int fd);
long sys_futimesat(int dirfd, vaddr_t path, vaddr_t times);
long sys_utimes(vaddr_t path, vaddr_t times);
long sys_utime(vaddr_t path, vaddr_t times);
long sys_statfs(vaddr_t path, vaddr_t statfs);
long sys_fstatfs(int fd, vaddr_t statfs);

/* ---- sys_time.c ---- */
long sys_clock_gettime(int clock, vaddr_t time);
long sys_clock_getres(int clock, vaddr_t resolution);
long sys_gettimeofday(vaddr_t time, vaddr_t zone);
long sys_time(vaddr_t seconds);
long sys_nanosleep(vaddr_t request, vaddr_t remain);
long sys_clock_nanosleep(int clock, int flags, vaddr_t request, vaddr_t remain);
long sys_restart_syscall(void);

/* ---- sys_itimer.c ---- */
long sys_getitimer(int which, vaddr_t value);
long sys_setitimer(int which, vaddr_t value, vaddr_t old);
long sys_alarm(unsigned int seconds);

/* ---- sys_futex.c ---- */
long sys_futex(vaddr_t addr, int op, uint32_t value, vaddr_t timeout,
	       vaddr_t addr2, uint32_t bits);
long sys_set_robust_list(vaddr_t head, size_t bytes);
long sys_get_robust_list(pid_t tid, vaddr_t head, vaddr_t bytes);

/* ---- sys_sched.c ---- */
long sys_sched_getaffinity(pid_t pid, unsigned int bytes, vaddr_t mask);
long sys_sched_setaffinity(pid_t pid, unsigned int bytes, vaddr_t mask);
long sys_getcpu(vaddr_t cpu, vaddr_t node);

/* ---- sys_priority.c ---- */
long sys_getpriority(int which, int who);
long sys_setpriority(int which, int who, int nice);
long sys_sched_getscheduler(pid_t pid);
long sys_sched_setscheduler(pid_t pid, int policy, vaddr_t param);
long sys_sched_getparam(pid_t pid, vaddr_t param);
long sys_sched_setparam(pid_t pid, vaddr_t param);
long sys_sched_get_priority_max(int policy);
long sys_sched_get_priority_min(int policy);
long sys_sched_rr_get_interval(pid_t pid, vaddr_t interval);
long sys_membarrier(int cmd, unsigned int flags);

/* ---- sys_signal.c ---- */
long sys_kill(pid_t pid, int sig);
long sys_tkill(pid_t tid, int sig);
long sys_tgkill(pid_t tgid, pid_t tid, int sig);
long sys_rt_sigaction(int sig, vaddr_t action, vaddr_t old, size_t set_bytes);
long sys_rt_sigprocmask(int how, vaddr_t set, vaddr_t old, size_t set_bytes);
long sys_rt_sigpending(vaddr_t set, size_t set_bytes);
long sys_rt_sigqueueinfo(pid_t pid, int sig, vaddr_t info);
long sys_rt_tgsigqueueinfo(pid_t tgid, pid_t tid, int sig, vaddr_t info);
long sys_rt_sigreturn(void);
long sys_rt_sigsuspend(vaddr_t set, size_t set_bytes);
long sys_rt_sigtimedwait(vaddr_t set, vaddr_t info, vaddr_t timeout,
			 size_t set_bytes);
long sys_sigaltstack(vaddr_t stack, vaddr_t old);
long sys_pause(void);

/* ---- sys_resource.c ---- */
long sys_getrlimit(unsigned int resource, vaddr_t limit);
long sys_setrlimit(unsigned int resource, vaddr_t limit);
long sys_prlimit64(pid_t pid, unsigned int resource, vaddr_t limit,
		   vaddr_t old);
long sys_getrusage(int who, vaddr_t usage);
long sys_times(vaddr_t tms);

/* ---- sys_process_vm.c ---- */
long sys_process_vm_readv(pid_t pid, vaddr_t local, unsigned long nr_local,
			  vaddr_t remote, unsigned long nr_remote,
			  unsigned long flags);
long sys_process_vm_writev(pid_t pid, vaddr_t local, unsigned long nr_local,
			   vaddr_t remote, unsigned long nr_remote,
			   unsigned long flags);

/* ---- sys_memfd.c ---- */
long sys_memfd_create(vaddr_t name, unsigned int flags);

/* ---- sys_info.c ---- */
long sys_uname(vaddr_t name);
long sys_sysinfo(vaddr_t info);
long sys_getrandom(vaddr_t to, size_t bytes, unsigned int flags);
long sys_personality(uint32_t personality);
long sys_reboot(uint32_t magic1, uint32_t magic2, uint32_t cmd);
