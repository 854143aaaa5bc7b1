/*
 * The regular files of /proc: a text is made when it is read; what is written is
 * understood at once.
 */
#include <uapi/errno.h>

#include "file.h"
#include "inode.h"
#include "kmalloc.h"
#include "mm.h"
#include "proc_node.h"
#include "task.h"

/* Longer writes mean nothing to any file here, as a page does on Linux. */
#define WRITE_MAX_BYTES 64

/* ---- settings ---- */

static uint64_t setting_get(const struct proc_setting *setting)
{
	if (setting->value)
		return (uint64_t)__atomic_load_n(setting->value,
						 __ATOMIC_RELAXED);
	return setting->get();
}

static int setting_set(const struct proc_setting *setting, uint64_t number)
{
	if (!setting->value)
		return setting->set(number);
	__atomic_store_n(setting->value, (int)number, __ATOMIC_RELAXED);
	return 0;
}

static void format_setting(struct proc_text *text,
			   const struct proc_setting *setting)
{
	proc_printf(text, "%lu\n", setting_get(setting));
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

int proc_parse_number(const char *text, int64_t min, int64_t max,
		      int64_t *number)
{
	int64_t value = 0;
	const char *digits;
	bool negative;

	while (is_space(*text))
		text++;
	negative = *text == '-';
	digits = text += negative;
	for (; *text >= '0' && *text <= '9'; text++)
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, *text - '0', &value))
			return -EINVAL;
	if (text == digits)
		return -EINVAL;
	while (is_space(*text))
		text++;
	value = negative ? -value : value;
	*number = value;
	return *text || value < min || value > max ? -EINVAL : 0;
}

static int write_setting(const struct proc_setting *setting, const char *text)
{
	int64_t number;
	int err = proc_parse_number(text, (int64_t)setting->min,
				    (int64_t)setting->max, &number);

	return err ? err : setting_set(setting, (uint64_t)number);
}

/* ---- reading ---- */

/* 0, -ESRCH (the task is gone) or -ENOMEM. */
static int format_text(const struct proc_node *node, struct proc_text *text)
{
	struct task *task = NULL;

	if (node->pid) {
		task = proc_lock_task(node->pid);
		if (!task)
			return -ESRCH;
	}
	if (node->entry->setting)
		format_setting(text, node->entry->setting);
	else
		node->entry->format(text, task);
	if (task)
		proc_done_with_task();
	return text->err;
}

/* Make the text anew and keep it as the file's. */
static int refresh(struct file *file)
{
	struct proc_text *text = proc_text_create();
	struct proc_text *old;
	int err;

	if (!text)
		return -ENOMEM;
	err = format_text(file->inode->proc, text);
	if (err) {
		proc_text_put(text);
		return err;
	}
	mutex_lock(&file->inode->lock);
	old = file->private;
	file->private = text;
	mutex_unlock(&file->inode->lock);
	proc_text_put(old);
	return 0;
}

/* The file's text with a reference, or NULL: it has none yet. */
static struct proc_text *get_text(struct file *file)
{
	struct proc_text *text;

	mutex_lock(&file->inode->lock);
	text = file->private;
	if (text)
		__atomic_fetch_add(&text->refs, 1, __ATOMIC_RELAXED);
	mutex_unlock(&file->inode->lock);
	return text;
}

static ssize_t read_text(struct file *file, struct io_buf *to, loff_t *pos)
{
	struct proc_text *text;
	ssize_t result = 0;
	int err = 0;

	if (*pos == 0 || !file->private)
		err = refresh(file);
	if (err)
		return err;
	text = get_text(file);
	if ((uint64_t)*pos < text->bytes && to->bytes) {
		size_t left = text->bytes - (size_t)*pos;
		size_t n = to->bytes < left ? to->bytes : left;
		size_t copied = io_put(to, text->buf + *pos, n);

		*pos += (loff_t)copied;
		result = copied ? (ssize_t)copied : -EFAULT;
	}
	proc_text_put(text);
	return result;
}

/* What is no text has no snapshot: its bytes are looked up at each read. */
static ssize_t read_memory(const struct proc_node *node, struct io_buf *to,
			   loff_t *pos)
{
	struct task *task = proc_lock_task(node->pid);
	struct mm_struct *mm;
	ssize_t n;

	if (!task)
		return -ESRCH;
	mm = task_mm_get_locked(task);
	proc_done_with_task();
	if (!mm)
		return 0;
	n = node->entry->read(mm, to, pos);
	mm_put(mm);
	return n;
}

static ssize_t proc_read(struct file *file, struct io_buf *to, loff_t *pos)
{
	const struct proc_node *node = file->inode->proc;

	if (node->entry->read)
		return read_memory(node, to, pos);
	if (!node->entry->format && !node->entry->setting)
		return -EINVAL;
	return read_text(file, to, pos);
}

/* ---- writing ---- */

static int write_text(const struct proc_node *node, const char *text,
		      size_t bytes)
{
	const struct proc_entry *entry = node->entry;
	struct task *task = NULL;
	int err;

	if (entry->setting)
		return write_setting(entry->setting, text);
	if (node->pid) {
		task = proc_lock_task(node->pid);
		if (!task)
			return -ESRCH;
	}
	err = entry->write(task, text, bytes);
	if (task)
		proc_done_with_task();
	return err;
}

static bool is_writable(const struct proc_entry *entry)
{
	const struct proc_setting *setting = entry->setting;

	return entry->write || (setting && (setting->value || setting->set));
}

static ssize_t proc_write(struct file *file, struct io_buf *from, loff_t *pos)
{
	const struct proc_node *node = file->inode->proc;
	size_t bytes = from->bytes;
	char text[WRITE_MAX_BYTES];
	int err;

	if (!is_writable(node->entry))
		return -EACCES;
	if (bytes >= sizeof(text))
		return -EINVAL;
	if (io_get(text, from, bytes) != bytes)
		return -EFAULT;
	text[bytes] = '\0';
	err = write_text(node, text, bytes);
	if (err)
		return err;
	*pos += (loff_t)bytes;
	return (ssize_t)bytes;
}

static void proc_release(struct file *file)
{
	proc_text_put(file->private);
}

const struct file_ops proc_file_ops = {
	.read = proc_read,
	.write = proc_write,
	.lseek = generic_lseek,
	.release = proc_release,
};
