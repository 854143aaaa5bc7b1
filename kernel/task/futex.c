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
#include "frame.h"
#include "mm.h"
#include "remote.h"
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
static struct spinlock futex_lock = SPINLOCK_INIT(RANK_TIMER);
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
	int err = 0;

	if (addr % sizeof(uint32_t))
		return -EINVAL;
	if (!user_range_ok(addr, sizeof(uint32_t)))
		return -EFAULT;
	*key = (struct futex_key){ mm, addr };
	if (private)
		return 0;
	mutex_lock(&mm->lock);
	vma = vma_find(&mm->vmas, addr);
	if (!vma || vma->start > addr)
		err = -EFAULT;
	else if (vma->file && vma->flags & VM_SHARED)
		*key = (struct futex_key){
			vma->file->inode,
			(vma->file_page << PAGE_SHIFT) + addr - vma->start,
		};
	mutex_unlock(&mm->lock);
	return err;
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

/* Wake up to @nr who wait for @key with one of @bits; how many. */
static int wake_some_locked(const struct futex_key *key, int nr, uint32_t bits)
{
	struct futex_waiter *waiter, *next;
	int woken = 0;

	list_for_each_safe(waiter, next, bucket_of(key), link) {
		if (!same_key(&waiter->key, key) || !(waiter->bits & bits))
			continue;
		wake_locked(waiter);
		if (++woken >= nr)
			break;
	}
	return woken;
}

int futex_wake(vaddr_t addr, bool private, int nr, uint32_t bits)
{
	struct futex_key key;
	unsigned long irq;
	int woken, err;

	if (!bits)
		return -EINVAL;
	err = get_key(addr, private, &key);
	if (err)
		return err;
	irq = spin_lock_irqsave(&futex_lock);
	woken = wake_some_locked(&key, nr, bits);
	spin_unlock_irqrestore(&futex_lock, irq);
	return woken;
}

/* ---- two words at once ---- */

struct key_pair {
	struct futex_key first, second;
};

static int get_keys(vaddr_t first, vaddr_t second, bool private,
		    struct key_pair *keys)
{
	int err = get_key(first, private, &keys->first);

	return err ? err : get_key(second, private, &keys->second);
}

/* Up to @nr who wait for the first word wait for the second one from now on. */
static int requeue_locked(const struct key_pair *keys, int nr)
{
	struct futex_waiter *waiter, *next;
	int moved = 0;

	list_for_each_safe(waiter, next, bucket_of(&keys->first), link) {
		if (moved >= nr)
			break;
		if (!same_key(&waiter->key, &keys->first))
			continue;
		list_remove(&waiter->link);
		waiter->key = keys->second;
		list_push_back(bucket_of(&waiter->key), &waiter->link);
		moved++;
	}
	return moved;
}

/* To wake none is 0, other than for FUTEX_WAKE, which wakes one at least. */
static int wake_or_none_locked(const struct futex_key *key, int nr)
{
	return nr ? wake_some_locked(key, nr, FUTEX_BITSET_MATCH_ANY) : 0;
}

int futex_requeue(vaddr_t from, vaddr_t to, bool private, int nr_wake,
		  int nr_requeue, const uint32_t *value)
{
	struct key_pair keys;
	unsigned long irq;
	uint32_t now;
	int err, done;

	if (nr_wake < 0 || nr_requeue < 0)
		return -EINVAL;
	err = get_keys(from, to, private, &keys);
	if (!err && value)
		err = copy_from_user(&now, from, sizeof(now));
	if (err)
		return err;
	/* Nobody has run since the word was read: the CPU is one, and ours. */
	if (value && now != *value)
		return -EAGAIN;
	irq = spin_lock_irqsave(&futex_lock);
	done = wake_or_none_locked(&keys.first, nr_wake);
	done += same_key(&keys.first, &keys.second)
			? 0
			: requeue_locked(&keys, nr_requeue);
	spin_unlock_irqrestore(&futex_lock, irq);
	return done;
}

/* ---- FUTEX_WAKE_OP ---- */

/* A field of the operation word, signed as it is there. */
static int32_t op_field(uint32_t op, unsigned int shift)
{
	return (int32_t)(op << (20 - shift)) >> 20;
}

static bool apply(uint32_t op, uint32_t old, uint32_t *new)
{
	uint32_t arg = (uint32_t)op_field(op, 12);

	if (op >> 28 & FUTEX_OP_ARG_SHIFT)
		arg = 1u << (arg & 31);
	switch (op >> 28 & 7) {
	case FUTEX_OP_SET:
		*new = arg;
		return true;
	case FUTEX_OP_ADD:
		*new = old + arg;
		return true;
	case FUTEX_OP_OR:
		*new = old | arg;
		return true;
	case FUTEX_OP_ANDN:
		*new = old & ~arg;
		return true;
	case FUTEX_OP_XOR:
		*new = old ^ arg;
		return true;
	default:
		return false;
	}
}

/* 1: @old compares as @op asks, 0: it does not, -ENOSYS: no such comparison. */
static int compares(uint32_t op, int32_t old)
{
	int32_t arg = op_field(op, 0);

	switch (op >> 24 & 15) {
	case FUTEX_OP_CMP_EQ:
		return old == arg;
	case FUTEX_OP_CMP_NE:
		return old != arg;
	case FUTEX_OP_CMP_LT:
		return old < arg;
	case FUTEX_OP_CMP_LE:
		return old <= arg;
	case FUTEX_OP_CMP_GT:
		return old > arg;
	case FUTEX_OP_CMP_GE:
		return old >= arg;
	default:
		return -ENOSYS;
	}
}

/* Change the user's word at @addr in one step; *@old is what it was. */
static int change_word(vaddr_t addr, uint32_t op, uint32_t *old)
{
	struct frame *frame;
	uint32_t *word, new;
	int err = remote_get_frame(current->mm, addr, ACCESS_WRITE, &frame);

	if (err)
		return err;
	word = (uint32_t *)((char *)frame_to_virt(frame) + addr % PAGE_SIZE);
	*old = __atomic_load_n(word, __ATOMIC_RELAXED);
	do {
		if (!apply(op, *old, &new))
			err = -ENOSYS;
	} while (!err && !__atomic_compare_exchange_n(word, old, new, false,
						      __ATOMIC_SEQ_CST,
						      __ATOMIC_RELAXED));
	frame_put(frame);
	return err;
}

int futex_wake_op(vaddr_t addr, vaddr_t addr2, bool private, int nr, int nr2,
		  uint32_t op)
{
	struct key_pair keys;
	unsigned long irq;
	uint32_t old;
	int err = get_keys(addr, addr2, private, &keys), woken;

	if (!err)
		err = change_word(addr2, op, &old);
	if (!err)
		err = compares(op, (int32_t)old);
	if (err < 0)
		return err;
	irq = spin_lock_irqsave(&futex_lock);
	woken = wake_some_locked(&keys.first, nr, FUTEX_BITSET_MATCH_ANY);
	if (err)
		woken += wake_some_locked(&keys.second, nr2,
					  FUTEX_BITSET_MATCH_ANY);
	spin_unlock_irqrestore(&futex_lock, irq);
	return woken;
}
