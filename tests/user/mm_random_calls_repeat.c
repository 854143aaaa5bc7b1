/*
 * Random sequences of memory calls and touches, in a window of the address
 * space that nothing else uses. A kernel that keeps something of a sequence when
 * its window has been unmapped (a flag, a lock, a page) answers the same sequence
 * differently the second time: here each one runs twice.
 *
 *	mm_random_calls_repeat                  a few hundred sequences, twice
 *	mm_random_calls_repeat SEED COUNT       a digest for each: tests/boot/
 *	                                        differential.py compares them with
 *	                                        what Linux says
 *	mm_random_calls_repeat SEED 1 verbose   each step of one sequence
 */
#include <fcntl.h>
#include <stdarg.h>
#include <sys/uio.h>

#include "maps.h"

#define NR_PAGES 24
#define STEPS 14
#define FILE_PAGES 6
#define WINDOW ((char *)0x100000000000)
#define SEQUENCES 300

static unsigned long random_state;
static unsigned long digest;
static int verbose;
static int file;	/* FILE_PAGES pages, some of them holes */
static int pipe_fds[2];

/*
 * How many faults a touch of a file's page takes depends on how many pages
 * around it a kernel maps at once, so faults are compared for private memory
 * alone.
 */
static char is_private[NR_PAGES];

/* Nor in a child: what need not be copied by fork() may be left to a fault. */
static int in_child;

static unsigned long pick(unsigned long below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (random_state >> 11) % below;
}

/* What happened, for the digest and for whoever looks at one sequence. */
__attribute__((format(printf, 1, 2)))
static void note(const char *format, ...)
{
	static char line[256];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	for (const char *c = line; *c; c++)
		digest = (digest ^ (unsigned char)*c) * 0x100000001b3;
	if (verbose)
		dprintf(1, "%s", line);
}

static char *page_at(unsigned long page)
{
	return WINDOW + page * PAGE_SIZE;
}

/* A range of the window; short ones are the more interesting. */
struct range {
	unsigned long first, nr;
};

static struct range pick_range(void)
{
	struct range range = { pick(NR_PAGES), 1 + pick(pick(3) ? 4 : 12) };

	if (range.nr > NR_PAGES - range.first)
		range.nr = NR_PAGES - range.first;
	return range;
}

static void set_private(struct range range, char value)
{
	memset(is_private + range.first, value, range.nr);
}

static int all_private(struct range range)
{
	return !memchr(is_private + range.first, 0, range.nr);
}

/* A call, its result (addresses relative to the window), its faults. */
static long call(const char *name, struct range range, long nr, long third,
		 long fourth, long fifth, long sixth)
{
	long faults = faults_start();
	long got = sys(nr, page_at(range.first), range.nr * PAGE_SIZE, third,
		       fourth, fifth, sixth);
	long shown = got;

	faults = minor_faults() - faults;
	if (got >= (long)WINDOW && got < (long)page_at(NR_PAGES))
		shown = 1000 + (got - (long)WINDOW) / (long)PAGE_SIZE;
	else if (got > 100000)
		shown = 9999;
	note("%s %lu+%lu %lx %lx: %ld", name, range.first, range.nr, third,
	     nr == SYS_mremap ? 0 : fourth, shown);
	if (all_private(range) && !in_child)
		note(" faults %ld", faults);
	note("\n");
	return got;
}

/* ---- the steps ---- */

static long pick_prot(void)
{
	static const long prots[] = { PROT_NONE, PROT_READ, RW, RW, RW };

	return prots[pick(5)];
}

static void step_map(struct range range)
{
	static const long flags[] = {
		0, 0, 0, MAP_POPULATE, MAP_NORESERVE, MAP_LOCKED,
		MAP_POPULATE | MAP_NONBLOCK, MAP_STACK,
	};

	set_private(range, 1);
	call("map", range, SYS_mmap, pick_prot(),
	     ANON | MAP_FIXED | flags[pick(8)], -1, 0);
}

static void step_map_carefully(struct range range)
{
	char before[NR_PAGES];

	memcpy(before, is_private, sizeof(before));
	if (call("map-noreplace", range, SYS_mmap, RW,
		 ANON | MAP_FIXED_NOREPLACE, -1, 0) < 0)
		memcpy(is_private, before, sizeof(before));
	else
		set_private(range, 1);
}

