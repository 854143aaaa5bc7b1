/*
 * /proc itself: the machine's files.
 */
#include "arch.h"
#include "dentry.h"
#include "frame.h"
#include "inode.h"
#include "kmalloc.h"
#include "ledger.h"
#include "mm.h"
#include "page_cache.h"
#include "printk.h"
#include "proc_node.h"
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

static char *link_thread_self(struct task *task)
{
	char *target = kmalloc(LINK_BYTES);

	(void)task;
	if (target)
		snprintf(target, LINK_BYTES, "%d/task/%d", current->tgid,
			 current->pid);
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

static const struct proc_entry root_entries[] = {
	PROC_FILE("buddyinfo", format_buddyinfo),
	PROC_FILE("filesystems", format_filesystems),
	PROC_FILE("meminfo", format_meminfo),
	PROC_LINK("mounts", link_mounts),
	PROC_LINK("self", link_self),
	PROC_DIR("sys", &proc_sys_dir),
	PROC_LINK("thread-self", link_thread_self),
	PROC_FILE("uptime", format_uptime),
	PROC_FILE("version", format_version),
	PROC_FILE("vmstat", format_vmstat),
};

const struct proc_dir proc_root_dir = {
	.entries = root_entries,
	.nr = ARRAY_SIZE(root_entries),
	.has_processes = true,
};
