/* Waiting: sleep, alarm, pause. */
#include <poll.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

unsigned int sleep(unsigned int seconds)
{
	struct timespec wait = { .tv_sec = seconds };

	if (nanosleep(&wait, &wait) == 0)
		return 0;
	return (unsigned int)wait.tv_sec;
}

int usleep(useconds_t usec)
{
	struct timespec wait = {
		.tv_sec = usec / 1000000,
		.tv_nsec = usec % 1000000 * 1000,
	};

	return nanosleep(&wait, NULL);
}

unsigned int alarm(unsigned int seconds)
{
	return (unsigned int)syscall(SYS_alarm, seconds);
}

int pause(void)
{
	return (int)syscall(SYS_pause);
}

int poll(struct pollfd *fds, nfds_t nr_fds, int timeout_ms)
{
	return (int)syscall(SYS_poll, fds, nr_fds, timeout_ms);
}

int getitimer(int which, struct itimerval *value)
{
	return (int)syscall(SYS_getitimer, which, value);
}

int setitimer(int which, const struct itimerval *restrict value,
	      struct itimerval *restrict old)
{
	return (int)syscall(SYS_setitimer, which, value, old);
}
