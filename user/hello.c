/* hello: the smallest program; if this runs, everything below it does. */
#include <stdio.h>

int main(void)
{
	puts("hello, world");
	return 0;
}
