/*
 * futex(2): sleep while a word of user memory has a value; wake who sleeps.
 *
 * A word is known by its key: in private memory the address space and the
 * address, in shared memory the file and the place in it, so that processes
 * which map it at different addresses meet. A waiter enters its bucket before it
 * looks at the word; a waker changes the word before it looks into the bucket.
 * So one of the two sees the other.
 */
#include "futex.h"

#include <uapi/errno.h>
#include <uapi/futex.h>

#include "file.h"
#include "mm.h"
#include "sched.h"
#include "task.h"
#include "timer.h"
#include "uaccess.h"

#define NR_BUCKETS 64

struct futex_key {
	const void *object; /* mm or inode; only compared */
	uint64_t offset;
};

struct futex_waiter {
	struct list_node link; /* futex_lock; points at itself once woken */
	struct futex_key key;
	uint32_t bits;
	struct task *task;
	bool woken; /* futex_lock */
};

/* Few words are waited for at a time; every bucket is under the one lock. */
static struct spinlock futex_lock = SPINLOCK_INIT;
static struct list_node buckets[NR_BUCKETS];

static struct list_node *bucket_of(const struct futex_key *key)
{
	struct list_node *bucket;

	bucket = &buckets[((uint64_t)key->object / sizeof(void *) +
			   key->offset / sizeof(uint32_t)) % NR_BUCKETS];
	if (!bucket->next)
		list_init(bucket);
	return bucket;
}

static bool same_key(const struct futex_key *a, const struct futex_key *b)
{
	return a->object == b->object && a->offset == b->offset;
}

/* A word that nobody else can map needs no look at the VMAs. */
static int get_key(vaddr_t addr, bool private, struct futex_key *key)
{
	struct mm_struct *mm = current->mm;
	const struct vma *vma;

	if (addr % sizeof(uint32_t))
		return -EINVAL;
	if (!user_range_ok(addr, sizeof(uint32_t)))
		return -EFAULT;
	*key = (struct futex_key){ mm, addr };
	if (private)
		return 0;
	mutex_lock(&mm->lock);
	vma = vma_find(&mm->vmas, addr);
	if (vma && vma->start <= addr && vma->file && vma->flags & VM_SHARED)
		*key = (struct futex_key){
			vma->file->inode,
			(vma->file_page << PAGE_SHIFT) + addr - vma->start,
		};
	mutex_unlock(&mm->lock);
	return 0;
}

/* ---- waiting ---- */

static void enqueue(struct futex_waiter *waiter)
{
	unsigned long irq = spin_lock_irqsave(&futex_lock);

	list_push_back(bucket_of(&waiter->key), &waiter->link);
	spin_unlock_irqrestore(&futex_lock, irq);
}

/* Whether the waiter had been woken by the time it left. */
static bool dequeue(struct futex_waiter *waiter)
{
	unsigned long irq = spin_lock_irqsave(&futex_lock);
	bool woken = waiter->woken;

	list_remove(&waiter->link);
	spin_unlock_irqrestore(&futex_lock, irq);
	return woken;
}

/* Sleep until woken; -ETIMEDOUT, or -ERESTARTSYS for a signal. */
static int sleep_until_woken(const struct futex_waiter *waiter,
			     uint64_t deadline_ns)
{
	int err = 0;

	while (!err && !__atomic_load_n(&waiter->woken, __ATOMIC_ACQUIRE)) {
		current->state = TASK_SLEEPING;
		sched_timer_start(deadline_ns);
		if (ktime_ns() >= deadline_ns)
			err = -ETIMEDOUT;
		else if (signal_pending())
			err = -ERESTARTSYS;
		else if (!__atomic_load_n(&waiter->woken, __ATOMIC_ACQUIRE))
			schedule();
		current->state = TASK_RUNNING;
		sched_timer_stop();
	}
	return err;
}

int futex_wait(vaddr_t addr, bool private, uint32_t value, uint32_t bits,
	       uint64_t deadline_ns)
{
	struct futex_waiter waiter = { .bits = bits, .task = current };
	uint32_t now;
	int err;

	if (!bits)
		return -EINVAL;
	err = get_key(addr, private, &waiter.key);
	if (err)
		return err;
	enqueue(&waiter);
	err = copy_from_user(&now, addr, sizeof(now));
	if (!err && now != value)
		err = -EAGAIN;
	if (!err)
		err = sleep_until_woken(&waiter, deadline_ns);
	return dequeue(&waiter) ? 0 : err;
}

/* ---- waking ---- */

static void wake_locked(struct futex_waiter *waiter)
{
	list_remove(&waiter->link);
	/* It stays valid until dequeue() has had the lock. */
	__atomic_store_n(&waiter->woken, true, __ATOMIC_RELEASE);
	sched_wake_from(waiter->task, TASK_SLEEPING);
}

int futex_wake(vaddr_t addr, bool private, int nr, uint32_t bits)
{
	struct futex_waiter *waiter, *next;
	struct futex_key key;
	unsigned long irq;
	int woken = 0, err;

	if (!bits)
		return -EINVAL;
	err = get_key(addr, private, &key);
	if (err)
		return err;
	irq = spin_lock_irqsave(&futex_lock);
	list_for_each_safe(waiter, next, bucket_of(&key), link) {
		if (!same_key(&waiter->key, &key) || !(waiter->bits & bits))
			continue;
		wake_locked(waiter);
		if (++woken >= nr)
			break;
	}
	spin_unlock_irqrestore(&futex_lock, irq);
	return woken;
}
