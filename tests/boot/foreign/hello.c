/* Built with another libc: its start-up code, stdio and exit all work here. */
#include <stdio.h>
#include <stdlib.h>

static void at_exit(void)
{
	puts("and goodbye");
}

int main(int argc, char **argv)
{
	atexit(at_exit);
	printf("hello from %s with %d words\n", argv[0], argc - 1);
	for (int i = 1; i < argc; i++)
		printf("%d: %-8s|%8.3f\n", i, argv[i], i / 3.0);
	return argc;
}
