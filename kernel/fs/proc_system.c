/*
 * /proc itself: the machine's files.
 */
#include <uapi/errno.h>

#include "arch.h"
#include "dentry.h"
#include "drop_caches.h"
#include "frame.h"
#include "inode.h"
#include "kmalloc.h"
#include "ledger.h"
#include "mm.h"
#include "page_cache.h"
#include "printk.h"
#include "proc_node.h"
#include "reclaim.h"
#include "string.h"
#include "system_name.h"
#include "task.h"
#include "timer.h"
#include "vfs.h"

/* ---- memory ---- */

static void meminfo_line(struct proc_text *text, const char *label,
			 uint64_t frames)
{
	int pad = 16 - snprintf(NULL, 0, "%s:", label);

	proc_printf(text, "%s:%*s%8lu kB\n", label, pad, "",
		    frames * (PAGE_SIZE / 1024));
}

/*
 * Files of tmpfs are Cached and Shmem at once, as Linux counts them, and cannot
 * be given up. What is cached of a disk can: it is available too.
 */
static void format_meminfo(struct proc_text *text, struct task *task)
{
	const uint64_t *frames = ledger.frames;

	(void)task;
	meminfo_line(text, "MemTotal", ledger.total);
	meminfo_line(text, "MemFree", frames[FRAME_FREE]);
	meminfo_line(text, "MemAvailable",
		     frames[FRAME_FREE] + frames[FRAME_CACHE]);
	meminfo_line(text, "Buffers", 0);
	meminfo_line(text, "Cached", frames[FRAME_FILE] + frames[FRAME_CACHE]);
	meminfo_line(text, "SwapCached", 0);
	meminfo_line(text, "SwapTotal", 0);
	meminfo_line(text, "SwapFree", 0);
	meminfo_line(text, "AnonPages", frames[FRAME_ANON]);
	meminfo_line(text, "Shmem", frames[FRAME_FILE]);
	meminfo_line(text, "Slab", frames[FRAME_KHEAP]);
	meminfo_line(text, "KernelStack", frames[FRAME_KSTACK]);
	meminfo_line(text, "PageTables", frames[FRAME_PGTABLE]);
}

static void format_vmstat(struct proc_text *text, struct task *task)
{
	const uint64_t *frames = ledger.frames;

	(void)task;
	proc_printf(text, "nr_free_pages %lu\n", frames[FRAME_FREE]);
	proc_printf(text, "nr_anon_pages %lu\n", frames[FRAME_ANON]);
	proc_printf(text, "nr_file_pages %lu\n",
		    frames[FRAME_FILE] + frames[FRAME_CACHE]);
	proc_printf(text, "nr_shmem %lu\n", frames[FRAME_FILE]);
	proc_printf(text, "nr_page_table_pages %lu\n", frames[FRAME_PGTABLE]);
	proc_printf(text, "pgpgin %lu\n",
		    page_cache_nr_read() * (PAGE_SIZE / 1024));
	proc_printf(text, "pgfault %lu\n",
		    fault_stats.minor + fault_stats.major);
	proc_printf(text, "pgmajfault %lu\n", fault_stats.major);
}

/* All RAM is one zone: no device here needs memory below some address. */
static void format_buddyinfo(struct proc_text *text, struct task *task)
{
	uint64_t counts[NR_ORDERS];

	(void)task;
	frame_count_free(counts);
	proc_printf(text, "Node %d, zone %8s ", 0, "Normal");
	for (unsigned int order = 0; order < NR_ORDERS; order++)
		proc_printf(text, "%6lu ", counts[order]);
	proc_append(text, "\n", 1);
}

/* ---- the rest ---- */

static void put_seconds(struct proc_text *text, uint64_t ns)
{
	uint64_t hundredths = ns / (NSEC_PER_SEC / 100);

	proc_printf(text, "%lu.%02lu", hundredths / 100, hundredths % 100);
}

/* Seconds since boot, and how many of them the CPU had nothing to do. */
static void format_uptime(struct proc_text *text, struct task *task)
{
	(void)task;
	put_seconds(text, ktime_ns());
	proc_append(text, " ", 1);
	put_seconds(text, boot_task.utime_ns + boot_task.stime_ns);
	proc_append(text, "\n", 1);
}

static void format_version(struct proc_text *text, struct task *task)
{
	(void)task;
	proc_printf(text, "%s version %s %s\n", system_name.sysname,
		    system_name.release, system_name.version);
}

