/*
 * GDT, TSS and the per-CPU pointer.
 *
 * Segments do almost nothing in 64-bit mode: CS tells the privilege level, the
 * TSS tells which stack to take. The stacks for exceptions lie here, each with a
 * guard page below it that paging_init() leaves unmapped.
 */
#include "gdt.h"

#include "arch.h"
#include "percpu.h"
#include "task.h"

#define SEGMENT_CODE_64 0x00209a0000000000UL /* present, code, long mode */
#define SEGMENT_DATA 0x0000920000000000UL    /* present, data, writable */
#define SEGMENT_RING3 (3UL << 45)
#define SEGMENT_TSS 0x0000890000000000UL     /* present, available TSS */

#define IST_STACK_BYTES 8192

struct guarded_stack {
	char guard[PAGE_SIZE];
	char stack[IST_STACK_BYTES];
};

_Alignas(PAGE_SIZE)
static struct guarded_stack ist_stacks[NR_IST - 1];
static struct tss boot_tss;

struct cpu boot_cpu = { .running = &boot_task, .tss = &boot_tss };

/* multiboot.asm */
extern char boot_stack_guard[], boot_stack[], boot_stack_top[];

static uint64_t gdt[] = {
	[KERNEL_CS / 8] = SEGMENT_CODE_64,
	[KERNEL_SS / 8] = SEGMENT_DATA,
	[USER_SS / 8] = SEGMENT_DATA | SEGMENT_RING3,
	[USER_CS / 8] = SEGMENT_CODE_64 | SEGMENT_RING3,
	[TSS_SELECTOR / 8] = 0, /* two entries, filled in by set_tss() */
	[TSS_SELECTOR / 8 + 1] = 0,
};

/* A system descriptor is 16 bytes, and scatters base and limit among them. */
static void set_tss(const struct tss *tss)
{
	uint64_t base = (uint64_t)tss, limit = sizeof(*tss) - 1;

	gdt[TSS_SELECTOR / 8] = SEGMENT_TSS | limit |
				(base & 0xffffff) << 16 |
				(base >> 24 & 0xff) << 56;
	gdt[TSS_SELECTOR / 8 + 1] = base >> 32;
}

static void load_segments(void)
{
	struct table_pointer pointer = { sizeof(gdt) - 1, (uint64_t)gdt };

	lgdt(&pointer);
	/* CS can only be loaded by a far transfer: return to the next line. */
	__asm__ volatile("pushq %0\n\t"
			 "leaq 1f(%%rip), %%rax\n\t"
			 "pushq %%rax\n\t"
			 "lretq\n"
			 "1:\n\t"
			 "movw %1, %%ss\n\t"
			 : : "i"(KERNEL_CS), "r"((uint16_t)KERNEL_SS)
			 : "rax", "memory");
	ltr(TSS_SELECTOR);
}

void cpu_init(void)
{
	for (size_t i = 1; i < NR_IST; i++)
		boot_tss.ist[i - 1] = (uint64_t)ist_stacks[i - 1].stack +
				      IST_STACK_BYTES;
	boot_tss.io_map_base = sizeof(boot_tss);
	set_tss(&boot_tss);
	load_segments();
	wrmsr(MSR_GS_BASE, (uint64_t)&boot_cpu);
	wrmsr(MSR_KERNEL_GS_BASE, 0);
}

void cpu_set_kernel_sp(uint64_t kernel_sp)
{
	boot_cpu.kernel_sp = kernel_sp;
	boot_cpu.tss->rsp[0] = kernel_sp;
}

static bool inside(uint64_t addr, const char *from, const char *to,
		   uint64_t *start, uint64_t *end)
{
	*start = (uint64_t)from;
	*end = (uint64_t)to;
	return addr >= *start && addr < *end;
}

bool cpu_stack_bounds(uint64_t addr, uint64_t *start, uint64_t *end)
{
	for (size_t i = 0; i < NR_IST - 1; i++) {
		const char *stack = ist_stacks[i].stack;

		if (inside(addr, stack, stack + IST_STACK_BYTES, start, end))
			return true;
	}
	return inside(addr, boot_stack, boot_stack_top, start, end);
}

size_t cpu_stack_guards(const char *guards[], size_t max)
{
	size_t nr = 0;

	if (nr < max)
		guards[nr++] = boot_stack_guard;
	for (size_t i = 0; i < NR_IST - 1 && nr < max; i++)
		guards[nr++] = ist_stacks[i].guard;
	return nr;
}

bool cpu_is_stack_guard(uint64_t addr)
{
	const char *guards[NR_IST];
	size_t nr = cpu_stack_guards(guards, NR_IST);

	for (size_t i = 0; i < nr; i++)
		if (addr - (uint64_t)guards[i] < PAGE_SIZE)
			return true;
	return false;
}
