/*
 * Single instructions that C has no words for, each named for what it is.
 *
 * A "memory" clobber means: the compiler must not move loads and stores of
 * ordinary memory across this instruction. It is there when the instruction
 * changes what those loads would see, or what other code may do meanwhile.
 */
#pragma once

#include "types.h"

#define CR0_MP (1UL << 1)  /* with TS: wait/fwait trap too */
#define CR0_EM (1UL << 2)  /* no FPU: must be off */
#define CR0_NE (1UL << 5)  /* x87 errors are #MF, not an interrupt */
#define CR0_WP (1UL << 16) /* read-only pages bind the kernel too */
#define CR0_AM (1UL << 18) /* alignment checks, where EFLAGS.AC asks */

#define CR4_PGE (1UL << 7)        /* global pages survive a CR3 load */
#define CR4_OSFXSR (1UL << 9)     /* SSE: fxsave is in use */
#define CR4_OSXMMEXCPT (1UL << 10) /* SSE errors are #XM */
#define CR4_UMIP (1UL << 11)
#define CR4_SMEP (1UL << 20)
#define CR4_SMAP (1UL << 21)

#define EFLAGS_ALWAYS (1UL << 1) /* a bit that cannot be 0 */
#define EFLAGS_CONDITIONS 0x8d5UL /* CF, PF, AF, ZF, SF, OF */
#define EFLAGS_TF (1UL << 8)
#define EFLAGS_IF (1UL << 9)
#define EFLAGS_DF (1UL << 10)
#define EFLAGS_IOPL (3UL << 12)
#define EFLAGS_NT (1UL << 14)
#define EFLAGS_RF (1UL << 16)
#define EFLAGS_AC (1UL << 18)

#define MSR_EFER 0xc0000080u
#define MSR_STAR 0xc0000081u
#define MSR_LSTAR 0xc0000082u
#define MSR_SFMASK 0xc0000084u
#define MSR_FS_BASE 0xc0000100u
#define MSR_GS_BASE 0xc0000101u
#define MSR_KERNEL_GS_BASE 0xc0000102u

#define EFER_SCE (1UL << 0)
#define EFER_NXE (1UL << 11)

