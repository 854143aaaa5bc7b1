/*
 * /proc/meminfo, vmstat and buddyinfo: the ledger in Linux's words.
 */
#include "proc_memory.h"

#include "frame.h"
#include "large_page.h"
#include "ledger.h"
#include "mm.h"
#include "oom.h"
#include "overcommit.h"
#include "page_cache.h"
#include "printk.h"
#include "proc_text.h"
#include "swap.h"
#include "vma_usage.h"

static void meminfo_line(struct proc_text *text, const char *label,
			 uint64_t frames)
{
	int pad = 16 - snprintf(NULL, 0, "%s:", label);

	proc_printf(text, "%s:%*s%8lu kB\n", label, pad, "",
		    frames * (PAGE_SIZE / 1024));
}

/*
 * Files of tmpfs are Cached and Shmem at once, as Linux counts them, and cannot
 * be given up. What is cached of a disk can: it is available too. What Linux
 * calls vmalloc is here the window of the kernel stacks. There are no Active and
 * Inactive lists: one clock goes around all that is cached.
 */
void proc_format_meminfo(struct proc_text *text, struct task *task)
{
	const uint64_t *frames = ledger.frames;

	(void)task;
	meminfo_line(text, "MemTotal", ledger.total);
	meminfo_line(text, "MemFree", frames[FRAME_FREE]);
	meminfo_line(text, "MemAvailable",
		     frames[FRAME_FREE] + frames[FRAME_CACHE]);
	meminfo_line(text, "Buffers", 0);
	meminfo_line(text, "Cached", frames[FRAME_FILE] + frames[FRAME_CACHE]);
	meminfo_line(text, "SwapCached", frames[FRAME_SWAP]);
	meminfo_line(text, "SwapTotal", swap_total_pages());
	meminfo_line(text, "SwapFree", swap_free_pages());
	meminfo_line(text, "Dirty", 0);
	meminfo_line(text, "Writeback", 0);
	meminfo_line(text, "AnonPages",
		     frames[FRAME_ANON] + frames[FRAME_SWAP]);
	meminfo_line(text, "Mapped", mapped_file_frames());
	meminfo_line(text, "Shmem", frames[FRAME_FILE]);
	meminfo_line(text, "Slab", frames[FRAME_KHEAP]);
	meminfo_line(text, "KernelStack", frames[FRAME_KSTACK]);
	meminfo_line(text, "PageTables", frames[FRAME_PGTABLE]);
	meminfo_line(text, "CommitLimit", overcommit_limit());
	meminfo_line(text, "Committed_AS", (uint64_t)overcommit_committed);
	meminfo_line(text, "VmallocTotal",
		     (KHEAP_BASE - KSTACK_BASE) >> PAGE_SHIFT);
	meminfo_line(text, "VmallocUsed", frames[FRAME_KSTACK]);
	meminfo_line(text, "AnonHugePages",
		     large_page_stats.nr_blocks * LARGE_PAGE_FRAMES);
}

static void put_thp_events(struct proc_text *text)
{
	const struct large_page_stats *stats = &large_page_stats;

	proc_printf(text, "thp_fault_alloc %lu\n", stats->fault_alloc);
	proc_printf(text, "thp_fault_fallback %lu\n", stats->fault_fallback);
	proc_printf(text, "thp_split_page %lu\n", stats->split_page);
	proc_printf(text, "thp_split_pmd %lu\n", stats->split_pmd);
	proc_printf(text, "thp_zero_page_alloc %lu\n",
		    stats->zero_page_alloc);
	proc_printf(text, "thp_zero_page_alloc_failed %lu\n",
		    stats->zero_page_alloc_failed);
}

void proc_format_vmstat(struct proc_text *text, struct task *task)
{
	const uint64_t *frames = ledger.frames;

	(void)task;
	proc_printf(text, "nr_free_pages %lu\n", frames[FRAME_FREE]);
	proc_printf(text, "nr_anon_pages %lu\n",
		    frames[FRAME_ANON] + frames[FRAME_SWAP]);
	proc_printf(text, "nr_mapped %lu\n", mapped_file_frames());
	proc_printf(text, "nr_file_pages %lu\n",
		    frames[FRAME_FILE] + frames[FRAME_CACHE]);
	proc_printf(text, "nr_shmem %lu\n", frames[FRAME_FILE]);
	proc_printf(text, "nr_page_table_pages %lu\n", frames[FRAME_PGTABLE]);
	proc_printf(text, "nr_anon_transparent_hugepages %lu\n",
		    large_page_stats.nr_blocks);
	/* KiB, unlike the others, and with what was swapped. */
	proc_printf(text, "pgpgin %lu\n",
		    (page_cache_nr_read() + swap_nr_in()) * (PAGE_SIZE / 1024));
	proc_printf(text, "pgpgout %lu\n",
		    swap_nr_out() * (PAGE_SIZE / 1024));
	proc_printf(text, "pswpin %lu\n", swap_nr_in());
	proc_printf(text, "pswpout %lu\n", swap_nr_out());
	proc_printf(text, "pgfault %lu\n",
		    fault_stats.minor + fault_stats.major);
	proc_printf(text, "pgmajfault %lu\n", fault_stats.major);
	proc_printf(text, "oom_kill %lu\n", oom_kills);
	put_thp_events(text);
}

/* All RAM is one zone: no device here needs memory below some address. */
void proc_format_buddyinfo(struct proc_text *text, struct task *task)
{
	uint64_t counts[NR_ORDERS];

	(void)task;
	frame_count_free(counts);
	proc_printf(text, "Node %d, zone %8s ", 0, "Normal");
	for (unsigned int order = 0; order < NR_ORDERS; order++)
		proc_printf(text, "%6lu ", counts[order]);
	proc_append(text, "\n", 1);
}
