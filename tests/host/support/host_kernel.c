#define _ISOC11_SOURCE /* of the host only ISO C: POSIX types are the kernel's */
#include "host_kernel.h"

#include <stdlib.h>
#include <string.h>

#include "cred.h"
#include "host.h"
#include "kmalloc.h"
#include "task.h"
#include "uaccess.h"

static struct limits limits = {
	.limit[RLIMIT_FSIZE] = { RLIM_INFINITY, RLIM_INFINITY },
};
struct mutex tasklist_lock;
struct task host_task = {
	.leader = &host_task, .limits = &limits, .cred = &root_cred,
};

int64_t host_nr_allocated;
bool host_no_memory;

void *kmalloc(size_t size)
{
	void *ptr;

	if (host_no_memory && host_below(8) == 0)
		return NULL;
	ptr = malloc(size);
	host_nr_allocated++;
	return ptr;
}

void *kzalloc(size_t size)
{
	void *ptr = kmalloc(size);

	if (ptr)
		memset(ptr, 0, size);
	return ptr;
}

void kfree(void *ptr)
{
	host_nr_allocated -= ptr != NULL;
	free(ptr);
}

/* One thread: a mutex only has to be balanced. */
void mutex_init(struct mutex *mutex, enum lock_rank rank)
{
	(void)rank;
	mutex->owner = NULL;
}

void mutex_lock(struct mutex *mutex)
{
	CHECK(!mutex->owner);
	mutex->owner = &host_task;
}

void mutex_unlock(struct mutex *mutex)
{
	CHECK(mutex->owner == &host_task);
	mutex->owner = NULL;
}

bool mutex_held(const struct mutex *mutex)
{
	return mutex->owner == &host_task;
}

/* Nothing here has a user's memory. */
size_t copy_to_user_partial(vaddr_t to, const void *from, size_t bytes)
{
	(void)to, (void)from;
	return bytes;
}

size_t copy_from_user_partial(void *to, vaddr_t from, size_t bytes)
{
	(void)to, (void)from;
	return bytes;
}