static void step_map_shared(struct range range)
{
	set_private(range, 0);
	call("map-shared", range, SYS_mmap, pick_prot(),
	     MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

static void step_map_file(struct range range)
{
	long type = pick(2) ? MAP_SHARED : MAP_PRIVATE;

	set_private(range, 0);
	call("map-file", range, SYS_mmap, pick_prot(), type | MAP_FIXED, file,
	     (long)(pick(FILE_PAGES) * PAGE_SIZE));
}

static void step_unmap(struct range range)
{
	call("unmap", range, SYS_munmap, 0, 0, 0, 0);
	set_private(range, 1);
}

static void step_protect(struct range range)
{
	call("protect", range, SYS_mprotect, pick_prot(), 0, 0, 0);
}

/* Not FREE: what is read after it is the kernel's own affair. */
static void step_advise(struct range range)
{
	static const long advice[] = {
		MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED,
		MADV_DONTNEED, MADV_DONTNEED, MADV_DONTNEED_LOCKED,
		MADV_DONTFORK, MADV_DOFORK, MADV_WIPEONFORK, MADV_KEEPONFORK,
		MADV_COLD, MADV_POPULATE_READ, MADV_POPULATE_WRITE,
		MADV_NOHUGEPAGE, 99,
	};

	call("advise", range, SYS_madvise, advice[pick(16)], 0, 0, 0);
}

/*
 * One page, so that it does not matter how a kernel has merged its VMAs. What
 * moves out of the window is unmapped: the place was the kernel's choice.
 */
static void step_remap(struct range range)
{
	struct range to = pick_range();
	long flags = (long)pick(8);
	unsigned long new_nr = flags & MREMAP_FIXED ? 1 : pick(4);
	char kind = is_private[range.first];
	long got;

	range.nr = 1;
	got = call("remap", range, SYS_mremap, (long)(new_nr * PAGE_SIZE),
		   flags, (long)page_at(to.first), 0);
	note("  flags %ld to %lu\n", flags, to.first);
	if (got < 0)
		return;
	if (got < (long)WINDOW || got >= (long)page_at(NR_PAGES)) {
		sys(SYS_munmap, got, new_nr * PAGE_SIZE);
		if (!(flags & MREMAP_DONTUNMAP))
			is_private[range.first] = 1;
		return;
	}
	to.first = (unsigned long)(got - (long)WINDOW) / PAGE_SIZE;
	to.nr = new_nr < NR_PAGES - to.first ? new_nr : NR_PAGES - to.first;
	set_private(to, kind);
}

static void step_lock(struct range range)
{
	switch (pick(3)) {
	case 0:
		call("lock", range, SYS_mlock, 0, 0, 0, 0);
		break;
	case 1:
		call("lock-onfault", range, SYS_mlock2, MLOCK_ONFAULT, 0, 0, 0);
		break;
	default:
		call("unlock", range, SYS_munlock, 0, 0, 0, 0);
	}
}

static void step_sync(struct range range)
{
	call("sync", range, SYS_msync, (long)pick(8), 0, 0, 0);
}

/* Touches go through a pipe, so that a bad one is an error and no signal. */
static void touch(struct range range, int write)
{
	struct range one = { 0, 1 };

	for (unsigned long i = 0; i < range.nr; i++) {
		char byte = (char)(1 + pick(100));
		long faults, got;

		one.first = range.first + i;
		if (write)
			CHECK_EQ(sys(SYS_write, pipe_fds[1], &byte, 1), 1);
		faults = faults_start();
		got = sys(write ? SYS_read : SYS_write, pipe_fds[!write],
			  page_at(one.first), 1);
		faults = minor_faults() - faults;
		/* Empty the pipe again, if need be. */
		if (write == (got != 1))
			CHECK_EQ(sys(SYS_read, pipe_fds[0], &byte, 1), 1);
		note("%s %lu: %ld %d", write ? "write" : "read", one.first,
		     got, byte);
		if (is_private[one.first] && !in_child)
			note(" faults %ld", faults);
		note("\n");
	}
}

static void step_read(struct range range)
{
	touch(range, 0);
}

static void step_write(struct range range)
{
	touch(range, 1);
}

/* The child sees, changes and leaves; we see nothing of private changes. */
static void step_fork(struct range range)
{
	pid_t pid = check_fork();
	int status;

	if (pid == 0) {
		in_child = 1;
		verbose = 0;
		digest = 1;
		touch(pick_range(), 0);
		touch(range, 1);
		touch(pick_range(), 0);
		_exit((int)(digest >> 20 & 127));
	}
	status = check_wait(pid);
	note("fork: %d\n", status);
}

/* The file behind mappings loses its end, gets it back, has holes and fillings. */
static void step_resize(struct range range)
{
	static const long modes[] = {
		0, FALLOC_FL_KEEP_SIZE,
		FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
	};
	long first = (long)(range.first % FILE_PAGES * PAGE_SIZE);
	long bytes = 1 + (long)pick(2 * PAGE_SIZE), got;
	int mode = (int)pick(5);

	if (mode >= 3) {
		long size = first + (mode == 3 ? 0 : bytes);

		got = sys(SYS_ftruncate, file, size);
		note("truncate %ld: %ld\n", size, got);
		return;
	}
	first += (long)(pick(3) * 1000);
	got = sys(SYS_fallocate, file, modes[mode], first, bytes);
	note("allocate %d %ld %ld: %ld\n", mode, first, bytes, got);
}

/* From one range to another, by way of the kernel's view of either. */
static void step_copy(struct range range)
{
	struct range to = pick_range();
	struct iovec local = { page_at(to.first), to.nr * PAGE_SIZE };
	struct iovec remote = { page_at(range.first), range.nr * PAGE_SIZE };
	int write = (int)pick(2);
	long got = sys(write ? SYS_process_vm_writev : SYS_process_vm_readv,
		       sys(SYS_getpid), &local, 1, &remote, 1, 0);

	note("copy %d %lu+%lu %lu+%lu: %ld\n", write, range.first, range.nr,
	     to.first, to.nr, got);
}

static void (*const steps[])(struct range) = {
	step_map, step_map, step_map, step_map_carefully, step_map_shared,
	step_map_file, step_unmap, step_protect, step_protect, step_advise,
	step_advise, step_remap, step_lock, step_sync, step_read, step_read,
	step_write, step_write, step_write, step_resize, step_resize,
	step_copy,
};

/* ---- what is there ---- */

static void note_residency(void)
{
	static unsigned char vector[NR_PAGES];
	static char drawing[NR_PAGES + 1];

	for (unsigned long i = 0; i < NR_PAGES; i++)
		drawing[i] = sys(SYS_mincore, page_at(i), PAGE_SIZE,
				 vector + i) ? '.' : (char)('0' + vector[i]);
	note("%s\n", drawing);
}

/* Page by page, so that it does not matter how VMAs have merged. */
static void note_maps(void)
{
	for (char *line = maps_text(); line; line = next_line(line)) {
		char *rest, *end, *rights;
		char *at = (char *)strtoul(line, &rest, 16);
		unsigned long offset, inode;

		end = (char *)strtoul(rest + 1, &rest, 16);
		rights = rest + 1;
		offset = strtoul(rights + 5, &rest, 16);
		inode = strtoul(rest + 6, NULL, 10);	/* behind the device */
		for (; at < end; at += PAGE_SIZE, offset += PAGE_SIZE)
			if (at >= WINDOW && at < page_at(NR_PAGES))
				note("%lu %.4s %lx\n",
				     (unsigned long)(at - WINDOW) / PAGE_SIZE,
				     rights, inode ? offset : 0);
	}
}

static void note_contents(void)
{
	struct range all = { 0, NR_PAGES };

	touch(all, 0);
}

/* ---- sequences ---- */

static void fill_file(void)
{
	CHECK_EQ(sys(SYS_ftruncate, file, 0), 0);
	CHECK_EQ(sys(SYS_ftruncate, file, FILE_PAGES * PAGE_SIZE - 100), 0);
	for (long page = 0; page < FILE_PAGES; page += 2)
		CHECK_EQ(sys(SYS_pwrite64, file, "file", 4, page * 4096), 4);
}

/* The last pages may have grown in place, out of the window. */
static void clean_up(void)
{
	CHECK_EQ(sys(SYS_munmap, WINDOW, 2 * NR_PAGES * PAGE_SIZE), 0);
}

static unsigned long run(unsigned long seed)
{
	random_state = (seed + 1) * 0x9e3779b97f4a7c15;
	digest = 0xcbf29ce484222325;
	fill_file();
	memset(is_private, 1, sizeof(is_private));
	for (int i = 0; i < STEPS; i++) {
		struct range range = pick_range();

		if (pick(40) == 0)
			step_fork(range);
		else
			steps[pick(sizeof(steps) / sizeof(*steps))](range);
		note_residency();
	}
	note_maps();
	note_contents();
	clean_up();
	return digest;
}

int main(int argc, char **argv)
{
	unsigned long seed = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
	unsigned long count = argc > 2 ? strtoul(argv[2], NULL, 10) : SEQUENCES;
	long fd = sys(SYS_open, "/dev/shm/random-calls",
		      O_RDWR | O_CREAT | O_EXCL, 0600);

	verbose = argc > 3;
	CHECK(fd >= 0);
	CHECK_EQ(sys(SYS_unlink, "/dev/shm/random-calls"), 0);
	file = (int)fd;
	CHECK_EQ(sys(SYS_pipe, pipe_fds), 0);
	for (; count--; seed++) {
		unsigned long first = run(seed);

		if (argc > 1) {
			dprintf(1, "%lu %lx\n", seed, first);
		} else if (run(seed) != first) {
			dprintf(1, "seed %lu\n", seed);
			CHECK_EQ(run(seed), first);
		}
	}
	return check_passed();
}
