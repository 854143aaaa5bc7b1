/* Touch 1000 pages, say what getrusage() counts, then sleep to be looked at. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define NR_PAGES 1000
#define PAGE_SIZE 4096

int main(void)
{
	char line[64];
	struct rusage usage;
	int length;
	char *page = mmap(NULL, NR_PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return 1;
	/* Once before it counts: printing and asking must bring no new page. */
	getrusage(RUSAGE_SELF, &usage);
	snprintf(line, sizeof(line), "%6ld %6ld\n", usage.ru_majflt,
		 usage.ru_minflt);
	write(1, line, 0);
	for (int i = 0; i < NR_PAGES; i++)
		page[i * PAGE_SIZE] = 1;
	getrusage(RUSAGE_SELF, &usage);
	length = snprintf(line, sizeof(line), "%6ld %6ld\n", usage.ru_majflt,
			  usage.ru_minflt);
	write(1, line, (size_t)length);
	sleep(1000);
	return 0;
}
