/*
 * twice: malloc() promises twice the memory that exists; touching it pays.
 *
 *	twice			promise it, touch a page of each block
 *	twice --touch		touch everything, in a child, and see who dies
 *
 * A mapping costs the kernel one VMA, no matter how long it is. So the promise
 * is cheap, and most programs never touch all they asked for. The bill comes
 * with the touch that finds no free frame: there is nobody to return NULL to
 * in the middle of a store, so the OOM killer ends a process (SIGKILL, 137). With
 * a swap disk that has room for the rest nobody dies: pages go there and come
 * back, each with a major fault.
 *
 * It asks in four blocks of half the RAM each: Linux's default heuristic
 * refuses one single block larger than RAM and swap, but not their sum.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE_SIZE 4096UL
#define NR_BLOCKS 4

/* --touch is for a guest: no machine that people work on is brought down. */
#define TOUCH_MAX_RAM (1UL << 30)

static unsigned long ram_bytes(void)
{
	struct sysinfo info;

	if (sysinfo(&info) < 0) {
		perror("twice: sysinfo");
		exit(1);
	}
	return info.totalram * info.mem_unit;
}

static long minor_faults(void)
{
	static struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

/* Touch the first and the last byte of a block, and count the faults. */
static long touch_ends(char *block, size_t bytes)
{
	long before = minor_faults();

	*(volatile char *)block = 1;
	*(volatile char *)(block + bytes - 1) = 1;
	return minor_faults() - before;
}

static int promise(void)
{
	size_t bytes = ram_bytes() / 2;
	int nr_granted = 0;
	long faults = 0;

	minor_faults();
	for (int i = 0; i < NR_BLOCKS; i++) {
		char *block = malloc(bytes);

		if (!block)
			break;
		nr_granted++;
		faults += touch_ends(block, bytes);
	}
	printf("RAM / 2 asked for %d times, granted %d times", NR_BLOCKS,
	       nr_granted);
	if (nr_granted != NR_BLOCKS)
		printf(", expected %d", NR_BLOCKS);
	printf("\nfirst and last byte of each touched: %ld minor faults",
	       faults);
	if (faults != NR_BLOCKS)
		printf(", expected %d", NR_BLOCKS);
	puts("\n(the first page of a block is there already: it has the header)");
	return nr_granted != NR_BLOCKS || faults != NR_BLOCKS;
}

/* With swap it ends with the last page touched, otherwise in the middle. */
static void touch_everything(void)
{
	size_t bytes = ram_bytes() / 2;
	char *blocks[NR_BLOCKS];

	for (int i = 0; i < NR_BLOCKS; i++) {
		blocks[i] = malloc(bytes);
		if (!blocks[i])
			_exit(1);
		for (size_t at = 0; at < bytes; at += PAGE_SIZE)
			*(volatile char *)(blocks[i] + at) = 1;
	}
	for (int i = 0; i < NR_BLOCKS; i++)
		for (size_t at = 0; at < bytes; at += PAGE_SIZE)
			if (*(volatile char *)(blocks[i] + at) != 1)
				_exit(1);
	_exit(0);
}

static int touch_in_child(void)
{
	struct rusage usage;
	int status = 0;
	pid_t pid;

	if (ram_bytes() > TOUCH_MAX_RAM) {
		fputs("twice: --touch only on machines of up to 1 GiB\n",
		      stderr);
		return 2;
	}
	pid = fork();
	if (pid == 0)
		touch_everything();
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid) {
		perror("twice: fork or wait");
		return 1;
	}
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) {
		puts("the child touched more than there is: killed, status 137");
		return 0;
	}
	if (status == 0 && usage.ru_majflt > 0) {
		printf("the child touched more than there is, and found it "
		       "again: %ld major faults\n", usage.ru_majflt);
		return 0;
	}
	printf("wait status 0x%x, expected death by SIGKILL, or swap\n",
	       status);
	return 1;
}

int main(int argc, char **argv)
{
	if (argc == 1)
		return promise();
	if (argc == 2 && strcmp(argv[1], "--touch") == 0)
		return touch_in_child();
	fputs("usage: twice [--touch]\n", stderr);
	return 2;
}
