/*
 * /proc/PID and /proc/PID/task/TID: what one process is and has.
 *
 * Every function here is called with tasklist_lock held, so the task stays. Its
 * mm may go when the task exits, so it is used through a reference.
 */
#include <uapi/errno.h>
#include <uapi/resource.h>

#include "arch.h"
#include "dentry.h"
#include "fdtable.h"
#include "file.h"
#include "frame.h"
#include "kmalloc.h"
#include "mm.h"
#include "pgtable.h"
#include "proc.h"
#include "proc_fail_nth.h"
#include "proc_node.h"
#include "proc_oom.h"
#include "proc_pagemap.h"
#include "proc_smaps.h"
#include "proc_stat.h"
#include "string.h"
#include "task.h"
#include "vfs.h"

/* ---- maps, names, limits ---- */

static void format_maps(struct proc_text *text, struct task *task)
{
	struct mm_struct *mm = task_mm_get_locked(task);
	int err;

	if (!mm)
		return;
	err = proc_format_maps(mm, proc_text_emit, text);
	if (err)
		text->err = err;
	mm_put(mm);
}

static void format_smaps(struct proc_text *text, struct task *task)
{
	struct mm_struct *mm = task_mm_get_locked(task);

	if (!mm)
		return;
	proc_put_smaps(text, mm);
	mm_put(mm);
}

static void format_smaps_rollup(struct proc_text *text, struct task *task)
{
	struct mm_struct *mm = task_mm_get_locked(task);

	if (!mm)
		return;
	proc_put_smaps_rollup(text, mm);
	mm_put(mm);
}

/* As on Linux every byte counts, the newline of echo included. */
static int write_comm(struct task *task, const char *name, size_t bytes)
{
	if (task->tgid != current->tgid)
		return -EINVAL;
	if (bytes >= TASK_COMM_BYTES)
		bytes = TASK_COMM_BYTES - 1;
	memcpy(task->comm, name, bytes);
	task->comm[bytes] = '\0';
	return 0;
}

static void format_comm(struct proc_text *text, struct task *task)
{
	proc_printf(text, "%s\n", task->comm);
}

/*
 * Append what is at [start, end) of an address space that need not be the
 * running one. It ends at the first page that is not there.
 */
static void append_memory_locked(struct proc_text *text, struct mm_struct *mm,
				 vaddr_t start, vaddr_t end)
{
	while (start < end) {
		pte_t pte = mm_peek_locked(mm, start);
		size_t offset = start & (PAGE_SIZE - 1);
		size_t n = PAGE_SIZE - offset;

		if (!pte_present(pte))
			break;
		if (n > end - start)
			n = end - start;
		proc_append(text,
			    (char *)frame_to_virt(pfn_to_frame(pte_pfn(pte))) +
				    offset,
			    n);
		start += n;
	}
}

static void format_cmdline(struct proc_text *text, struct task *task)
{
	struct mm_struct *mm = task_mm_get_locked(task);

	if (!mm)
		return;
	mutex_lock(&mm->lock);
	append_memory_locked(text, mm, mm->arg_start, mm->arg_end);
	mutex_unlock(&mm->lock);
	mm_put(mm);
}

static void format_environ(struct proc_text *text, struct task *task)
{
	struct mm_struct *mm = task_mm_get_locked(task);

	if (!mm)
		return;
	mutex_lock(&mm->lock);
	append_memory_locked(text, mm, mm->env_start, mm->env_end);
	mutex_unlock(&mm->lock);
	mm_put(mm);
}

static const struct {
	const char *name, *unit;
} limit_names[RLIM_NLIMITS] = {
	[RLIMIT_CPU] = { "Max cpu time", "seconds" },
	[RLIMIT_FSIZE] = { "Max file size", "bytes" },
	[RLIMIT_DATA] = { "Max data size", "bytes" },
	[RLIMIT_STACK] = { "Max stack size", "bytes" },
	[RLIMIT_CORE] = { "Max core file size", "bytes" },
	[RLIMIT_RSS] = { "Max resident set", "bytes" },
	[RLIMIT_NPROC] = { "Max processes", "processes" },
	[RLIMIT_NOFILE] = { "Max open files", "files" },
	[RLIMIT_MEMLOCK] = { "Max locked memory", "bytes" },
	[RLIMIT_AS] = { "Max address space", "bytes" },
	[RLIMIT_LOCKS] = { "Max file locks", "locks" },
	[RLIMIT_SIGPENDING] = { "Max pending signals", "signals" },
	[RLIMIT_MSGQUEUE] = { "Max msgqueue size", "bytes" },
	[RLIMIT_NICE] = { "Max nice priority", "" },
	[RLIMIT_RTPRIO] = { "Max realtime priority", "" },
	[RLIMIT_RTTIME] = { "Max realtime timeout", "us" },
};

