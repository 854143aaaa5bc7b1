/* Number of the lowest bit set, counted from 1; 0 if there is none. */
#include <strings.h>

int ffs(int value)
{
	return __builtin_ffs(value);
}

int ffsl(long value)
{
	return __builtin_ffsl(value);
}

int ffsll(long long value)
{
	return __builtin_ffsll(value);
}
