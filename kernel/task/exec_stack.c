/*
 * The stack that a program starts with.
 *
 *	stack_end      ->  8 bytes of zeros
 *	                   path of the file                AT_EXECFN
 *	                   environment strings
 *	exec->strings  ->  argument strings
 *	                   "x86_64", 16 random bytes       AT_PLATFORM, AT_RANDOM
 *	                   auxiliary vector, AT_NULL last
 *	                   environment pointers, NULL
 *	                   argument pointers, NULL
 *	stack_pointer  ->  argc                            16-byte aligned
 *
 * Its VMA is 128 KiB larger than that and grows by faults from then on.
 */
#include <uapi/auxv.h>
#include <uapi/errno.h>
#include <uapi/signal.h>
#include <uapi/time.h>

#include "cred.h"
#include "arch.h"
#include "exec.h"
#include "kmalloc.h"
#include "mm.h"
#include "random.h"
#include "string.h"
#include "task.h"
#include "uaccess.h"

#define END_BYTES 8 /* zeros at the very top */
#define STACK_EXTRA_BYTES (128UL << 10)
#define AUXV_MAX_PAIRS 24
#define RANDOM_BYTES 16

static const char platform[8] = "x86_64";

/* Addresses of the parts; each is below the one before. */
struct stack_layout {
	vaddr_t strings, platform, random, vectors;
	size_t vector_bytes; /* [vectors, strings) */
};

static struct stack_layout lay_out(const struct exec *exec)
{
	const struct exec_args *args = &exec->args;
	struct stack_layout layout;
	size_t words = 1 + args->argc + 1 + args->envc + 1 + 2 * AUXV_MAX_PAIRS;

	layout.strings = exec->stack_end - END_BYTES - args->used;
	layout.platform = (layout.strings - sizeof(platform)) & ~15UL;
	layout.random = layout.platform - RANDOM_BYTES;
	layout.vectors = (layout.random - words * sizeof(uint64_t)) & ~15UL;
	layout.vector_bytes = layout.strings - layout.vectors;
	return layout;
}

/* Append the addresses of @count strings that start at @string in @args. */
static uint64_t *put_pointers(uint64_t *to, const struct exec *exec,
			      size_t offset, size_t count)
{
	const char *bytes = exec->args.bytes;

	while (count--) {
		*to++ = exec->strings + offset;
		offset += strlen(bytes + offset) + 1;
	}
	*to++ = 0;
	return to;
}

static uint64_t *put_aux(uint64_t *to, uint64_t type, uint64_t value)
{
	*to++ = type;
	*to++ = value;
	return to;
}

static void put_auxv(uint64_t *to, const struct exec *exec,
		     const struct stack_layout *layout)
{
	const struct elf_image *image = &exec->image;
	const struct cred *cred = exec->cred;
	vaddr_t phdrs = image->phdrs ? exec->base + image->phdrs : 0;

	to = put_aux(to, AT_MINSIGSTKSZ, MINSIGSTKSZ);
	to = put_aux(to, AT_HWCAP, cpuid(1, 0).edx);
	to = put_aux(to, AT_PAGESZ, PAGE_SIZE);
	to = put_aux(to, AT_CLKTCK, USER_HZ);
	to = put_aux(to, AT_PHDR, phdrs);
	to = put_aux(to, AT_PHENT, sizeof(Elf64_Phdr));
	to = put_aux(to, AT_PHNUM, image->nr_phdrs);
	to = put_aux(to, AT_BASE, 0); /* no interpreter */
	to = put_aux(to, AT_FLAGS, 0);
	to = put_aux(to, AT_ENTRY, exec->base + image->entry);
	to = put_aux(to, AT_UID, cred->user.real);
	to = put_aux(to, AT_EUID, cred->user.effective);
	to = put_aux(to, AT_GID, cred->group.real);
	to = put_aux(to, AT_EGID, cred->group.effective);
	to = put_aux(to, AT_SECURE,
		     cred->user.real != cred->user.effective ||
			     cred->group.real != cred->group.effective);
	to = put_aux(to, AT_RANDOM, layout->random);
	to = put_aux(to, AT_HWCAP2, 0);
	to = put_aux(to, AT_EXECFN, exec->strings + exec->args.path_offset);
	to = put_aux(to, AT_PLATFORM, layout->platform);
	put_aux(to, AT_NULL, 0);
}

/* Fill exec->vectors: everything below the strings. */
static void build_vectors(struct exec *exec, const struct stack_layout *layout)
{
	const struct exec_args *args = &exec->args;
	uint64_t *to = (uint64_t *)exec->vectors;

	*to++ = args->argc;
	to = put_pointers(to, exec, 0, args->argc);
	to = put_pointers(to, exec, args->env_offset, args->envc);
	put_auxv(to, exec, layout);
	random_bytes(exec->vectors + (layout->random - layout->vectors),
		     RANDOM_BYTES);
	memcpy(exec->vectors + (layout->platform - layout->vectors), platform,
	       sizeof(platform));
}

static void note_layout(struct mm_struct *mm, const struct exec *exec)
{
	mm->start_stack = exec->stack_pointer;
	mm->arg_start = exec->strings;
	mm->arg_end = mm->env_start = exec->strings + exec->args.env_offset;
	mm->env_end = exec->strings + exec->args.path_offset;
}

/* The VMA: what is used at once and the extra, as far as the limit allows. */
static int map_stack(struct exec *exec)
{
	vaddr_t low = page_align_down(exec->stack_pointer);
	uint64_t limit = page_align_down(task_rlimit(RLIMIT_STACK));
	uint64_t bytes = exec->stack_end - low + STACK_EXTRA_BYTES;
	struct map_request request = {
		.flags = VM_READ | VM_WRITE | VM_GROWSDOWN | VM_STACK,
		.fixed = true,
		.no_replace = true,
	};
	int64_t addr;

	if (exec->image.executable_stack)
		request.flags |= VM_EXEC;
	if (bytes > limit)
		bytes = limit;
	if (bytes < exec->stack_end - low)
		return -E2BIG;
	request.addr = exec->stack_end - bytes;
	request.bytes = bytes;
	addr = mm_map_locked(exec->mm, &request);
	return addr < 0 ? (int)addr : 0;
}

int exec_stack_prepare(struct exec *exec)
{
	struct stack_layout layout = lay_out(exec);

	exec->vectors = kzalloc(layout.vector_bytes);
	if (!exec->vectors)
		return -ENOMEM;
	exec->strings = layout.strings;
	exec->stack_pointer = layout.vectors;
	build_vectors(exec, &layout);
	note_layout(exec->mm, exec);
	return map_stack(exec);
}

int exec_stack_write(const struct exec *exec)
{
	int err = copy_to_user(exec->strings, exec->args.bytes,
			       exec->args.used);

	if (err)
		return err;
	return copy_to_user(exec->stack_pointer, exec->vectors,
			    exec->strings - exec->stack_pointer);
}
