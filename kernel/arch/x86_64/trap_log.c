/*
 * Kernel log lines about user programs. See trap_log.h.
 */
#include "trap_log.h"

#include "arch.h"
#include "dentry.h"
#include "file.h"
#include "mm.h"
#include "printk.h"
#include "task.h"
#include "trap.h"
#include "uaccess.h"

/* As Linux: two thirds of the bytes before the instruction. */
#define CODE_BYTES 64
#define CODE_BYTES_BEFORE (CODE_BYTES * 2 / 3)

/* Each byte is " xx", the faulting one " <xx>". */
#define CODE_TEXT_BYTES (CODE_BYTES * 3 + 2 + 1)

/* " in name[file_off,vm_start+size]": the mapping of @ip, if it is a file's. */
static void log_mapping(vaddr_t ip)
{
	struct mm_struct *mm = current->mm;
	const struct vma *vma;

	mutex_lock(&mm->lock);
	vma = vma_find(&mm->vmas, ip);
	if (vma && vma->start <= ip && vma->file && vma->file->dentry) {
		uint64_t offset = (vma->file_page << PAGE_SHIFT) +
				  (ip - vma->start);

		printk(" in %s[%lx,%lx+%lx]", vma->file->dentry->name, offset,
		       vma->start, vma->end - vma->start);
	}
	mutex_unlock(&mm->lock);
}

static void log_code(vaddr_t ip)
{
	uint8_t code[CODE_BYTES];
	char text[CODE_TEXT_BYTES];
	vaddr_t from = ip - CODE_BYTES_BEFORE;
	size_t n = 0;

	if (ip < CODE_BYTES_BEFORE ||
	    copy_from_user(code, from, sizeof(code))) {
		printk("Code: Unable to access opcode bytes at 0x%lx.\n", from);
		return;
	}
	for (size_t i = 0; i < CODE_BYTES; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
				      i == CODE_BYTES_BEFORE ? " <%02x>"
							     : " %02x",
				      code[i]);
	printk("Code:%s\n", text);
}

void trap_log_segfault(const struct trap_frame *frame, vaddr_t addr,
		       uint64_t error)
{
	printk("%s[%d]: segfault at %lx ip %016lx sp %016lx error %lx",
	       current->comm, current->pid, addr, frame->rip, frame->rsp,
	       error);
	log_mapping(frame->rip);
	printk(" likely on CPU 0 (core 0, socket 0)\n");
	log_code(frame->rip);
}

/* Linux says "trap" before all but this one. */
void trap_log_exception(const struct trap_frame *frame, const char *name)
{
	printk("traps: %s[%d] %s%s ip:%lx sp:%lx error:%lx", current->comm,
	       current->pid, frame->vector == VEC_PROTECTION ? "" : "trap ",
	       name, frame->rip, frame->rsp, frame->error);
	log_mapping(frame->rip);
	printk("\n");
}
