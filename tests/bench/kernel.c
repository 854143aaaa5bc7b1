/*
 * What the kernel charges for memory, and how that grows: in ticks of the
 * time-stamp counter, which are instructions under QEMU's icount.
 *
 *	OPERATION SIZE TICKS
 *
 * One line each; SIZE is what grows: VMAs, KiB, MiB or GiB, as the name says. The
 * same file runs on Linux, also as its first process. See kernel.py.
 */
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096UL
#define KIB (1UL << 10)
#define MIB (1UL << 20)
#define GIB (1UL << 30)
#define RW (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)

static uint64_t now(void)
{
	uint32_t low, high;

	__asm__ volatile("lfence\n\trdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
}

/* Ticks of @total for each of @nr operations. */
static void report(const char *name, unsigned long size, uint64_t total,
		   unsigned long nr)
{
	printf("%s %lu %lu\n", name, size, (total + nr / 2) / nr);
	fflush(stdout);
}

static unsigned long next_random(unsigned long below)
{
	static unsigned long seed = 88172645463325252;

	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (seed >> 11) % below;
}

static char *map(unsigned long bytes)
{
	char *at = mmap(NULL, bytes, RW, ANON | MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED) {
		printf("no memory for %lu bytes\n", bytes);
		_exit(1);
	}
	return at;
}

static void touch(char *at, unsigned long bytes)
{
	for (unsigned long i = 0; i < bytes; i += PAGE)
		*(volatile char *)(at + i) = 1;
}

/* ---- one at a time ---- */

static void bench_calls(void)
{
	const unsigned long nr = 2000;
	uint64_t start = now();

	for (unsigned long i = 0; i < nr; i++)
		getppid();
	report("getppid", 1, now() - start, nr);
	for (unsigned long kib = 4; kib <= 256 * KIB; kib *= 64) {
		start = now();
		for (unsigned long i = 0; i < nr; i++)
			munmap(map(kib * KIB), kib * KIB);
		report("map-unmap-KiB", kib, now() - start, nr);
	}
}

/* For each page of 4 KiB, in small pages and in large ones. */
static void bench_faults(const char *name, int advice, int write)
{
	const unsigned long bytes = 64 * MIB;
	char *at = map(bytes + 2 * MIB);
	char *from = (char *)(((uintptr_t)at + 2 * MIB - 1) & -(2 * MIB));
	uint64_t start;

	madvise(from, bytes, advice);
	start = now();
	for (unsigned long i = 0; i < bytes; i += PAGE) {
		volatile char *byte = from + i;

		if (write)
			*byte = 1;
		else
			(void)*byte;
	}
	report(name, advice == MADV_HUGEPAGE ? 2048 : 4, now() - start,
	       bytes / PAGE);
	munmap(at, bytes + 2 * MIB);
}

/* ---- how it grows with the number of VMAs ---- */

/*
 * @nr VMAs of one page each: every second one may not be written. The others are
 * touched, or taken away and mapped again, in random order.
 */
static void bench_vmas(unsigned long nr)
{
	const unsigned long rounds = 1000;
	char *at = map(nr * PAGE);
	uint64_t faults = 0, maps = 0, start;

	for (unsigned long i = 0; i < nr; i += 2)
		if (mprotect(at + i * PAGE, PAGE, PROT_READ))
			return;
	for (unsigned long i = 0; i < rounds; i++) {
		char *page = at + (2 * next_random(nr / 2) + 1) * PAGE;

		start = now();
		*(volatile char *)page = 1;
		faults += now() - start;
		start = now();
		munmap(page, PAGE);
		mmap(page, PAGE, RW, ANON | MAP_FIXED, -1, 0);
		maps += now() - start;
	}
	report("fault-VMAs", nr, faults, rounds);
	report("map-unmap-VMAs", nr, maps, rounds);
	munmap(at, nr * PAGE);
}

/* ---- how it grows with the size ---- */

static void bench_fork(unsigned long mib)
{
	const unsigned long nr = mib > 64 ? 2 : 10;
	char *at = map(mib * MIB);
	uint64_t start;

	touch(at, mib * MIB);
	start = now();
	for (unsigned long i = 0; i < nr; i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(0);
		waitpid(pid, NULL, 0);
	}
	report("fork-wait-MiB", mib, now() - start, nr);
	munmap(at, mib * MIB);
}

/* Address space that was promised, and touched at both ends only. */
static void bench_unmap(unsigned long gib)
{
	char *at = map(gib * GIB);
	uint64_t start;

	touch(at, PAGE);
	touch(at + gib * GIB - PAGE, PAGE);
	start = now();
	munmap(at, gib * GIB);
	report("unmap-untouched-GiB", gib, now() - start, 1);
}

static void bench_remap(unsigned long mib)
{
	char *at = map(mib * MIB), *to = map(mib * MIB);
	uint64_t start;

	touch(at, mib * MIB);
	start = now();
	at = mremap(at, mib * MIB, mib * MIB, MREMAP_MAYMOVE | MREMAP_FIXED, to);
	report("mremap-MiB", mib, now() - start, 1);
	start = now();
	mprotect(at, mib * MIB, PROT_READ);
	report("mprotect-MiB", mib, now() - start, 1);
	munmap(at, mib * MIB);
}

int main(void)
{
	static const unsigned long vmas[] = { 10, 100, 1000, 10000, 60000 };
	static const unsigned long mibs[] = { 1, 16, 256, 1024 };
	static const unsigned long gibs[] = { 1, 64, 1024, 16384 };

	bench_calls();
	bench_faults("fault-write-KiB", MADV_NOHUGEPAGE, 1);
	bench_faults("fault-write-KiB", MADV_HUGEPAGE, 1);
	bench_faults("fault-read-KiB", MADV_NOHUGEPAGE, 0);
	bench_faults("fault-read-KiB", MADV_HUGEPAGE, 0);
	for (unsigned long i = 0; i < sizeof(vmas) / sizeof(*vmas); i++)
		bench_vmas(vmas[i]);
	for (unsigned long i = 0; i < sizeof(mibs) / sizeof(*mibs); i++)
		bench_fork(mibs[i]);
	for (unsigned long i = 0; i < sizeof(mibs) / sizeof(*mibs); i++)
		bench_remap(mibs[i]);
	for (unsigned long i = 0; i < sizeof(gibs) / sizeof(*gibs); i++)
		bench_unmap(gibs[i]);
	if (getpid() == 1)
		reboot(RB_POWER_OFF);
	return 0;
}
