/*
 * The futex system call: which operation, and until when.
 */
#include <uapi/errno.h>
#include <uapi/futex.h>

#include "futex.h"
#include "signal.h"
#include "syscall.h"
#include "task.h"
#include "timer.h"
#include "uaccess.h"
#include "user_time.h"

/* FUTEX_WAIT is given a length of time, FUTEX_WAIT_BITSET a point in it. */
static int get_deadline(int op, vaddr_t user, uint64_t *deadline_ns)
{
	uint64_t ns, now;
	int err;

	*deadline_ns = UINT64_MAX;
	if (!user)
		return 0;
	err = ns_from_user(user, &ns);
	if (err)
		return err;
	if ((op & FUTEX_CMD_MASK) == FUTEX_WAIT) {
		*deadline_ns = add_saturating(ktime_ns(), ns);
	} else if (op & FUTEX_CLOCK_REALTIME) {
		now = ktime_real_ns();
		*deadline_ns = add_saturating(ktime_ns(),
					      ns > now ? ns - now : 0);
	} else {
		*deadline_ns = ns;
	}
	return 0;
}

/* A wait for a length of time would begin anew with all of it: it fails. */
static long wait(vaddr_t addr, int op, uint32_t value, vaddr_t timeout,
		 uint32_t bits)
{
	uint64_t deadline;
	int err = get_deadline(op, timeout, &deadline);

	if (!err)
		err = futex_wait(addr, op & FUTEX_PRIVATE_FLAG, value, bits,
				 deadline);
	if (err == -ERESTARTSYS && timeout &&
	    (op & FUTEX_CMD_MASK) == FUTEX_WAIT)
		return -EINTR;
	return err;
}

long sys_futex(vaddr_t addr, int op, uint32_t value, vaddr_t timeout,
	       vaddr_t addr2, uint32_t bits)
{
	bool private = op & FUTEX_PRIVATE_FLAG;
	int nr2 = (int)timeout; /* of operations that do not wait */

	switch (op & FUTEX_CMD_MASK) {
	case FUTEX_WAIT:
		bits = FUTEX_BITSET_MATCH_ANY;
		/* fall through */
	case FUTEX_WAIT_BITSET:
		return wait(addr, op, value, timeout, bits);
	case FUTEX_WAKE:
		bits = FUTEX_BITSET_MATCH_ANY;
		/* fall through */
	case FUTEX_WAKE_BITSET:
		return futex_wake(addr, private, (int)value, bits);
	case FUTEX_REQUEUE:
		return futex_requeue(addr, addr2, private, (int)value, nr2,
				     NULL);
	case FUTEX_CMP_REQUEUE:
		return futex_requeue(addr, addr2, private, (int)value, nr2,
				     &bits);
	case FUTEX_WAKE_OP:
		return futex_wake_op(addr, addr2, private, (int)value, nr2,
				     bits);
	default:
		return -ENOSYS;
	}
}

/* Where a thread's locks are listed that must not outlive it. */
long sys_set_robust_list(vaddr_t head, size_t bytes)
{
	if (bytes != sizeof(struct robust_list_head))
		return -EINVAL;
	current->robust_list = head;
	return 0;
}

long sys_get_robust_list(pid_t tid, vaddr_t user_head, vaddr_t user_bytes)
{
	size_t bytes = sizeof(struct robust_list_head);
	struct task *task;
	vaddr_t head = 0;
	int err;

	mutex_lock(&tasklist_lock);
	task = tid ? task_find_locked(tid) : current;
	if (task)
		head = task->robust_list;
	mutex_unlock(&tasklist_lock);
	if (!task)
		return -ESRCH;
	err = copy_to_user(user_bytes, &bytes, sizeof(bytes));
	return err ? err : copy_to_user(user_head, &head, sizeof(head));
}
