/*
 * /proc itself: the machine's files.
 */
#include "cpu_info.h"
#include "dentry.h"
#include "inode.h"
#include "kmalloc.h"
#include "loadavg.h"
#include "printk.h"
#include "proc_memory.h"
#include "proc_node.h"
#include "sched.h"
#include "string.h"
#include "system_name.h"
#include "task.h"
#include "timer.h"
#include "vfs.h"

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

/* A fixed-point load with two decimal places, rounded. */
static void put_load(struct proc_text *text, uint64_t load)
{
	uint64_t hundredths = (load * 100 + (1UL << (LOADAVG_SHIFT - 1))) >>
			      LOADAVG_SHIFT;

	proc_printf(text, "%lu.%02lu ", hundredths / 100, hundredths % 100);
}

static void format_loadavg(struct proc_text *text, struct task *task)
{
	(void)task;
	for (int i = 0; i < 3; i++)
		put_load(text, loadavg[i]);
	/* Whoever reads this is running. */
	proc_printf(text, "%zu/%zu %d\n", sched_nr_ready() + 1, task_count(),
		    task_last_pid());
}

static void put_cpu_flags(struct proc_text *text)
{
	const char *name;
	bool present;

	proc_printf(text, "flags\t\t:");
	for (size_t i = 0; (name = cpu_info_feature(i, &present)); i++)
		if (present)
			proc_printf(text, " %s", name);
	proc_append(text, "\n", 1);
}

/* One processor: the one that runs the kernel. */
static void format_cpuinfo(struct proc_text *text, struct task *task)
{
	struct cpu_info cpu;

	(void)task;
	cpu_info_read(&cpu);
	proc_printf(text, "processor\t: 0\nvendor_id\t: %s\n", cpu.vendor);
	proc_printf(text, "cpu family\t: %u\nmodel\t\t: %u\n", cpu.family,
		    cpu.model);
	proc_printf(text, "model name\t: %s\nstepping\t: %u\n", cpu.name,
		    cpu.stepping);
	proc_printf(text, "cpu MHz\t\t: %lu.%03lu\n", tsc_hz / 1000000,
		    tsc_hz / 1000 % 1000);
	proc_printf(text, "physical id\t: 0\nsiblings\t: 1\ncore id\t\t: 0\n"
			  "cpu cores\t: 1\nfpu\t\t: yes\n"
			  "fpu_exception\t: yes\n");
	proc_printf(text, "cpuid level\t: %u\nwp\t\t: yes\n", cpu.max_leaf);
	put_cpu_flags(text);
	proc_printf(text, "clflush size\t: %u\ncache_alignment\t: %u\n",
		    cpu.flush_bytes, cpu.flush_bytes);
	proc_printf(text, "address sizes\t: %u bits physical, %u bits virtual\n",
		    cpu.phys_bits, cpu.virt_bits);
	proc_append(text, "power management:\n\n", 19);
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
	proc_printf(text, "nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\n\tiso9660\n");
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
	PROC_FILE("buddyinfo", proc_format_buddyinfo),
	PROC_FILE("cpuinfo", format_cpuinfo),
	PROC_FILE("filesystems", format_filesystems),
	PROC_FILE("loadavg", format_loadavg),
	PROC_FILE("meminfo", proc_format_meminfo),
	PROC_LINK("mounts", link_mounts),
	PROC_LINK("self", link_self),
	PROC_FILE("swaps", proc_format_swaps),
	PROC_DIR("sys", &proc_sys_dir),
	PROC_LINK("thread-self", link_thread_self),
	PROC_FILE("uptime", format_uptime),
	PROC_FILE("version", format_version),
	PROC_FILE("vmstat", proc_format_vmstat),
};

const struct proc_dir proc_root_dir = {
	.entries = root_entries,
	.nr = ARRAY_SIZE(root_entries),
	.has_processes = true,
};
