/*
 * Where a program's parts go, and how much of that is left to chance.
 *
 *	USER_END       ->  ....  up to 16 GiB
 *	stack_end      ->  stack, room for it to grow
 *	mmap_base      ->  ....  up to 1 TiB higher or lower; mappings grow down
 *	start_brk      ->  heap; up to 32 MiB above the program
 *	base           ->  a position-independent program; up to 1 TiB
 *
 * An attacker who must guess addresses crashes the program instead. The amounts
 * are Linux's, the default is not: here two runs of a program show the same
 * addresses until somebody writes 2 to /proc/sys/kernel/randomize_va_space,
 * because a reader compares them.
 */
#include <uapi/prctl.h>
#include <uapi/resource.h>

#include "exec.h"
#include "mm.h"
#include "random.h"
#include "task.h"

int randomize_va_space = RANDOMIZE_NOTHING;

/* Room below the stack for its growth: its limit, but at least this. */
#define MMAP_GAP_MIN_BYTES (128UL << 20)
#define MMAP_GAP_MAX_BYTES (USER_END / 6 * 5)

#define STACK_RANDOM_PAGES (1UL << 22)
#define MMAP_RANDOM_PAGES (1UL << 28)
#define BRK_RANDOM_PAGES (32UL << 20 >> PAGE_SHIFT)

static bool is_random(enum randomize_mode mode)
{
	return randomize_va_space >= (int)mode &&
	       !(current->personality & ADDR_NO_RANDOMIZE);
}

/* A number of bytes below @pages pages, page aligned; 0 if nothing is random. */
static uint64_t random_offset(enum randomize_mode mode, uint64_t pages)
{
	uint64_t random;

	if (!is_random(mode))
		return 0;
	random_bytes(&random, sizeof(random));
	return random % pages << PAGE_SHIFT;
}

/* mmap(2) searches downwards from here. */
static vaddr_t choose_mmap_base(void)
{
	uint64_t gap = task_rlimit(RLIMIT_STACK);
	uint64_t pad = STACK_GUARD_GAP_BYTES;

	if (is_random(RANDOMIZE_ALL_BUT_BRK))
		pad += STACK_RANDOM_PAGES << PAGE_SHIFT;
	if (gap < MMAP_GAP_MAX_BYTES)
		gap += pad;
	if (gap < MMAP_GAP_MIN_BYTES)
		gap = MMAP_GAP_MIN_BYTES;
	if (gap > MMAP_GAP_MAX_BYTES)
		gap = MMAP_GAP_MAX_BYTES;
	return page_align_up(USER_END - gap) -
	       random_offset(RANDOMIZE_ALL_BUT_BRK, MMAP_RANDOM_PAGES);
}

void exec_choose_layout(struct exec *exec)
{
	exec->stack_end = USER_END - random_offset(RANDOMIZE_ALL_BUT_BRK,
						   STACK_RANDOM_PAGES);
	exec->mmap_base = choose_mmap_base();
	exec->base = 0;
	if (exec->image.position_independent)
		exec->base = ELF_PIE_BASE + random_offset(RANDOMIZE_ALL_BUT_BRK,
							  MMAP_RANDOM_PAGES);
	exec->start_brk = exec->base + exec->image.high +
			  random_offset(RANDOMIZE_ALL, BRK_RANDOM_PAGES);
}
