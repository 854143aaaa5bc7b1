/* A child's writes would show up in its parent, or the other way round. */
#include "memory.h"

#define NR_PAGES 64

static char *heap, *mapped;
static int variable = 1;

static void write_all(char value)
{
	int on_stack = value;

	variable = value;
	memset(mapped, value, NR_PAGES * PAGE_SIZE);
	memset(heap, value, PAGE_SIZE);
	CHECK_EQ(on_stack, value);
}

static void check_all(char value)
{
	CHECK_EQ(variable, value);
	for (unsigned long i = 0; i < NR_PAGES * PAGE_SIZE; i += 509)
		CHECK_EQ(mapped[i], value);
	CHECK_EQ(heap[PAGE_SIZE - 1], value);
}

/* Each generation forks the next, then writes, then looks again. */
static void generation(int depth)
{
	char value = (char)('a' + depth);
	pid_t pid;

	check_all((char)(value - 1));
	write_all(value);
	if (depth == 5)
		return;
	pid = check_fork();
	if (pid == 0) {
		generation(depth + 1);
		_exit(0);
	}
	check_child(pid);
	check_all(value);
}

int main(void)
{
	heap = (char *)sys(SYS_brk, 0);
	CHECK_EQ(sys(SYS_brk, heap + PAGE_SIZE), heap + PAGE_SIZE);
	mapped = map_pages(NR_PAGES, RW);
	write_all('a' - 1);
	generation(0);
	return check_passed();
}
