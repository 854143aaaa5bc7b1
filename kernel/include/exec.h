/*
 * exec: a file becomes a program.
 *
 * It has two halves. Preparing reads and checks the file, copies the arguments
 * and builds the new address space beside the old one; every failure is an
 * errno, and nothing has changed. Committing throws the old program away and
 * cannot fail any more, except for lack of memory, which ends the task.
 *
 *	exec_prepare_user()    execve(2)         strings in user memory
 *	exec_prepare_kernel()  the shell's spawn strings in kernel memory
 *	exec_commit()          both, in the task that will run the program
 */
#pragma once

#include "elf.h"
#include "exec_args.h"
#include "types.h"

struct cred;
struct file;
struct mm_struct;

/* Where Linux puts position-independent programs when nothing is random. */
#define ELF_PIE_BASE 0x555555554000UL

struct exec {
	struct file *file;        /* a reference; the ELF file */
	struct cred *cred;    /* what the program runs as; a reference */
	struct mm_struct *mm;     /* the new address space, ours until commit */
	struct elf_image image;
	vaddr_t base;             /* added to the image's addresses */
	vaddr_t stack_end, mmap_base, start_brk; /* see exec_layout.c */
	struct exec_args args;

	/* The start-up stack, see exec_stack.c. */
	vaddr_t stack_pointer;
	vaddr_t strings;          /* where args.bytes go */
	char *vectors;            /* what goes to [stack_pointer, strings) */
};

/*
 * Prepare to run @path. 0 and *@exec, which exec_commit() or exec_discard()
 * takes, or -ENOENT, -EACCES, -ENOEXEC, -E2BIG, -ELOOP (scripts), -EFAULT, -ENOMEM
 * and what a path lookup may return.
 */
int exec_prepare_user(const char *path, vaddr_t argv, vaddr_t envp,
		      struct exec **exec);
int exec_prepare_kernel(const char *path, const char *const argv[],
			const char *const envp[], struct exec **exec);

/*
 * The running task becomes the program of @exec, which is freed. What it shares
 * with other tasks it has unshared before (exec_unshare()). On return it goes to
 * user mode at the program's entry point.
 */
void exec_commit(struct exec *exec);

void exec_discard(struct exec *exec);

/*
 * End the other threads of the process, and make files and handlers the running
 * task's own. 0, -ENOMEM or -EAGAIN.
 */
int exec_unshare(void);

/* ---- exec_layout.c ---- */

/* What is placed at random: each value includes those before it. */
enum randomize_mode {
	RANDOMIZE_NOTHING = 0,
	RANDOMIZE_ALL_BUT_BRK = 1,
	RANDOMIZE_ALL = 2,
};

/* /proc/sys/kernel/randomize_va_space: enum randomize_mode; atomic. */
extern int randomize_va_space;

/* Choose base, stack_end, mmap_base and start_brk for exec->image. */
void exec_choose_layout(struct exec *exec);

/* ---- exec_stack.c ---- */

/* Lay out the start-up stack, the VMA included. 0, -E2BIG, -ENOMEM. */
int exec_stack_prepare(struct exec *exec);

/* Write it into the running task's memory. 0 or -EFAULT. */
int exec_stack_write(const struct exec *exec);