static void put_limit(struct proc_text *text, uint64_t value)
{
	if (value == RLIM_INFINITY)
		proc_printf(text, "%-20s ", "unlimited");
	else
		proc_printf(text, "%-20lu ", value);
}

static void format_limits(struct proc_text *text, struct task *task)
{
	proc_printf(text, "%-25s %-20s %-20s %-10s\n", "Limit", "Soft Limit",
		    "Hard Limit", "Units");
	for (int i = 0; i < RLIM_NLIMITS; i++) {
		proc_printf(text, "%-25s ", limit_names[i].name);
		put_limit(text, task->leader->limits->limit[i].rlim_cur);
		put_limit(text, task->leader->limits->limit[i].rlim_max);
		proc_printf(text, "%-10s\n", limit_names[i].unit);
	}
}

/* ---- links ---- */

/* The path of @dentry as a kmalloc'ed string. */
static char *path_string(struct dentry *dentry)
{
	char *buf = kmalloc(PATH_MAX_BYTES);
	char *path;

	if (!buf)
		return NULL;
	path = dentry_path(dentry, buf, PATH_MAX_BYTES);
	if (path)
		memmove(buf, path, strlen(path) + 1);
	else
		buf[0] = '\0';
	return buf;
}

static char *empty_string(void)
{
	return kzalloc(1);
}

/* The program's file is what its code is mapped from. */
static struct file *program_file_locked(struct mm_struct *mm)
{
	struct vma *vma = vma_find(&mm->vmas, mm->start_code);

	return vma && vma->start <= mm->start_code ? vma->file : NULL;
}

/* A task without a program has an exe that leads nowhere. */
static char *link_exe(struct task *task)
{
	struct mm_struct *mm = task_mm_get_locked(task);
	struct file *file;
	char *path;

	if (!mm)
		return empty_string();
	mutex_lock(&mm->lock);
	file = program_file_locked(mm);
	path = file && file->dentry ? path_string(file->dentry)
				    : empty_string();
	mutex_unlock(&mm->lock);
	mm_put(mm);
	return path;
}

static char *link_cwd(struct task *task)
{
	return task->fs ? path_string(task->fs->cwd) : empty_string();
}

static char *link_root(struct task *task)
{
	(void)task;
	return path_string(vfs_root);
}

static const struct proc_dir fd_dir = { .has_files = true };

/* What is in the directories of processes and of threads alike. */
#define THREAD_ENTRIES                                                      \
	{ .name = "clear_refs", .mode = S_IFREG | 0200,                     \
	  .write = proc_write_clear_refs },                                 \
	PROC_FILE("cmdline", format_cmdline),                               \
	PROC_WRITABLE("comm", format_comm, write_comm),                     \
	PROC_LINK("cwd", link_cwd),                                         \
	PROC_FILE("environ", format_environ),                               \
	PROC_LINK("exe", link_exe),                                         \
	PROC_WRITABLE("fail-nth", proc_format_fail_nth,                     \
		      proc_write_fail_nth),                                 \
	PROC_DIR("fd", &fd_dir),                                            \
	PROC_FILE("limits", format_limits),                                 \
	PROC_FILE("maps", format_maps),                                     \
	PROC_FILE("mounts", proc_format_mounts),                            \
	PROC_WRITABLE("oom_adj", proc_format_oom_adj, proc_write_oom_adj),  \
	PROC_FILE("oom_score", proc_format_oom_score),                      \
	PROC_WRITABLE("oom_score_adj", proc_format_oom_score_adj,           \
		      proc_write_oom_score_adj),                            \
	{ .name = "pagemap", .mode = S_IFREG | 0400,                        \
	  .read = proc_read_pagemap },                                      \
	PROC_LINK("root", link_root),                                       \
	PROC_FILE("smaps", format_smaps),                                   \
	PROC_FILE("smaps_rollup", format_smaps_rollup),                     \
	PROC_FILE("stat", proc_format_stat),                                \
	PROC_FILE("statm", proc_format_statm),                              \
	PROC_FILE("status", proc_format_status)

static const struct proc_entry thread_entries[] = { THREAD_ENTRIES };

const struct proc_dir proc_thread_dir = {
	.entries = thread_entries,
	.nr = ARRAY_SIZE(thread_entries),
};

static const struct proc_dir threads_dir = { .has_threads = true };

static const struct proc_entry task_entries[] = {
	THREAD_ENTRIES,
	PROC_DIR("task", &threads_dir),
};

const struct proc_dir proc_task_dir = {
	.entries = task_entries,
	.nr = ARRAY_SIZE(task_entries),
};
