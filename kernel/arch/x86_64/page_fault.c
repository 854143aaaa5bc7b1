/*
 * #PF: read CR2 and the error code, let mm_fault() decide, and act on its
 * answer. See kernel/mm/fault.c for what a fault means.
 *
 *	from user mode     0: retry, else a signal
 *	from uaccess       0: retry, else continue at the fixup: -EFAULT
 *	from elsewhere     the kernel's own mistake: panic
 */
#include "page_fault.h"

#include <uapi/errno.h>
#include <uapi/signal.h>

#include "arch.h"
#include "mm.h"
#include "oom.h"
#include "panic.h"
#include "reclaim.h"
#include "signal.h"
#include "task.h"
#include "trap.h"
#include "trap_log.h"

/* The error code of #PF. */
#define PF_PROTECTION 0x01 /* the page is there; else it is not */
#define PF_WRITE 0x02
#define PF_USER 0x04
#define PF_RESERVED 0x08 /* a reserved bit is set in a table */
#define PF_EXEC 0x10

/* How often a copy waits for others to die before it fails itself. */
#define OOM_RETRIES_MAX 1000

/* usercopy.asm: if @insn faults for good, go on at @fixup. */
struct ex_entry {
	uint64_t insn, fixup;
};

extern const struct ex_entry ex_table_start[], ex_table_end[]; /* linker.ld */

static uint64_t find_fixup(uint64_t rip)
{
	const struct ex_entry *entry = ex_table_start;

	for (; entry < ex_table_end; entry++)
		if (entry->insn == rip)
			return entry->fixup;
	return 0;
}

static unsigned int access_of(uint64_t error)
{
	if (error & PF_WRITE)
		return ACCESS_WRITE;
	if (error & PF_EXEC)
		return ACCESS_EXEC;
	return ACCESS_READ;
}

/* What mm_fault() answered, as a signal. */
static void signal_fault(struct trap_frame *frame, vaddr_t addr, int err)
{
	uint64_t error = frame->error;

	if (err == -ENOMEM) { /* then the instruction is tried again */
		if (!oom_wait_for_victim() && !reclaim_frames())
			oom_kill();
		return;
	}
	/* As Linux does: what the kernel has mapped there is its secret. */
	if (addr >= USER_END)
		error |= PF_PROTECTION;
	current->trap = (struct trap_info){ VEC_PAGE_FAULT, error, addr };
	if (err == -ENXIO || err == -EIO) {
		force_signal(SIGBUS, BUS_ADRERR, addr);
		return;
	}
	if (!signal_is_handled(SIGSEGV))
		trap_log_segfault(frame, addr, error);
	force_signal(SIGSEGV, err == -EACCES ? SEGV_ACCERR : SEGV_MAPERR, addr);
}

static void user_fault(struct trap_frame *frame, vaddr_t addr)
{
	int err = -EFAULT;

	if (likely(addr < USER_END))
		err = mm_fault(current->mm, addr, access_of(frame->error));
	if (unlikely(err))
		signal_fault(frame, addr, err);
	else if (unlikely(memory_is_low()))
		reclaim_ahead();
}

/*
 * There was no frame for a copy to or from user memory. True: try again. A lock of
 * rank 0 may be held, and whoever is killed for us may be waiting for that very
 * lock: so it is not tried for ever.
 */
static bool wait_for_frame(void)
{
	if (current->nr_oom_retries < OOM_RETRIES_MAX &&
	    oom_wait_for_victim()) {
		current->nr_oom_retries++;
		return true;
	}
	if (reclaim_frames())
		return true;
	if (signal_fatal_pending() ||
	    ++current->nr_oom_retries > OOM_RETRIES_MAX)
		return false;
	oom_kill();
	return true;
}

static void kernel_fault(struct trap_frame *frame, vaddr_t addr)
{
	uint64_t fixup = find_fixup(frame->rip);
	int err;

	if (!fixup || addr >= USER_END || !current->mm)
		panic_trap(frame, "page fault in the kernel: %s at %lx",
			   frame->error & PF_EXEC ? "execution"
			   : frame->error & PF_WRITE ? "write" : "read", addr);
	err = mm_fault(current->mm, addr, access_of(frame->error));
	if (!err) {
		current->nr_oom_retries = 0;
		if (unlikely(memory_is_low()))
			reclaim_ahead();
		return;
	}
	if (err == -ENOMEM && wait_for_frame())
		return; /* the instruction is tried again */
	if (err == -ENOMEM)
		signal_send(current, SIGKILL);
	frame->rip = fixup;
}

void trap_page_fault(struct trap_frame *frame)
{
	vaddr_t addr = read_cr2(); /* before another fault can change it */

	if (frame->error & PF_RESERVED)
		panic_trap(frame, "corrupt page table: fault at %lx", addr);
	if (trap_from_user(frame)) {
		irq_enable();
		user_fault(frame, addr);
	} else {
		irq_restore(frame->rflags); /* as they were for the copy */
		kernel_fault(frame, addr);
	}
	irq_disable();
}
