/*
 * user.c - the port for Linux and for Faultline's user space.
 *
 * Built into libc, and with the host's headers into a library to preload.
 * The break moves through sbrk(), since the program may move it too and both
 * must agree where it is; everything else is a bare system call, because the
 * C library's wrappers may themselves be calling malloc, or not exist yet.
 */
#include "../port.h"

#include <errno.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PROT_NONE		0
#define PROT_READ_WRITE		3
#define MAP_PRIVATE_ANONYMOUS	0x22
#define MREMAP_MAYMOVE		1
#define MADV_DONTNEED		4
#define MADV_HUGEPAGE		14
#define MADV_NOHUGEPAGE		15
#define LARGE_PAGE_BYTES	(2UL << 20)
#define LARGE_DROP_BYTES	(8UL << 20)	/* so much at once was a heap that has emptied */
#define FUTEX_WAIT_PRIVATE	128
#define FUTEX_WAKE_PRIVATE	129
#define GRND_NONBLOCK		1
#define SIGABRT			6
#define SIG_UNBLOCK		1

/*
 * Looks at a lock that is taken before the thread sleeps. Most are held for less
 * than a microsecond; to sleep and to be woken costs several: 0.8 of the time of a
 * producer and a consumer, 0.9 of larson's.
 */
#define SPINS			100

/* A lock's three values: a waiter sets CONTENDED, so unlock must wake. */
enum { FREE, TAKEN, CONTENDED };

extern char **environ;

static long raw_syscall(long number, long a, long b, long c, long d, long e)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = 0;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10),
			   "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

static bool is_error(long result)
{
	return (unsigned long)result > -4096UL;
}

static const char *find_options(void)
{
	static const char name[] = "FAULTLINE_MALLOC=";

	for (char **e = environ; e && *e; e++) {
		size_t i = 0;

		while (name[i] && (*e)[i] == name[i])
			i++;
		if (!name[i])
			return *e + i;
	}
	return NULL;
}

static unsigned int count_cpus(void)
{
	unsigned long mask[128] = { 0 };	/* the kernel wants room for all it knows */
	unsigned int nr = 0;
	long bytes = raw_syscall(SYS_sched_getaffinity, 0, sizeof(mask),
				 (long)mask, 0, 0);

	if (is_error(bytes))
		return 1;
	for (int i = 0; i < 128; i++)
		nr += __builtin_popcountl(mask[i]);
	return nr;
}

void port_start(struct port_boot *boot)
{
	/* Where the kernel has no entropy yet, ASLR and the clock must do. */
	boot->random[0] = __builtin_ia32_rdtsc();
	boot->random[1] = (uintptr_t)boot;
	raw_syscall(SYS_getrandom, (long)boot->random, sizeof(boot->random),
		    GRND_NONBLOCK, 0, 0);
	boot->nr_cpus = count_cpus();
	/* A program with rights of its own must not be steered by who runs it. */
	if (!getauxval(AT_SECURE))
		malloc_parse_options(find_options());
}

static long advise(uintptr_t start, size_t bytes, int advice)
{
	return raw_syscall(SYS_madvise, start, bytes, advice, 0, 0);
}

/* Only the break's heap gets large pages. */
static bool has_large_pages;

/* What ends with a large page is to be made of large pages: one fault instead of 512. */
void *port_sbrk(intptr_t bytes)
{
	char *old = sbrk(bytes);
	uintptr_t start = ((uintptr_t)old + PORT_PAGE_BYTES - 1) & -PORT_PAGE_BYTES;
	intptr_t whole = (uintptr_t)old + bytes - start;

	if (old == (void *)-1)
		return NULL;
	if (whole >= (intptr_t)LARGE_PAGE_BYTES && (start + whole) % LARGE_PAGE_BYTES == 0 &&
	    !advise(start, whole, MADV_HUGEPAGE))
		__atomic_store_n(&has_large_pages, true, __ATOMIC_RELAXED);
	return old;
}

void *port_map(void *old, size_t old_bytes, size_t new_bytes)
{
	long result;

	if (old)
		result = raw_syscall(SYS_mremap, (long)old, old_bytes,
				     new_bytes, MREMAP_MAYMOVE, 0);
	else
		result = raw_syscall(SYS_mmap, 0, new_bytes, PROT_READ_WRITE,
				     MAP_PRIVATE_ANONYMOUS, -1);
	return is_error(result) ? NULL : (void *)result;
}

