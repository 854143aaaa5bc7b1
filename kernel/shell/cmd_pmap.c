/*
 * pmap: the mapped regions of a program, as procps prints them.
 *
 *	Address           Kbytes     RSS   Dirty Mode  Mapping
 *	0000555555559000     300     172     172 rw---   [ heap ]
 *
 * The numbers are those of smaps. Where procps has [ anon ] for the heap, we say
 * what it is.
 */
#include "commands.h"

#include <uapi/errno.h>

#include "dentry.h"
#include "file.h"
#include "kmalloc.h"
#include "mm.h"
#include "printk.h"
#include "snapshot.h"
#include "string.h"
#include "task.h"
#include "text.h"
#include "vma_usage.h"

#define EXIT_NO_SUCH_TASK 42 /* as procps' pmap */
#define FRONT_BYTES 80       /* of a line, in front of the name */

struct pmap {
	struct text text; /* what is printed once mm->lock is free again */
	bool extended;    /* -x: RSS and Dirty */
	uint64_t kib, rss_kib, dirty_kib; /* totals */
	char *line;       /* FRONT_BYTES, and PATH_MAX_BYTES for a path */
};

/* The last part of a file's path, or what kind of memory it is. */
static const char *mapping_name(const struct vma *vma, char *buf)
{
	const char *path, *slash;

	if (!vma->file && vma->flags & VM_HEAP)
		return "  [ heap ]";
	if (!vma->file && vma->flags & VM_STACK)
		return "  [ stack ]";
	path = vma->file ? file_path(vma->file, buf, PATH_MAX_BYTES) : NULL;
	if (!path || !*path)
		return "  [ anon ]";
	slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* As in maps, but - for private, and a fifth place that procps leaves empty. */
static void format_mode(char mode[6], unsigned int flags)
{
	mode[0] = flags & VM_READ ? 'r' : '-';
	mode[1] = flags & VM_WRITE ? 'w' : '-';
	mode[2] = flags & VM_EXEC ? 'x' : '-';
	mode[3] = flags & VM_SHARED ? 's' : '-';
	mode[4] = '-';
	mode[5] = '\0';
}

/* All of the line but the name, into pmap->line; returns its length. */
static size_t format_numbers(struct pmap *pmap, const struct vma *vma,
			     const struct vma_usage *usage)
{
	uint64_t kib = (vma->end - vma->start) >> 10, rss = usage->rss >> 10;
	uint64_t dirty = (usage->shared_dirty + usage->private_dirty) >> 10;
	char mode[6];

	format_mode(mode, vma->flags);
	pmap->kib += kib;
	pmap->rss_kib += rss;
	pmap->dirty_kib += dirty;
	if (!pmap->extended)
		return (size_t)snprintf(pmap->line, FRONT_BYTES,
					"%016lx %6luK %s ", vma->start, kib,
					mode);
	return (size_t)snprintf(pmap->line, FRONT_BYTES,
				"%016lx %7lu %7lu %7lu %s ", vma->start, kib,
				rss, dirty, mode);
}

/* Caller holds mm->lock. */
static int put_vma(struct pmap *pmap, struct mm_struct *mm,
		   const struct vma *vma)
{
	const char *name = mapping_name(vma, pmap->line + FRONT_BYTES);
	struct vma_usage usage = { 0 };
	size_t length;
	int err;

	vma_usage_add(&usage, mm, vma);
	length = format_numbers(pmap, vma, &usage);
	err = text_append(&pmap->text, pmap->line, length);
	if (!err)
		err = text_append(&pmap->text, name, strlen(name));
	return err ? err : text_append(&pmap->text, "\n", 1);
}

static int put_all(struct pmap *pmap, struct mm_struct *mm)
{
	int err = 0;

	mutex_lock(&mm->lock);
	for (const struct vma *vma = mm->vmas.first; vma && !err;
	     vma = vma->next)
		err = put_vma(pmap, mm, vma);
	mutex_unlock(&mm->lock);
	return err;
}

static void print_header(struct shell_io *io, const struct ps_task *task,
			 bool extended)
{
	shell_printf(io, "%d:   %s\n", task->pid,
		     *task->args ? task->args : task->comm);
	if (extended)
		shell_puts(io, "Address           Kbytes     RSS   Dirty "
			       "Mode  Mapping\n");
}

static void print_totals(struct shell_io *io, const struct pmap *pmap)
{
	if (!pmap->extended) {
		shell_printf(io, " total %16luK\n", pmap->kib);
		return;
	}
	shell_puts(io, "---------------- ------- ------- ------- \n");
	shell_printf(io, "total kB %15lu %7lu %7lu\n", pmap->kib, pmap->rss_kib,
		     pmap->dirty_kib);
}

/* The address space of @pid; a kernel task has none, which is no mistake. */
static struct mm_struct *find_mm(pid_t pid)
{
	struct mm_struct *mm = NULL;
	struct task *task;

	mutex_lock(&tasklist_lock);
	task = task_find_locked(pid);
	if (task)
		mm = task_mm_get_locked(task);
	mutex_unlock(&tasklist_lock);
	return mm;
}

static int pmap_task(struct shell_io *io, const struct ps_task *task,
		     bool extended)
{
	struct pmap pmap = { .extended = extended };
	struct mm_struct *mm = find_mm(task->pid);
	int err = 0;

	print_header(io, task, extended);
	pmap.line = kmalloc(FRONT_BYTES + PATH_MAX_BYTES);
	if (!pmap.line)
		err = -ENOMEM;
	if (mm && !err)
		err = put_all(&pmap, mm);
	if (mm)
		mm_put(mm);
	if (!err)
		err = shell_write(io, SHELL_STDOUT, pmap.text.bytes,
				  pmap.text.length);
	if (!err)
		print_totals(io, &pmap);
	kfree(pmap.line);
	text_free(&pmap.text);
	return err;
}

static int no_such_task(struct shell_io *io, char **argv, pid_t pid)
{
	shell_error(io, argv, "(%d): %s; to see them type: ps -e", pid,
		    error_text(-ESRCH));
	return EXIT_NO_SUCH_TASK;
}

static int pmap_pid(struct shell_io *io, char **argv, pid_t pid, bool extended)
{
	size_t nr, i = 0;
	struct ps_task *tasks = snapshot_tasks(&nr);
	int err = tasks ? 0 : -ENOMEM, status = EXIT_OK;

	while (i < nr && tasks[i].pid != pid)
		i++;
	if (!err && i < nr)
		err = pmap_task(io, &tasks[i], extended);
	else if (!err)
		status = no_such_task(io, argv, pid);
	kfree(tasks);
	return err ? shell_error(io, argv, "%s", error_text(err)) : status;
}

int cmd_pmap(struct shell_io *io, int argc, char **argv)
{
	struct options options = { 0 };
	int letter, status = EXIT_OK;
	bool extended = false;

	while ((letter = option_next(&options, io, argc, argv, "x"))) {
		if (letter < 0)
			return EXIT_FAILED;
		extended = true;
	}
	if (options.index == argc)
		return shell_usage_error(io, argv, "give a PID");
	for (int i = options.index; i < argc; i++) {
		pid_t pid;
		int result;

		if (!parse_pid(argv[i], &pid))
			return shell_error(io, argv, "'%s' is not a PID; to "
					   "see them type: ps -e", argv[i]);
		result = pmap_pid(io, argv, pid, extended);
		status = result ? result : status;
	}
	return status;
}
