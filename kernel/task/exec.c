/*
 * exec: from a path to a running program. See exec.h for the two halves.
 */
#include "exec.h"

#include <uapi/errno.h>
#include <uapi/fcntl.h>
#include <uapi/wait.h>

#include "arch_task.h"
#include "cred.h"
#include "fdtable.h"
#include "file.h"
#include "frame.h"
#include "kmalloc.h"
#include "mm.h"
#include "script.h"
#include "string.h"
#include "task.h"
#include "uaccess.h"
#include "vfs.h"

/* ---- the file ---- */

/* What following scripts needs: too much for a kernel stack. */
struct search {
	struct script script;
	char interpreter[SCRIPT_HEAD_BYTES];
};

static int follow_scripts(struct exec *exec, const char *path,
			  struct search *search)
{
	struct script *script = &search->script;
	int err;

	err = vfs_open_exec(AT_FDCWD, path, &exec->file);
	for (int depth = 0; !err; depth++) {
		err = script_read(exec->file, script);
		if (err != 1)
			break;
		if (depth == SCRIPT_MAX_DEPTH)
			return -ELOOP;
		err = script_apply(script, path, &exec->args);
		if (err)
			break;
		file_put(exec->file);
		exec->file = NULL;
		strlcpy(search->interpreter, script->interpreter,
			sizeof(search->interpreter));
		path = search->interpreter;
		err = vfs_open_exec(AT_FDCWD, path, &exec->file);
	}
	return err;
}

/*
 * Open @path and follow scripts to the ELF file that interprets them, changing
 * the arguments on the way. exec->file and @header are what was found.
 */
static int open_program(struct exec *exec, const char *path, Elf64_Ehdr *header)
{
	struct search *search = kmalloc(sizeof(*search));
	int err;

	if (!search)
		return -ENOMEM;
	err = follow_scripts(exec, path, search);
	if (!err)
		memcpy(header, search->script.head, sizeof(*header));
	kfree(search);
	return err;
}

static int read_image(struct exec *exec, const Elf64_Ehdr *header)
{
	uint64_t file_bytes = (uint64_t)exec->file->inode->size;
	size_t bytes = header->e_phnum * sizeof(Elf64_Phdr);
	Elf64_Phdr *phdrs;
	int err;

	err = elf_check_header(header, file_bytes);
	if (err)
		return err;
	phdrs = kmalloc(bytes);
	if (!phdrs)
		return -ENOMEM;
	err = file_read_exactly(exec->file, phdrs, bytes,
				(loff_t)header->e_phoff);
	if (!err)
		err = elf_parse(header, phdrs, file_bytes, &exec->image);
	kfree(phdrs);
	return err;
}

/* ---- the new address space ---- */

static int map_fixed(struct exec *exec, vaddr_t start, vaddr_t end,
		     struct file *file, const struct elf_segment *segment)
{
	struct map_request request = {
		.addr = start,
		.bytes = end - start,
		.flags = segment->access,
		.fixed = true,
		.no_replace = true,
		.file = file,
		.file_page = file ? segment->file_offset >> PAGE_SHIFT : 0,
	};
	int64_t addr;

	if (start == end)
		return 0;
	addr = mm_map_locked(exec->mm, &request);
	return addr < 0 ? (int)addr : 0;
}

/* Whole pages of the file, then anonymous pages for the rest of the zeros. */
static int map_segment(struct exec *exec, const struct elf_segment *segment)
{
	vaddr_t addr = exec->base + segment->vaddr;
	vaddr_t start = page_align_down(addr);
	vaddr_t file_end = segment->file_bytes
				   ? page_align_up(addr + segment->file_bytes)
				   : start;
	vaddr_t end = page_align_up(addr + segment->mem_bytes);
	int err;

	err = map_fixed(exec, start, file_end, exec->file, segment);
	if (err)
		return err;
	return map_fixed(exec, file_end, end, NULL, segment);
}

static void note_layout(struct exec *exec)
{
	struct mm_struct *mm = exec->mm;
	const struct elf_image *image = &exec->image;

	mm->no_large_pages = current->mm && current->mm->no_large_pages;
	mm->mmap_base = exec->mmap_base;
	mm->start_code = exec->base + image->start_code;
	mm->end_code = exec->base + image->end_code;
	mm->start_data = exec->base + image->start_data;
	mm->end_data = exec->base + image->end_data;
	mm->start_brk = exec->start_brk;
	mm->brk = mm->start_brk;
}

static int map_image_locked(struct exec *exec)
{
	int err = 0;

	for (unsigned int i = 0; i < exec->image.nr_segments && !err; i++)
		err = map_segment(exec, &exec->image.segments[i]);
	if (!err)
		err = exec_stack_prepare(exec);
	return err;
}