void port_unmap(void *start, size_t bytes)
{
	raw_syscall(SYS_munmap, (long)start, bytes, 0, 0, 0);
}

/*
 * Where part of a large page goes back, Linux would soon make it whole again in the
 * background: of 400 MB that had become 35, 170 were there after 100 seconds. So there
 * shall be none, but whole ones that go back may come back as such.
 */
static void choose_page_size(uintptr_t start, uintptr_t end)
{
	uintptr_t low = start & -LARGE_PAGE_BYTES;
	uintptr_t high = (end + LARGE_PAGE_BYTES - 1) & -LARGE_PAGE_BYTES;

	advise(low, high - low, MADV_NOHUGEPAGE);
	low += LARGE_PAGE_BYTES;
	high -= LARGE_PAGE_BYTES;
	if (low < high && !advise(low, high - low, MADV_HUGEPAGE))
		__atomic_store_n(&has_large_pages, true, __ATOMIC_RELAXED);
}

bool port_decommit(void *start, size_t bytes, bool guard)
{
	if (guard)
		return !raw_syscall(SYS_mprotect, (long)start, bytes, PROT_NONE, 0, 0);
	if ((bytes >= LARGE_DROP_BYTES || __atomic_load_n(&has_large_pages, __ATOMIC_RELAXED)) &&
	    start < sbrk(0))
		choose_page_size((uintptr_t)start, (uintptr_t)start + bytes);
	return !advise((uintptr_t)start, bytes, MADV_DONTNEED);
}

/*
 * glibc says when there is only one thread; then a locked instruction is some
 * twenty cycles for nothing. Where nobody says so there may be several.
 */
extern char __libc_single_threaded __attribute__((weak));

static bool single_threaded(void)
{
	return &__libc_single_threaded && __libc_single_threaded;
}

void port_lock(port_lock_t *lock)
{
	if (single_threaded() && *lock == FREE) {
		*lock = TAKEN;
		return;
	}
	for (int looks = 0; looks <= SPINS; looks++) {
		uint32_t expected = FREE;

		if (__atomic_load_n(lock, __ATOMIC_RELAXED) == FREE &&
		    __atomic_compare_exchange_n(lock, &expected, TAKEN, false,
						__ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			return;
		__builtin_ia32_pause();
	}
	while (__atomic_exchange_n(lock, CONTENDED, __ATOMIC_ACQUIRE) != FREE)
		raw_syscall(SYS_futex, (long)lock, FUTEX_WAIT_PRIVATE,
			    CONTENDED, 0, 0);
}

void port_unlock(port_lock_t *lock)
{
	if (single_threaded())
		*lock = FREE;
	else if (__atomic_exchange_n(lock, FREE, __ATOMIC_RELEASE) ==
		 CONTENDED)
		raw_syscall(SYS_futex, (long)lock, FUTEX_WAKE_PRIVATE, 1, 0, 0);
}

/*
 * Where threads come from pthread_create(), ports/preload.c knows when they
 * end; a program of one thread ends with its cache. A linker leaves out a member
 * of an archive that only overrides, so with preload.c there is nothing here.
 */
#ifndef PORT_HAS_PTHREADS
__attribute__((weak)) bool port_thread(void)
{
	return true;
}
#endif

void port_errno(int err)
{
	errno = err;
}

/*
 * As abort() ends a program: by SIGABRT, blocked or not, once more without the
 * handler if that has returned, and else, since it may be the first process, by exit.
 */
void port_message(const char *line, size_t bytes, bool fatal)
{
	struct { void (*handler)(int); unsigned long flags, restorer, mask; } action = { 0 };
	unsigned long aborts = 1UL << (SIGABRT - 1);

	raw_syscall(SYS_write, 2, (long)line, bytes, 0, 0);
	for (int tries = 0; fatal && tries < 2; tries++) {
		raw_syscall(SYS_rt_sigprocmask, SIG_UNBLOCK, (long)&aborts, 0, sizeof(aborts), 0);
		raw_syscall(SYS_tgkill, raw_syscall(SYS_getpid, 0, 0, 0, 0, 0),
			    raw_syscall(SYS_gettid, 0, 0, 0, 0, 0), SIGABRT, 0, 0);
		raw_syscall(SYS_rt_sigaction, SIGABRT, (long)&action, 0, sizeof(aborts), 0);
	}
	if (fatal)
		raw_syscall(SYS_exit_group, 128 + SIGABRT, 0, 0, 0, 0);
}
