/*
 * Overcommit: the sum of all promises, and which new ones are given. See
 * overcommit.h.
 */
#include "overcommit.h"

#include "arch.h"
#include "ledger.h"
#include "swap.h"

/* Linux's default of vm.user_reserve_kbytes. */
#define USER_RESERVE_PAGES (128UL << 20 >> PAGE_SHIFT)

int overcommit_memory = OVERCOMMIT_ALWAYS;
int overcommit_ratio = 50;

int64_t overcommit_committed;

uint64_t overcommit_limit(void)
{
	return ledger.total * (uint64_t)overcommit_ratio / 100 +
	       swap_total_pages();
}

/*
 * Mode 2. One process must not take the last page: a thirty-second part of its
 * size stays for others, so that somebody can log in and end it.
 */
static bool within_limit(uint64_t pages, uint64_t mm_pages)
{
	uint64_t limit = overcommit_limit();
	uint64_t reserve = mm_pages / 32;
	uint64_t committed = (uint64_t)overcommit_committed;

	if (reserve > USER_RESERVE_PAGES)
		reserve = USER_RESERVE_PAGES;
	limit = limit > reserve ? limit - reserve : 0;
	return pages <= limit && committed <= limit - pages;
}

bool overcommit_check(uint64_t pages, uint64_t mm_pages)
{
	if (overcommit_memory == OVERCOMMIT_NEVER)
		return within_limit(pages, mm_pages);
	return pages <= ledger.total + swap_total_pages();
}
