/*
 * See host.h. panic() and failed KASSERTs end the test program with status 1.
 */
#include "host.h"

#include <stdarg.h>
#include <time.h>

#include "panic.h"

int host_failures;
static int failed_tests;
static uint64_t random_state;

void panic(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	printf("FAIL panic: ");
	vprintf(fmt, args);
	printf(" (SEED=%" PRIu64 ")\n", random_state);
	va_end(args);
	exit(1);
}

void kassert_failed(const char *file, int line, const char *expression)
{
	panic("%s:%d: assertion failed: %s", file, line, expression);
}

void host_report(const char *name)
{
	if (host_failures) {
		printf("FAIL %s: got %d failed checks, want 0\n", name,
		       host_failures);
		failed_tests++;
	} else {
		printf("PASS %s\n", name);
	}
	host_failures = 0;
}

int host_status(void)
{
	return failed_tests ? 1 : 0;
}

void host_seed(void)
{
	const char *given = getenv("SEED");
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	random_state = given ? strtoull(given, NULL, 0)
			     : (uint64_t)now.tv_nsec * 1000003u +
				       (uint64_t)now.tv_sec;
	printf("SEED=%" PRIu64 "\n", random_state);
}

/* splitmix64 */
uint64_t host_random(void)
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}