static int build_mm(struct exec *exec)
{
	int err;

	exec->mm = mm_create();
	if (!exec->mm)
		return -ENOMEM;
	exec_choose_layout(exec);
	if (exec->base + exec->image.high > USER_END)
		return -ENOMEM;
	note_layout(exec);
	mutex_lock(&exec->mm->lock);
	err = map_image_locked(exec);
	mutex_unlock(&exec->mm->lock);
	return err;
}

/* ---- preparing ---- */

/* Everything after the arguments have been copied. */
static int prepare(struct exec *exec, const char *path)
{
	Elf64_Ehdr header;
	int err;

	err = open_program(exec, path, &header);
	if (!err)
		err = read_image(exec, &header);
	if (!err) {
		exec->cred = cred_for_exec(exec->file->inode);
		err = exec->cred ? 0 : -ENOMEM;
	}
	if (!err)
		err = build_mm(exec);
	return err;
}

static struct exec *exec_create(void)
{
	struct exec *exec = kzalloc(sizeof(*exec));

	if (exec)
		exec_args_init(&exec->args);
	return exec;
}

void exec_discard(struct exec *exec)
{
	if (exec->mm)
		mm_put(exec->mm);
	if (exec->file)
		file_put(exec->file);
	if (exec->cred)
		cred_put(exec->cred);
	exec_args_free(&exec->args);
	kfree(exec->vectors);
	kfree(exec);
}

/* Hand @exec out, or throw it away because of @err. */
static int finish_prepare(struct exec *exec, int err, struct exec **result)
{
	if (err)
		exec_discard(exec);
	else
		*result = exec;
	return err;
}

int exec_prepare_user(const char *path, vaddr_t argv, vaddr_t envp,
		      struct exec **result)
{
	struct exec *exec = exec_create();
	int err;

	if (!exec)
		return -ENOMEM;
	err = exec_args_from_user(&exec->args, argv, envp, path);
	if (!err)
		err = prepare(exec, path);
	return finish_prepare(exec, err, result);
}

int exec_prepare_kernel(const char *path, const char *const argv[],
			const char *const envp[], struct exec **result)
{
	struct exec *exec = exec_create();
	int err;

	if (!exec)
		return -ENOMEM;
	err = exec_args_from_kernel(&exec->args, argv, envp, path);
	if (!err)
		err = prepare(exec, path);
	return finish_prepare(exec, err, result);
}

/* ---- committing ---- */

int exec_unshare(void)
{
	struct task *task = current;
	struct sighand *copy, *shared = task->sighand;
	unsigned long irq;
	int err;

	err = thread_group_become_single();
	if (err)
		return err;
	err = fds_make_own();
	if (err)
		return err;
	if (__atomic_load_n(&shared->refs, __ATOMIC_ACQUIRE) == 1)
		return 0;
	copy = sighand_copy(shared);
	if (!copy)
		return -ENOMEM;
	irq = spin_lock_irqsave(&sig_lock);
	task->sighand = copy;
	spin_unlock_irqrestore(&sig_lock, irq);
	sighand_put(shared);
	return 0;
}

/*
 * The last page with bytes of the file also shows what the file has behind
 * them; the program expects zeros there. Read-only segments have no such page.
 */
static int clear_bss(const struct exec *exec)
{
	int err = 0;

	for (unsigned int i = 0; i < exec->image.nr_segments && !err; i++) {
		const struct elf_segment *segment = &exec->image.segments[i];
		vaddr_t end = exec->base + segment->vaddr + segment->file_bytes;

		if (segment->file_bytes &&
		    segment->file_bytes < segment->mem_bytes)
			err = clear_user(end, page_align_up(end) - end);
	}
	return err;
}

static void enter_mm(struct exec *exec)
{
	task_leave_mm();
	current->mm = exec->mm;
	exec->mm = NULL;
	mm_switch(current->mm);
	vfork_release();
}

static void forget_old_program(struct exec *exec)
{
	struct task *task = current;
	const char *path = exec->args.bytes + exec->args.path_offset;

	task->in_kernel_only = 0;
	task->clear_child_tid = 0;
	task->altstack = (struct sigaltstack){ 0 };
	task_set_comm(task, path);
	sighand_reset(task->sighand);
	fds_close_on_exec(task->files);
}

void exec_commit(struct exec *exec)
{
	int err;

	enter_mm(exec);
	forget_old_program(exec);
	cred_commit(cred_get(exec->cred));
	arch_task_exec(exec->base + exec->image.entry, exec->stack_pointer);
	err = clear_bss(exec);
	if (!err)
		err = exec_stack_write(exec);
	exec_discard(exec);
	/* The old program is gone: there is nobody to tell but the parent. */
	if (err)
		task_exit(W_EXITCODE(0, SIGKILL));
}
