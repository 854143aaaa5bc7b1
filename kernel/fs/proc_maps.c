/*
 * /proc/PID/maps: one line per VMA.
 *
 *	555555559000-5555555a4000 rw-p 00000000 00:00 0          [heap]
 *	start        end          ^    offset   dev   inode      ^ column 74
 *	                          rights; p is private, s shared
 */
#include "proc_maps.h"

#include <uapi/errno.h>

#include "dentry.h"
#include "file.h"
#include "kmalloc.h"
#include "mm.h"
#include "printk.h"
#include "proc.h"
#include "string.h"

/* Everything up to the name; returns its length. */
static size_t format_range(char *line, const struct vma *vma)
{
	const struct inode *inode = vma->file ? vma->file->inode : NULL;
	uint32_t dev = inode ? inode->fs->dev : 0;

	return (size_t)snprintf(
		line, MAPS_LINE_BYTES,
		"%08lx-%08lx %c%c%c%c %08lx %02x:%02x %lu ", vma->start,
		vma->end, vma->flags & VM_READ ? 'r' : '-',
		vma->flags & VM_WRITE ? 'w' : '-',
		vma->flags & VM_EXEC ? 'x' : '-',
		vma->flags & VM_SHARED ? 's' : 'p',
		inode ? vma->file_page << PAGE_SHIFT : 0, dev_major(dev),
		dev_minor(dev), inode ? inode->ino : 0);
}

/* The name in *@buf, or "": the rest of the line is its room. */
static const char *vma_name(const struct vma *vma, char *buf, size_t size)
{
	const char *path;

	if (vma->file) {
		path = file_path(vma->file, buf, size);
		return path ? path : "";
	}
	if (vma->flags & VM_HEAP)
		return "[heap]";
	return vma->flags & VM_STACK ? "[stack]" : "";
}

size_t proc_maps_line(char *line, const struct vma *vma)
{
	size_t at = format_range(line, vma);
	const char *name;
	size_t bytes;

	/* A path is built at the end of the buffer, away from the range. */
	name = vma_name(vma, line + MAPS_LINE_BYTES - PATH_MAX_BYTES,
			PATH_MAX_BYTES);
	bytes = strlen(name);
	if (bytes) {
		while (at < MAPS_NAME_COLUMN)
			line[at++] = ' ';
		memmove(line + at, name, bytes);
		at += bytes;
	}
	line[at++] = '\n';
	return at;
}

int proc_format_maps(struct mm_struct *mm, proc_emit_fn emit, void *arg)
{
	char *line = kmalloc(MAPS_LINE_BYTES);
	int err = 0;

	if (!line)
		return -ENOMEM;
	mutex_lock(&mm->lock);
	for (struct vma *vma = mm->vmas.first; vma && !err; vma = vma->next)
		err = emit(arg, line, proc_maps_line(line, vma));
	mutex_unlock(&mm->lock);
	kfree(line);
	return err;
}
