/*
 * segv: accesses that no page fault handler can make good.
 *
 *	segv KIND	commit that access: the kernel logs it, status 139
 *	segv all	each kind in a child of its own; 0 if every one died
 *	segv		list the kinds
 *
 * The CPU reports all but the last in the same way, as exception 14 with the
 * address in CR2. What differs is why the kernel cannot help.
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE_SIZE 4096UL

/* Volatile pointers: the compiler must not see through them and "know better". */
static volatile char *volatile target;

static void access_null(void)
{
	target = NULL;
	*target = 1;
}

static void access_read_only(void)
{
	static const char text[] = "constants live in a page mapped r--";

	target = (volatile char *)text;
	*target = 'C';
}

static void access_no_exec(void)
{
	static unsigned char code[] = { 0xc3 };		/* ret */
	void (*volatile function)(void) = (void (*)(void))(void *)code;

	function();
}

static void access_kernel(void)
{
	target = (volatile char *)0xffffffff80100000;
	(void)*target;
}

static void access_unmapped(void)
{
	target = mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*target = 1;
	munmap((void *)target, PAGE_SIZE);
	(void)*target;
}

static void access_non_canonical(void)
{
	target = (volatile char *)0x800000000000;
	(void)*target;
}

static const struct kind {
	const char *name;
	const char *why;
	void (*access)(void);
} kinds[] = {
	{ "null", "write to address 0: nothing is ever mapped there",
	  access_null },
	{ "read-only", "write to a constant: mapped, but only for reading",
	  access_read_only },
	{ "no-exec", "jump into data: mapped, but not for execution",
	  access_no_exec },
	{ "kernel", "read the kernel's memory: mapped, but not for us",
	  access_kernel },
	{ "unmapped", "read memory after munmap: it was ours once",
	  access_unmapped },
	{ "non-canonical", "read past 47 bits: not even an address",
	  access_non_canonical },
};

#define NR_KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* Returns only if the access went through, which is the failure here. */
static int commit(const struct kind *kind)
{
	printf("%s: %s\n", kind->name, kind->why);
	fflush(stdout);
	kind->access();
	printf("%s: expected SIGSEGV, but nothing happened\n", kind->name);
	return 1;
}

static int commit_in_child(const struct kind *kind)
{
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		commit(kind);
		fflush(stdout);
		_exit(1);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		perror("segv: fork or wait");
		return 1;
	}
	if (WIFSIGNALED(status) && WTERMSIG(status) == 11)
		return 0;
	printf("%s: wait status 0x%x, expected death by signal 11\n",
	       kind->name, status);
	return 1;
}

static int commit_all(void)
{
	int wrong = 0;

	for (size_t i = 0; i < NR_KINDS; i++)
		wrong |= commit_in_child(&kinds[i]);
	printf("%zu accesses, each of them deadly\n", NR_KINDS);
	return wrong;
}

static void list(FILE *file)
{
	fprintf(file, "usage: segv KIND | all\n");
	for (size_t i = 0; i < NR_KINDS; i++)
		fprintf(file, "  %-14s %s\n", kinds[i].name, kinds[i].why);
}

int main(int argc, char **argv)
{
	if (argc == 1) {
		list(stdout);
		return 0;
	}
	if (argc == 2 && strcmp(argv[1], "all") == 0)
		return commit_all();
	for (size_t i = 0; argc == 2 && i < NR_KINDS; i++)
		if (strcmp(argv[1], kinds[i].name) == 0)
			return commit(&kinds[i]);
	list(stderr);
	return 2;
}
