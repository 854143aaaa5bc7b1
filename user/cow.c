/*
 * cow: fork() copies nothing; the first write does.
 *
 * After fork() parent and child share every frame, mapped read-only in both.
 * Whoever writes first to a page takes a minor fault and gets a copy; whoever
 * is then left alone with the old frame takes a fault too, but may keep it.
 *
 *	         parent       child
 *	fork()   r--  frame   r--	one frame, two references
 *	child    r--  frame   rw- copy	the child's write: copied
 *	parent   rw-  frame   (gone)	the parent's write: reused
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE_SIZE 4096UL
#define NR_PAGES 16

static long minor_faults(void)
{
	static struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

/*
 * Write @value to every page and count the faults. The first call of
 * minor_faults() is not for its answer: right after fork() the pages of our own
 * stack and variables are shared as well, and it brings back those we use.
 */
static long fill(char *start, char value)
{
	long before;

	minor_faults();
	before = minor_faults();
	for (int page = 0; page < NR_PAGES; page++)
		*(volatile char *)(start + page * PAGE_SIZE) = value;
	return minor_faults() - before;
}

/* Does every page hold @value? Reading a shared page costs nothing. */
static int holds(const char *start, char value)
{
	for (int page = 0; page < NR_PAGES; page++)
		if (start[page * PAGE_SIZE] != value)
			return 0;
	return 1;
}

/* The child's part: its exit status is its number of faults. */
static int child(char *start)
{
	long faults;

	if (!holds(start, 'p'))
		return 255;
	faults = fill(start, 'c');
	return holds(start, 'c') ? (int)faults : 255;
}

static int report(const char *what, long faults, long expected)
{
	printf("%-36s %3ld minor faults", what, faults);
	if (faults != expected)
		printf(", expected %ld", expected);
	putchar('\n');
	return faults != expected;
}

int main(void)
{
	char *start = mmap(NULL, NR_PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int status, wrong = 0;
	pid_t pid;

	if (start == MAP_FAILED) {
		perror("cow: mmap");
		return 1;
	}
	wrong |= report("parent fills its pages", fill(start, 'p'), NR_PAGES);
	fflush(stdout);		/* or the child would inherit the text, too */
	pid = fork();
	if (pid < 0) {
		perror("cow: fork");
		return 1;
	}
	if (pid == 0)
		_exit(child(start));
	waitpid(pid, &status, 0);
	wrong |= report("child writes: each page is copied",
			WIFEXITED(status) ? WEXITSTATUS(status) : -1, NR_PAGES);
	if (!holds(start, 'p')) {
		puts("the child's writes reached the parent");
		wrong = 1;
	}
	wrong |= report("parent writes: alone again, no copy",
			fill(start, 'P'), NR_PAGES);
	wrong |= report("parent writes once more", fill(start, 'Q'), 0);
	return wrong;
}