/* Port I/O: devices act on it, so it stays in order with memory. */
static inline void outb(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline void outw(uint16_t port, uint16_t value)
{
	__asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline void outl(uint16_t port, uint32_t value)
{
	__asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline uint8_t inb(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

static inline uint16_t inw(uint16_t port)
{
	uint16_t value;

	__asm__ volatile("inw %1, %0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

static inline uint32_t inl(uint16_t port)
{
	uint32_t value;

	__asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

/* rep outsb: @n bytes from @buf to one port. rsi and rcx are used up. */
static inline void outsb(uint16_t port, const void *buf, size_t n)
{
	__asm__ volatile("rep outsb"
			 : "+S"(buf), "+c"(n) : "d"(port) : "memory");
}

/* rep insb: @n bytes from one port to @buf. rdi and rcx are used up. */
static inline void insb(uint16_t port, void *buf, size_t n)
{
	__asm__ volatile("rep insb"
			 : "+D"(buf), "+c"(n) : "d"(port) : "memory");
}

/* The same by words of 16 bits: the data port of a disk. */
static inline void outsw(uint16_t port, const void *buf, size_t n)
{
	__asm__ volatile("rep outsw"
			 : "+S"(buf), "+c"(n) : "d"(port) : "memory");
}

static inline void insw(uint16_t port, void *buf, size_t n)
{
	__asm__ volatile("rep insw"
			 : "+D"(buf), "+c"(n) : "d"(port) : "memory");
}

/* The fence keeps earlier instructions from being counted as later ones. */
static inline uint64_t rdtsc(void)
{
	uint32_t low, high;

	__asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
}

static inline uint64_t rdmsr(uint32_t msr)
{
	uint32_t low, high;

	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return (uint64_t)high << 32 | low;
}

/* An MSR may change the address space or what GS means: nothing moves across. */
static inline void wrmsr(uint32_t msr, uint64_t value)
{
	__asm__ volatile("wrmsr" : : "c"(msr), "a"((uint32_t)value),
			 "d"((uint32_t)(value >> 32)) : "memory");
}

struct cpuid_regs {
	uint32_t eax, ebx, ecx, edx;
};

static inline struct cpuid_regs cpuid(uint32_t leaf, uint32_t subleaf)
{
	struct cpuid_regs regs;

	__asm__ volatile("cpuid" : "=a"(regs.eax), "=b"(regs.ebx),
			 "=c"(regs.ecx), "=d"(regs.edx)
			 : "a"(leaf), "c"(subleaf));
	return regs;
}

static inline uint64_t read_cr0(void)
{
	uint64_t value;

	__asm__ volatile("mov %%cr0, %0" : "=r"(value));
	return value;
}

static inline void write_cr0(uint64_t value)
{
	__asm__ volatile("mov %0, %%cr0" : : "r"(value) : "memory");
}

/* Set by the CPU at each page fault, so it must be read anew each time. */
static inline uint64_t read_cr2(void)
{
	uint64_t value;

	__asm__ volatile("mov %%cr2, %0" : "=r"(value));
	return value;
}

static inline uint64_t read_cr3(void)
{
	uint64_t value;

	__asm__ volatile("mov %%cr3, %0" : "=r"(value));
	return value;
}

static inline void write_cr3(uint64_t value)
{
	__asm__ volatile("mov %0, %%cr3" : : "r"(value) : "memory");
}

static inline uint64_t read_cr4(void)
{
	uint64_t value;

	__asm__ volatile("mov %%cr4, %0" : "=r"(value));
	return value;
}

static inline void write_cr4(uint64_t value)
{
	__asm__ volatile("mov %0, %%cr4" : : "r"(value) : "memory");
}

/* What is stored in the page must not be cached in registers across this. */
static inline void invlpg(vaddr_t addr)
{
	__asm__ volatile("invlpg (%0)" : : "r"(addr) : "memory");
}

/* The operand of lgdt and lidt. */
struct table_pointer {
	uint16_t limit; /* bytes - 1 */
	uint64_t base;
} __attribute__((packed));

static inline void lgdt(const struct table_pointer *table)
{
	__asm__ volatile("lgdt %0" : : "m"(*table) : "memory");
}

static inline void lidt(const struct table_pointer *table)
{
	__asm__ volatile("lidt %0" : : "m"(*table) : "memory");
}

/* Load the task register: the CPU reads and marks the descriptor. */
static inline void ltr(uint16_t selector)
{
	__asm__ volatile("ltr %0" : : "r"(selector) : "memory");
}

/* Between cli and sti handlers cannot change memory behind the compiler. */
static inline void cli(void)
{
	__asm__ volatile("cli" : : : "memory");
}

static inline void sti(void)
{
	__asm__ volatile("sti" : : : "memory");
}

/*
 * Wait for an interrupt. sti takes effect after the next instruction, so none
 * can slip in between the two and be slept through.
 */
static inline void sti_hlt(void)
{
	__asm__ volatile("sti; hlt" : : : "memory");
}

static inline void hlt(void)
{
	__asm__ volatile("hlt" : : : "memory");
}

/* Save and load x87 and SSE state; @image is 512 bytes, aligned to 16. */
static inline void fxsave(void *image)
{
	__asm__ volatile("fxsave64 (%0)" : : "r"(image) : "memory");
}

static inline void fxrstor(const void *image)
{
	__asm__ volatile("fxrstor64 (%0)" : : "r"(image) : "memory");
}

static inline uint64_t read_rflags(void)
{
	uint64_t value;

	__asm__ volatile("pushfq; pop %0" : "=r"(value));
	return value;
}

static inline uint64_t read_rbp(void)
{
	uint64_t value;

	__asm__ volatile("mov %%rbp, %0" : "=r"(value));
	return value;
}

/*
 * A random number of the CPU's own, or 0 where it has none to give: on old
 * models, and for a moment when others have asked too much.
 */
static inline uint64_t rdrand(void)
{
	uint64_t value = 0;

	if (cpuid(1, 0).ecx & 1U << 30)
		__asm__ volatile("rdrand %0" : "+r"(value) : : "cc");
	return value;
}
