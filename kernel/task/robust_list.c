/*
 * Robust locks: what a thread held when it died.
 *
 * A lock of this kind is a futex word with the owner's tid, in a list that the
 * thread keeps in its own memory. The kernel walks it once, at the end, and it
 * believes nothing that it reads there: a wrong pointer ends the walk.
 *
 *	head --> entry --> entry --> head       word = entry + futex_offset
 *	pending: the lock that was being taken or given back just then
 */
#include <uapi/errno.h>
#include <uapi/futex.h>

#include "frame.h"
#include "futex.h"
#include "mm.h"
#include "remote.h"
#include "task.h"
#include "uaccess.h"

#define ENTRIES_MAX 2048 /* a list that leads in a circle ends, too */
#define ENTRY_PI 1UL     /* the low bit of a pointer: priority inheritance */

/* Mark the word at @addr, if it is ours: *@old is what it was. */
static int mark_word(vaddr_t addr, uint32_t *old)
{
	struct frame *frame;
	uint32_t *word, dead;
	int err;

	if (addr % sizeof(uint32_t))
		return -EFAULT;
	err = remote_get_frame(current->mm, addr, ACCESS_WRITE, &frame);
	if (err)
		return err;
	word = (uint32_t *)((char *)frame_to_virt(frame) + addr % PAGE_SIZE);
	*old = __atomic_load_n(word, __ATOMIC_RELAXED);
	do {
		if ((*old & FUTEX_TID_MASK) != (uint32_t)current->pid)
			break;
		dead = (*old & FUTEX_WAITERS) | FUTEX_OWNER_DIED;
	} while (!__atomic_compare_exchange_n(word, old, dead, false,
					      __ATOMIC_SEQ_CST,
					      __ATOMIC_RELAXED));
	frame_put(frame);
	return 0;
}

/*
 * A lock that was being given back is free already, but nobody may have been
 * woken yet.
 */
static int give_up(vaddr_t entry, long offset, bool pending)
{
	vaddr_t word = (entry & ~ENTRY_PI) + (vaddr_t)offset;
	uint32_t old;
	bool mine;
	int err = mark_word(word, &old);

	if (err)
		return err;
	mine = (old & FUTEX_TID_MASK) == (uint32_t)current->pid;
	if (!(entry & ENTRY_PI) &&
	    ((mine && old & FUTEX_WAITERS) || (pending && !old)))
		futex_wake(word, false, 1, FUTEX_BITSET_MATCH_ANY);
	return 0;
}

static int read_pointer(vaddr_t addr, vaddr_t *pointer)
{
	return copy_from_user(pointer, addr & ~ENTRY_PI, sizeof(*pointer));
}

void robust_list_exit(void)
{
	struct robust_list_head head;
	vaddr_t start = current->robust_list, entry, pending;

	current->robust_list = 0;
	if (!start || copy_from_user(&head, start, sizeof(head)))
		return;
	entry = (vaddr_t)head.list.next;
	pending = (vaddr_t)head.list_op_pending;
	for (int i = 0; i < ENTRIES_MAX && (entry & ~ENTRY_PI) != start; i++) {
		vaddr_t next;
		int err = read_pointer(entry, &next);

		/* Once it is given up, the entry may be gone. */
		if (entry != pending &&
		    give_up(entry, head.futex_offset, false))
			return;
		if (err)
			return;
		entry = next;
	}
	if (pending)
		give_up(pending, head.futex_offset, true);
}
