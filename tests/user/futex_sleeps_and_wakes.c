/* Locks are made of it: a lost wake-up is a program that hangs. */
#include <sys/mman.h>
#include <time.h>
#include <uapi/futex.h>

#include "check.h"

static volatile unsigned int *words;

static long wake(volatile unsigned int *word, int op, int nr)
{
	return sys(SYS_futex, word, op, nr);
}

static long wait_for(volatile unsigned int *word, int op, unsigned int value,
		     struct timespec *timeout)
{
	return sys(SYS_futex, word, op, value, timeout, 0, ~0U);
}

static void errors(void)
{
	struct timespec soon = { 0, 10000000 }, past = { 0, 1 };
	struct timespec bad = { 0, 1000000000 };
	unsigned int *odd = (unsigned int *)((char *)words + 1);

	CHECK_EQ(wait_for(words, FUTEX_WAIT, 1, NULL), -EAGAIN);
	CHECK_EQ(wait_for(words, FUTEX_WAIT, 0, &soon), -ETIMEDOUT);
	CHECK_EQ(wait_for(words, FUTEX_WAIT_BITSET, 0, &past), -ETIMEDOUT);
	CHECK_EQ(wait_for(words, FUTEX_WAIT, 0, &bad), -EINVAL);
	CHECK_EQ(wait_for(odd, FUTEX_WAIT, 0, &soon), -EINVAL);
	CHECK_EQ(wait_for((void *)64, FUTEX_WAIT, 0, &soon), -EFAULT);
	CHECK_EQ(wake(words, FUTEX_WAKE, 1), 0);
	CHECK_EQ(sys(SYS_futex, words, 99, 0), -ENOSYS);
}

/* Two processes hand a token to and fro through shared memory. */
static void ping_pong(void)
{
	pid_t pid = check_fork();
	unsigned int mine = pid ? 0 : 1;

	for (int i = 0; i < 200; i++) {
		while (words[0] != mine)
			wait_for(words, FUTEX_WAIT, !mine, NULL);
		words[1]++;
		words[0] = !mine;
		wake(words, FUTEX_WAKE, 1);
	}
	if (!pid)
		_exit(0);
	check_child(pid);
	CHECK_EQ(words[1], 400);
}

/* A private word of a child is another word than the parent's. */
static void private_is_private(void)
{
	static volatile unsigned int word;
	struct timespec time = { 0, 100000000 }, later = { 0, 30000000 };
	pid_t pid = check_fork();

	if (!pid)
		_exit(wait_for(&word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 0,
			       &time) != -ETIMEDOUT);
	sys(SYS_nanosleep, &later, 0);
	CHECK_EQ(wake(&word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 9), 0);
	CHECK_EQ(wake(&word, FUTEX_WAKE, 9), 0);
	check_child(pid);
}

int main(void)
{
	words = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(words != MAP_FAILED);
	errors();
	ping_pong();
	private_is_private();
	return check_passed();
}
