/*
 * The program break. The kernel's brk() answers with the break as it then is,
 * changed or not, so failure shows as an answer that is not what was asked.
 */
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

static char *kernel_brk(const void *addr)
{
	return (char *)syscall(SYS_brk, addr);
}

int brk(void *addr)
{
	if (kernel_brk(addr) == (char *)addr)
		return 0;
	errno = ENOMEM;
	return -1;
}

/*
 * The old break, or (void *)-1 and ENOMEM. The break is asked for each time
 * instead of remembered: someone else may have moved it with brk(2).
 */
void *sbrk(intptr_t increment)
{
	char *old = kernel_brk(NULL);
	char *end = (char *)((uintptr_t)old + (uintptr_t)increment);

	if (increment == 0)
		return old;
	if (increment > 0 ? end < old : end > old) {
		errno = ENOMEM;
		return (void *)-1;
	}
	return brk(end) == 0 ? old : (void *)-1;
}