static void format_filesystems(struct proc_text *text, struct task *task)
{
	(void)task;
	proc_printf(text, "nodev\ttmpfs\nnodev\tproc\n\tiso9660\n");
}

void proc_format_mounts(struct proc_text *text, struct task *task)
{
	char path[128];
	struct dentry *root;

	(void)task;
	for (size_t i = 0; (root = vfs_mount_at(i)); i++) {
		const struct filesystem *fs = root->inode->fs;
		const char *at = dentry_path(root, path, sizeof(path));

		proc_printf(text, "%s %s %s %s,relatime 0 0\n", fs->name,
			    at ? at : "?", fs->name,
			    fs->read_only ? "ro" : "rw");
	}
}

#define LINK_BYTES 32

static char *link_self(struct task *task)
{
	char *target = kmalloc(LINK_BYTES);

	(void)task;
	if (target)
		snprintf(target, LINK_BYTES, "%d", current->tgid);
	return target;
}

static char *link_mounts(struct task *task)
{
	char *target = kmalloc(LINK_BYTES);

	(void)task;
	if (target)
		strlcpy(target, "self/mounts", LINK_BYTES);
	return target;
}

/* ---- /proc/sys: the settings that exist ---- */

static void format_max_map_count(struct proc_text *text, struct task *task)
{
	(void)task;
	proc_printf(text, "%d\n", MAX_MAP_COUNT);
}

static void format_mmap_min_addr(struct proc_text *text, struct task *task)
{
	(void)task;
	proc_printf(text, "%lu\n", MMAP_MIN_ADDR);
}

static uint64_t last_drop; /* what was written to drop_caches last */

static void format_drop_caches(struct proc_text *text, struct task *task)
{
	(void)task;
	proc_printf(text, "%lu\n", last_drop);
}

static int store_drop_caches(uint64_t what)
{
	if (what < DROP_PAGES || what > (DROP_PAGES | DROP_INODES))
		return -EINVAL;
	last_drop = what;
	drop_caches((unsigned int)what);
	return 0;
}

static void format_min_free(struct proc_text *text, struct task *task)
{
	(void)task;
	proc_printf(text, "%lu\n", min_free_frames * (PAGE_SIZE / 1024));
}

/* Linux lets a machine be ruined with this; more than a quarter is refused. */
static int store_min_free(uint64_t kib)
{
	uint64_t frames = kib / (PAGE_SIZE / 1024);

	if (frames > ledger.total / 4)
		return -EINVAL;
	min_free_frames = frames;
	return 0;
}

/* 1: whatever is asked for is promised. */
static void format_overcommit(struct proc_text *text, struct task *task)
{
	(void)task;
	proc_printf(text, "1\n");
}

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

static void format_pid_max(struct proc_text *text, struct task *task)
{
	(void)task;
	proc_printf(text, "%d\n", PID_MAX);
}

/* 0: every start of a program finds its memory at the same addresses. */
static void format_randomize(struct proc_text *text, struct task *task)
{
	(void)task;
	proc_printf(text, "0\n");
}

static const struct proc_entry vm_entries[] = {
	PROC_SETTING("drop_caches", format_drop_caches, store_drop_caches),
	PROC_FILE("max_map_count", format_max_map_count),
	PROC_SETTING("min_free_kbytes", format_min_free, store_min_free),
	PROC_FILE("mmap_min_addr", format_mmap_min_addr),
	PROC_FILE("overcommit_memory", format_overcommit),
};

static const struct proc_entry kernel_entries[] = {
	PROC_FILE("hostname", format_hostname),
	PROC_FILE("osrelease", format_osrelease),
	PROC_FILE("ostype", format_ostype),
	PROC_FILE("pid_max", format_pid_max),
	PROC_FILE("randomize_va_space", format_randomize),
};

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

static const struct proc_dir sys_dir = {
	.entries = sys_entries,
	.nr = ARRAY_SIZE(sys_entries),
};

static const struct proc_entry root_entries[] = {
	PROC_FILE("buddyinfo", format_buddyinfo),
	PROC_FILE("filesystems", format_filesystems),
	PROC_FILE("meminfo", format_meminfo),
	PROC_LINK("mounts", link_mounts),
	PROC_LINK("self", link_self),
	PROC_DIR("sys", &sys_dir),
	PROC_FILE("uptime", format_uptime),
	PROC_FILE("version", format_version),
	PROC_FILE("vmstat", format_vmstat),
};

const struct proc_dir proc_root_dir = {
	.entries = root_entries,
	.nr = ARRAY_SIZE(root_entries),
	.has_processes = true,
};
