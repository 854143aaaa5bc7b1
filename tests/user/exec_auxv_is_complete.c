/*
 * musl's and glibc's static start-up code reads these; without them a program
 * dies before main, with a page size of 0 or a null AT_RANDOM.
 */

#include "memory.h"

int main(int argc, char **argv)
{
	const Elf64_Phdr *phdr = (const Elf64_Phdr *)getauxval(AT_PHDR);
	const unsigned long *random =
		(const unsigned long *)getauxval(AT_RANDOM);
	const char *path = (const char *)getauxval(AT_EXECFN);
	int nr_load = 0;

	CHECK_EQ(argc, 1);
	CHECK(argv[0] && !argv[1]);
	CHECK_EQ((unsigned long)argv[-1] & 0xffffffff, 1);	/* argc */

	CHECK_EQ(getauxval(AT_PAGESZ), PAGE_SIZE);
	CHECK_EQ(getauxval(AT_PHENT), sizeof(Elf64_Phdr));
	CHECK(phdr != NULL);
	for (unsigned long i = 0; i < getauxval(AT_PHNUM); i++)
		nr_load += phdr[i].p_type == PT_LOAD;
	CHECK(nr_load >= 2);
	CHECK(getauxval(AT_ENTRY) >= 0x400000);
	CHECK_EQ(getauxval(AT_SECURE), 0);
	CHECK_EQ(getauxval(AT_CLKTCK), 100);
	CHECK_EQ(getauxval(AT_UID), getauxval(AT_EUID));
	CHECK(random && (random[0] || random[1]));
	CHECK(strstr(path, "exec_auxv_is_complete") != NULL);
	return check_passed();
}
