/* Another malloc on our break and mmap: what is written is read back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define NR_BLOCKS 64

int main(void)
{
	static unsigned char *block[NR_BLOCKS];
	size_t total = 0;
	struct rusage usage;

	for (size_t i = 0; i < NR_BLOCKS; i++) {
		size_t size = 100 + i * i * 97;

		block[i] = malloc(size);
		if (!block[i])
			return 1;
		memset(block[i], (int)i, size);
		total += size;
	}
	for (size_t i = 0; i < NR_BLOCKS; i++) {
		size_t size = 100 + i * i * 97;

		for (size_t at = 0; at < size; at++)
			if (block[i][at] != i)
				return 2;
		free(block[i]);
	}
	getrusage(RUSAGE_SELF, &usage);
	printf("%zu bytes touched, at least a fault a page: %s\n", total,
	       usage.ru_minflt >= (long)(total / 4096) ? "yes" : "no");
	return 0;
}
