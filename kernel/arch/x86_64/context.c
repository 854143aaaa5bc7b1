/*
 * The processor's side of a task: see arch_task.h.
 *
 * FPU registers hold the user's values at all times, since the kernel is
 * compiled without them; they change owner in arch_switch() and nowhere else.
 * FS is the user's too. Its selector is not saved, only its base: 64-bit
 * programs have 0 in the selector.
 */
#include "arch_task.h"

#include "arch.h"
#include "fpu.h"
#include "gdt.h"
#include "percpu.h"
#include "string.h"

/* What switch_stacks() pops when it continues a task, lowest first. */
struct switch_frame {
	uint64_t r15, r14, r13, r12, rbx, rbp;
	uint64_t return_address;
};

/* switch.asm, entry.asm */
struct task *switch_stacks(struct task *prev, struct task *next);
void task_start(void);

/*
 * Below the trap frame goes what arch_switch() pops; it "returns" to
 * task_start, which finds its orders in rbx and r12.
 */
static void push_switch_frame(struct task *task, void (*fn)(void *), void *arg)
{
	struct switch_frame *frame =
		(struct switch_frame *)task_frame(task) - 1;

	*frame = (struct switch_frame){
		.rbx = (uint64_t)fn,
		.r12 = (uint64_t)arg,
		.return_address = (uint64_t)task_start,
	};
	task->kernel_sp = (uint64_t)frame;
}

void arch_task_init(struct task *task, void (*fn)(void *), void *arg)
{
	memset(task_frame(task), 0, sizeof(struct trap_frame));
	push_switch_frame(task, fn, arg);
	fpu_init_image(task->fpu);
	task->fs_base = 0;
}

void arch_task_fork(struct task *child)
{
	*task_frame(child) = *task_frame(current);
	task_frame(child)->rax = 0;
	push_switch_frame(child, NULL, NULL);
	fxsave(child->fpu);
	child->fs_base = current->fs_base;
}

void arch_task_exec(vaddr_t entry, vaddr_t stack)
{
	*task_frame(current) = (struct trap_frame){
		.vector = VEC_SYSCALL,
		.rip = entry,
		.cs = USER_CS,
		.rflags = EFLAGS_ALWAYS | EFLAGS_IF,
		.rsp = stack,
		.ss = USER_SS,
	};
	fpu_reset();
	arch_set_fs_base(0);
}

void arch_set_fs_base(uint64_t base)
{
	current->fs_base = base;
	wrmsr(MSR_FS_BASE, base);
}

struct task *arch_switch(struct task *prev, struct task *next)
{
	fxsave(prev->fpu);
	fxrstor(next->fpu);
	wrmsr(MSR_FS_BASE, next->fs_base);
	cpu_set_kernel_sp(next->kstack_top);
	return switch_stacks(prev, next);
}

void arch_wait_for_interrupt(void)
{
	sti_hlt();
}
