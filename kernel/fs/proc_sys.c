/*
 * /proc/sys: the settings that exist.
 *
 * One that can be written has an effect. A line of a table is all it takes: the
 * variable and its range, or the functions that read and change it.
 */
#include <uapi/errno.h>

#include "arch.h"
#include "drop_caches.h"
#include "evict.h"
#include "exec.h"
#include "inode.h"
#include "ledger.h"
#include "mm.h"
#include "overcommit.h"
#include "proc_node.h"
#include "reclaim.h"
#include "swap.h"
#include "system_name.h"
#include "task.h"

#define KIB_PER_PAGE (PAGE_SIZE / 1024)

/* A variable of type int, written at any time. */
#define VARIABLE(name_, value_, min_, max_)               \
	{ .name = (name_), .mode = S_IFREG | 0644,        \
	  .setting = &(const struct proc_setting){        \
		  .value = (value_), .min = (min_), .max = (max_) } }

#define SETTING(name_, get_, set_, min_, max_)            \
	{ .name = (name_), .mode = S_IFREG | 0644,        \
	  .setting = &(const struct proc_setting){        \
		  .get = (get_), .set = (set_), .min = (min_), .max = (max_) } }

#define READ_ONLY(name_, get_)                     \
	{ .name = (name_), .mode = S_IFREG | 0444, \
	  .setting = &(const struct proc_setting){ .get = (get_) } }

/* ---- vm ---- */

static uint64_t last_drop; /* what was written to drop_caches last */

static uint64_t get_drop_caches(void)
{
	return last_drop;
}

static int set_drop_caches(uint64_t what)
{
	last_drop = what;
	drop_caches((unsigned int)what);
	return 0;
}

static uint64_t get_min_free(void)
{
	return min_free_frames * KIB_PER_PAGE;
}

/* Linux lets a machine be ruined with this; more than a quarter is refused. */
static int set_min_free(uint64_t kib)
{
	uint64_t frames = kib / KIB_PER_PAGE;

	if (frames > ledger.total / 4)
		return -EINVAL;
	min_free_frames = frames;
	return 0;
}

static uint64_t get_mmap_min_addr(void)
{
	return MMAP_MIN_ADDR;
}

static const struct proc_entry vm_entries[] = {
	SETTING("drop_caches", get_drop_caches, set_drop_caches, DROP_PAGES,
		DROP_PAGES | DROP_INODES),
	VARIABLE("max_map_count", &max_map_count, 0, INT32_MAX),
	SETTING("min_free_kbytes", get_min_free, set_min_free, 0, INT32_MAX),
	READ_ONLY("mmap_min_addr", get_mmap_min_addr),
	VARIABLE("overcommit_memory", &overcommit_memory, OVERCOMMIT_GUESS,
		 OVERCOMMIT_NEVER),
	VARIABLE("overcommit_ratio", &overcommit_ratio, 0, INT32_MAX),
	VARIABLE("page-cluster", &swap_cluster_shift, 0,
		 SWAP_CLUSTER_MAX_SHIFT),
	VARIABLE("swappiness", &swappiness, 0, 200),
};

/* ---- kernel ---- */

static void format_osrelease(struct proc_text *text, struct task *task)
{
	(void)task;
	proc_printf(text, "%s\n", system_name.release);
}

static void format_ostype(struct proc_text *text, struct task *task)
{
	(void)task;
	proc_printf(text, "%s\n", system_name.sysname);
}

static void format_hostname(struct proc_text *text, struct task *task)
{
	(void)task;
	proc_printf(text, "%s\n", system_name.nodename);
}

/* Kernel stacks have a place for each pid, so the number is fixed. */
static uint64_t get_pid_max(void)
{
	return PID_MAX;
}

static const struct proc_entry kernel_entries[] = {
	PROC_FILE("hostname", format_hostname),
	PROC_FILE("osrelease", format_osrelease),
	PROC_FILE("ostype", format_ostype),
	READ_ONLY("pid_max", get_pid_max),
	VARIABLE("randomize_va_space", &randomize_va_space, RANDOMIZE_NOTHING,
		 RANDOMIZE_ALL),
};

/* ---- the directories ---- */

static const struct proc_dir vm_dir = {
	.entries = vm_entries,
	.nr = ARRAY_SIZE(vm_entries),
};

static const struct proc_dir kernel_dir = {
	.entries = kernel_entries,
	.nr = ARRAY_SIZE(kernel_entries),
};

static const struct proc_entry sys_entries[] = {
	PROC_DIR("kernel", &kernel_dir),
	PROC_DIR("vm", &vm_dir),
};

const struct proc_dir proc_sys_dir = {
	.entries = sys_entries,
	.nr = ARRAY_SIZE(sys_entries),
};
