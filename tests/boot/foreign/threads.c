/* Another libc's threads: locks, conditions, signals, cancellation, fork. */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NR 6

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t barrier;
static sem_t sem;
static long counter, written;
static int go;

static void run(void *(*fn)(void *), const char *what)
{
	pthread_t thread[NR];
	long sum = 0;

	for (long i = 0; i < NR; i++)
		if (pthread_create(&thread[i], NULL, fn, (void *)i))
			exit(1);
	for (int i = 0; i < NR; i++) {
		void *result;

		if (pthread_join(thread[i], &result))
			exit(2);
		sum += (long)result;
	}
	printf("%s: %ld\n", what, sum);
}

static void *count(void *arg)
{
	for (int i = 0; i < 3000; i++) {
		pthread_mutex_lock(&lock);
		counter++;
		pthread_mutex_unlock(&lock);
	}
	return arg;
}

/* The last one to come lets all go. */
static void *meet(void *arg)
{
	pthread_mutex_lock(&lock);
	if (++go == NR)
		pthread_cond_broadcast(&changed);
	while (go < NR)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
	return arg;
}

static void *read_and_write(void *arg)
{
	for (int i = 0; i < 300; i++) {
		if (i % 3)
			pthread_rwlock_rdlock(&rwlock);
		else
			pthread_rwlock_wrlock(&rwlock);
		written += i % 3 == 0;
		pthread_rwlock_unlock(&rwlock);
	}
	return arg;
}

static void *allocate(void *arg)
{
	unsigned int seed = (unsigned int)(long)arg;
	char *block[32] = { NULL };
	long bad = 0;

	for (int i = 0; i < 3000; i++) {
		int slot = rand_r(&seed) % 32;
		size_t size = 1 + (size_t)rand_r(&seed) % (i % 50 ? 999 : 150000);

		if (block[slot])
			bad += block[slot][0] != (char)slot;
		free(block[slot]);
		block[slot] = malloc(size);
		memset(block[slot], slot, size);
	}
	for (int i = 0; i < 32; i++)
		free(block[i]);
	return (void *)bad;
}

static void *pass_barrier(void *arg)
{
	long last = 0;

	(void)arg;
	for (int i = 0; i < 10; i++)
		last += pthread_barrier_wait(&barrier) ==
			PTHREAD_BARRIER_SERIAL_THREAD;
	return (void *)last;
}

static void on_signal(int sig)
{
	(void)sig;
}

static void *sleep_long(void *arg)
{
	struct timespec time = { 10, 0 };
	int result;

	sem_post(&sem);
	result = nanosleep(&time, NULL);
	return (void *)(long)(result < 0 ? errno : 0) + 0 * (long)arg;
}

static void *wait_for_ever(void *arg)
{
	sem_post(&sem);
	for (;;)
		pause();
	return arg;
}

static void interrupt_and_cancel(void)
{
	struct timespec moment = { 0, 10000000 };
	pthread_t thread;
	void *result;

	signal(SIGUSR1, on_signal);
	pthread_create(&thread, NULL, sleep_long, NULL);
	sem_wait(&sem);
	nanosleep(&moment, NULL);
	pthread_kill(thread, SIGUSR1);
	pthread_join(thread, &result);
	printf("interrupted: %d\n", result == (void *)EINTR);
	pthread_create(&thread, NULL, wait_for_ever, NULL);
	sem_wait(&sem);
	pthread_cancel(thread);
	pthread_join(thread, &result);
	printf("canceled: %d\n", result == PTHREAD_CANCELED);
}

static void *lock_and_die(void *arg)
{
	pthread_mutex_lock(arg);
	return NULL;
}

static void robust(void)
{
	pthread_mutexattr_t attr;
	pthread_mutex_t mutex;
	pthread_t thread;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&mutex, &attr);
	pthread_create(&thread, NULL, lock_and_die, &mutex);
	pthread_join(thread, NULL);
	printf("robust: %d\n", pthread_mutex_lock(&mutex) == EOWNERDEAD);
}

static void fork_among_threads(void)
{
	pthread_t thread;
	int status;
	pid_t pid;

	pthread_create(&thread, NULL, wait_for_ever, NULL);
	sem_wait(&sem);
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		run(count, "in the child");
		exit(7);
	}
	waitpid(pid, &status, 0);
	printf("child: %d\n", WEXITSTATUS(status));
}

int main(void)
{
	sem_init(&sem, 0, 0);
	pthread_barrier_init(&barrier, NULL, NR);
	run(count, "count");
	printf("counted %ld\n", counter);
	run(meet, "meet");
	run(read_and_write, "rwlock");
	printf("written %ld\n", written);
	run(allocate, "malloc");
	run(pass_barrier, "barrier");
	interrupt_and_cancel();
	robust();
	fork_among_threads();
	return 3; /* with a thread that waits for ever */
}
