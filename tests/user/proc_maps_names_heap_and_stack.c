/*
 * gdb, sanitizers and every course on memory read /proc/self/maps; they would
 * not find the heap, the stack, or the program.
 */
#include "maps.h"

static const char *line_of(const char *text, unsigned long addr)
{
	for (char *line = (char *)text; line; line = next_line(line)) {
		char *rest;
		unsigned long start = strtoul(line, &rest, 16);

		if (addr >= start && addr < strtoul(rest + 1, &rest, 16))
			return line;
	}
	return "";
}

/* Rights, and the name from column 74 on, of the line that holds @addr. */
static void expect(unsigned long addr, const char *rights, const char *name)
{
	const char *line = line_of(maps_text(), addr);
	const char *space = strchr(line, ' ');
	unsigned long length = strlen(name);

	CHECK(space != NULL);
	CHECK_EQ(memcmp(space + 1, rights, 4), 0);
	if (!length) {
		CHECK(strchr(line, '\n')[-1] == ' ');
		return;
	}
	CHECK_EQ(line[72], ' ');
	if (name[0] == '[')
		CHECK_EQ(memcmp(line + 73, name, length), 0);
	else
		CHECK(memcmp(strchr(line, '\n') - length, name, length) == 0);
}

int main(void)
{
	static int data = 1;
	int on_stack;
	char *heap = (char *)sys(SYS_brk, 0);
	char *mapped = map_pages(3, PROT_READ);

	CHECK_EQ(sys(SYS_brk, heap + PAGE_SIZE), heap + PAGE_SIZE);
	expect((unsigned long)heap, "rw-p", "[heap]");
	expect((unsigned long)&on_stack, "rw-p", "[stack]");
	expect((unsigned long)&main, "r-xp", "proc_maps_names_heap_and_stack");
	expect((unsigned long)&data, "rw-p", "proc_maps_names_heap_and_stack");
	expect((unsigned long)mapped, "r--p", "");
	return check_passed();
}
