/*
 * Registers and backtraces, for a panic. Nothing here may fault: every pointer
 * that is followed has been found inside a kernel stack that is mapped.
 */
#include "registers.h"

#include "arch.h"
#include "gdt.h"
#include "kstack.h"
#include "ksym.h"
#include "percpu.h"
#include "printk.h"
#include "task.h"

#define BACKTRACE_MAX 32

/* What `push rbp; mov rbp, rsp` leaves at rbp. */
struct call_frame {
	uint64_t caller_rbp;
	uint64_t return_address;
};

__attribute__((noinline))
void registers_capture(struct trap_frame *frame)
{
	const struct call_frame *here = __builtin_frame_address(0);

	*frame = (struct trap_frame){
		.rip = here->return_address,
		.cs = KERNEL_CS,
		.rflags = read_rflags(),
		.rsp = (uint64_t)(here + 1),
		.rbp = here->caller_rbp,
		.ss = KERNEL_SS,
	};
	__asm__("mov %%rbx, %0" : "=m"(frame->rbx));
	__asm__("mov %%r12, %0" : "=m"(frame->r12));
	__asm__("mov %%r13, %0" : "=m"(frame->r13));
	__asm__("mov %%r14, %0" : "=m"(frame->r14));
	__asm__("mov %%r15, %0" : "=m"(frame->r15));
}

void registers_print(const struct trap_frame *f)
{
	printk("rip %016lx  cs  %04lx  rflags %08lx", f->rip, f->cs, f->rflags);
	printk("  vector %lu error %lx\n", f->vector, f->error);
	printk("rax %016lx  rbx %016lx  rcx %016lx\n", f->rax, f->rbx, f->rcx);
	printk("rdx %016lx  rsi %016lx  rdi %016lx\n", f->rdx, f->rsi, f->rdi);
	printk("rbp %016lx  rsp %016lx  r8  %016lx\n", f->rbp, f->rsp, f->r8);
	printk("r9  %016lx  r10 %016lx  r11 %016lx\n", f->r9, f->r10, f->r11);
	printk("r12 %016lx  r13 %016lx  r14 %016lx\n", f->r12, f->r13, f->r14);
	printk("r15 %016lx  cr0 %016lx  cr2 %016lx\n", f->r15, read_cr0(),
	       read_cr2());
	printk("cr3 %016lx  cr4 %016lx\n", read_cr3(), read_cr4());
}

/* The bounds of the kernel stack that @addr lies in, or false. */
static bool stack_bounds(uint64_t addr, uint64_t *start, uint64_t *end)
{
	const struct task *task = current;

	if (cpu_stack_bounds(addr, start, end))
		return true;
	if (!task->kstack_top)
		return false;
	*start = kstack_start(task->kstack_top);
	*end = task->kstack_top;
	return addr >= *start && addr < *end;
}

static void print_caller(uint64_t return_address)
{
	ksym_print(return_address);
	printk("\n");
}

void backtrace_print(const struct trap_frame *frame)
{
	uint64_t rbp = frame->rbp, start, end, offset;

	printk("backtrace:\n");
	print_caller(frame->rip);
	/* A jump to nowhere: the call's return address is still on top. */
	if (!ksym_find(frame->rip, &offset) && frame->rsp % 8 == 0 &&
	    stack_bounds(frame->rsp, &start, &end))
		print_caller(*(const uint64_t *)frame->rsp);
	if (!stack_bounds(rbp, &start, &end))
		return;
	for (int i = 0; i < BACKTRACE_MAX; i++) {
		const struct call_frame *call = (const struct call_frame *)rbp;

		if (rbp % 8 || rbp < start || rbp + sizeof(*call) > end)
			break;
		if (!call->return_address)
			break;
		print_caller(call->return_address);
		if (call->caller_rbp <= rbp)
			break;
		rbp = call->caller_rbp;
	}
}
