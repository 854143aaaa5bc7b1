/* Processes: fork, identity, groups. exec.c has the exec family. */
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <unistd.h>

pid_t fork(void)
{
	return (pid_t)syscall(SYS_fork);
}

_Noreturn void _exit(int status)
{
	for (;;)
		syscall(SYS_exit_group, status);
}

pid_t getpid(void)
{
	return (pid_t)syscall(SYS_getpid);
}

pid_t getppid(void)
{
	return (pid_t)syscall(SYS_getppid);
}

pid_t gettid(void)
{
	return (pid_t)syscall(SYS_gettid);
}

pid_t getpgid(pid_t pid)
{
	return (pid_t)syscall(SYS_getpgid, pid);
}

pid_t getpgrp(void)
{
	return getpgid(0);
}

int setpgid(pid_t pid, pid_t group)
{
	return (int)syscall(SYS_setpgid, pid, group);
}

pid_t getsid(pid_t pid)
{
	return (pid_t)syscall(SYS_getsid, pid);
}

pid_t setsid(void)
{
	return (pid_t)syscall(SYS_setsid);
}

uid_t getuid(void)
{
	return (uid_t)syscall(SYS_getuid);
}

uid_t geteuid(void)
{
	return (uid_t)syscall(SYS_geteuid);
}

gid_t getgid(void)
{
	return (gid_t)syscall(SYS_getgid);
}

gid_t getegid(void)
{
	return (gid_t)syscall(SYS_getegid);
}

int setuid(uid_t uid)
{
	return (int)syscall(SYS_setuid, uid);
}

int setgid(gid_t gid)
{
	return (int)syscall(SYS_setgid, gid);
}

int prctl(int option, ...)
{
	unsigned long arg[4];
	va_list args;

	va_start(args, option);
	for (int i = 0; i < 4; i++)
		arg[i] = va_arg(args, unsigned long);
	va_end(args);
	return (int)syscall(SYS_prctl, option, arg[0], arg[1], arg[2], arg[3]);
}

int arch_prctl(int option, unsigned long addr)
{
	return (int)syscall(SYS_arch_prctl, option, addr);
}

int personality(unsigned long persona)
{
	return (int)syscall(SYS_personality, persona);
}
