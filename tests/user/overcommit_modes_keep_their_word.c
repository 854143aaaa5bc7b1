/*
 * Mode 2 is for machines where malloc() must fail early rather than a program
 * die late; mode 0 stops typing errors; mode 1 says yes. What was refused must
 * not count, and what was given must count until it is unmapped.
 *
 * guest-only: the mode is the whole machine's, and others are working on it.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/sysinfo.h>

#include "memory.h"

#define GIB (1UL << 30)

static long meminfo(const char *label)
{
	static char text[8192];
	long fd = sys(SYS_open, "/proc/meminfo", O_RDONLY);
	long n = sys(SYS_read, fd, text, sizeof(text) - 1);
	char *line;

	CHECK(n > 0);
	text[n] = '\0';
	sys(SYS_close, fd);
	line = strstr(text, label);
	CHECK(line);
	return strtol(line + strlen(label) + 1, NULL, 10);
}

static void set(const char *name, const char *value)
{
	long fd = sys(SYS_open, name, O_WRONLY);

	CHECK(fd >= 0);
	CHECK_EQ(sys(SYS_write, fd, value, strlen(value)), strlen(value));
	sys(SYS_close, fd);
}

static void set_mode(const char *mode)
{
	set("/proc/sys/vm/overcommit_memory", mode);
}

static long map_bytes(unsigned long bytes, int prot, int flags)
{
	return sys(SYS_mmap, 0, bytes, prot, ANON | flags, -1, 0);
}

/* Mapped, and unmapped again; or the error. */
static long try(unsigned long bytes, int prot, int flags)
{
	long addr = map_bytes(bytes, prot, flags);

	if (addr < 0)
		return addr;
	CHECK_EQ(sys(SYS_munmap, addr, bytes), 0);
	return 0;
}

static void check_counting(void)
{
	long before = meminfo("Committed_AS");
	long addr = map_bytes(GIB, PROT_READ, 0);

	CHECK_EQ(meminfo("Committed_AS") - before, 0);
	CHECK_EQ(sys(SYS_mprotect, addr, GIB / 2, RW), 0);
	CHECK_EQ(meminfo("Committed_AS") - before, GIB / 2 / 1024);
	CHECK_EQ(sys(SYS_mprotect, addr, GIB / 4, PROT_READ), 0);
	CHECK_EQ(meminfo("Committed_AS") - before, GIB / 4 / 1024);
	CHECK_EQ(sys(SYS_munmap, addr, GIB), 0);
	CHECK_EQ(meminfo("Committed_AS") - before, 0);
	addr = map_bytes(GIB, RW, MAP_NORESERVE);
	CHECK_EQ(meminfo("Committed_AS") - before, 0);
	CHECK_EQ(sys(SYS_munmap, addr, GIB), 0);
}

/* Shared memory is promised whole when it is made, a file page by page. */
static void check_counting_shared(void)
{
	long before = meminfo("Committed_AS");
	long addr = sys(SYS_mmap, 0, GIB, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	long fd, id;

	CHECK_EQ(meminfo("Committed_AS") - before, GIB / 1024);
	write_pages((char *)addr, 10, 1);
	CHECK_EQ(meminfo("Committed_AS") - before, GIB / 1024);
	CHECK_EQ(sys(SYS_munmap, addr, GIB), 0);
	CHECK_EQ(meminfo("Committed_AS") - before, 0);

	id = sys(SYS_shmget, 0, GIB, 0600);
	CHECK_EQ(meminfo("Committed_AS") - before, GIB / 1024);
	CHECK_EQ(sys(SYS_shmctl, id, 0, 0), 0); /* IPC_RMID */
	CHECK_EQ(meminfo("Committed_AS") - before, 0);

	fd = sys(SYS_memfd_create, "file", 0);
	CHECK_EQ(sys(SYS_ftruncate, fd, GIB), 0);
	CHECK_EQ(meminfo("Committed_AS") - before, 0);
	CHECK_EQ(sys(SYS_write, fd, "x", 1), 1);
	CHECK_EQ(meminfo("Committed_AS") - before, 4);
	CHECK_EQ(sys(SYS_ftruncate, fd, 0), 0);
	CHECK_EQ(meminfo("Committed_AS") - before, 0);
	CHECK_EQ(sys(SYS_close, fd), 0);
}

static void check_modes(unsigned long ram)
{
	long committed, limit;

	set_mode("1");
	CHECK_EQ(try(8 * ram, RW, 0), 0);
	set_mode("0");
	CHECK_EQ(try(8 * ram, RW, 0), -ENOMEM);
	CHECK_EQ(try(8 * ram, RW, MAP_NORESERVE), 0);
	CHECK_EQ(try(8 * ram, PROT_READ, 0), 0);
	CHECK_EQ(try(ram / 2, RW, 0), 0);

	set_mode("2");
	set("/proc/sys/vm/overcommit_ratio", "50");
	limit = meminfo("CommitLimit");
	CHECK(limit <= (long)(ram / 2 / 1024) && limit > (long)(ram / 4096));
	CHECK_EQ(try((unsigned long)limit * 1024, RW, 0), -ENOMEM);
	CHECK_EQ(try((unsigned long)limit * 1024, RW, MAP_NORESERVE), -ENOMEM);
	CHECK_EQ(try((unsigned long)limit * 1024, PROT_READ, 0), 0);
	committed = meminfo("Committed_AS");
	CHECK_EQ(try((unsigned long)(limit - committed) * 1024 * 3 / 4, RW, 0),
		 0);
	set("/proc/sys/vm/overcommit_ratio", "80");
	CHECK(meminfo("CommitLimit") > limit);
	set("/proc/sys/vm/overcommit_ratio", "50");
	set_mode("1");
}

int main(void)
{
	struct sysinfo info;

	CHECK_EQ(sysinfo(&info), 0);
	check_counting();
	check_counting_shared();
	check_modes(info.totalram * info.mem_unit);
	return check_passed();
}
