/*
 * CPU features: what this CPU has, and the control bits that switch it on.
 */
#include "arch.h"
#include "gdt.h"
#include "paging.h"
#include "percpu.h"

#define CPUID_FEATURES 7 /* leaf */
#define CPUID_7_EBX_SMEP (1u << 7)
#define CPUID_7_EBX_SMAP (1u << 20)
#define CPUID_7_ECX_UMIP (1u << 2)

#define CPUID_EXT_FEATURES 0x80000001u
#define CPUID_EXT_EDX_NX (1u << 20)
#define CPUID_EXT_EDX_1G_PAGES (1u << 26)

#define CPUID_EXT_SIZES 0x80000008u /* eax: bits of a physical address */
#define DEFAULT_PHYS_BITS 36

pte_t pte_no_exec;
bool cpu_has_smap;
bool cpu_has_1g_pages;

void syscall_entry(void); /* entry.asm */

static bool leaf_exists(uint32_t leaf)
{
	return cpuid(leaf & 0x80000000u, 0).eax >= leaf;
}

/*
 * Read-only pages bind the kernel too (WP), and the kernel can neither execute
 * (SMEP) nor by mistake touch (SMAP) what is the user's. No OSXSAVE: programs
 * see a CPU without AVX, whose registers arch_switch() does not save.
 */
static void init_control_registers(void)
{
	uint64_t cr0 = read_cr0() & ~CR0_EM;
	uint64_t cr4 = read_cr4() | CR4_PGE | CR4_OSFXSR | CR4_OSXMMEXCPT;

	if (leaf_exists(CPUID_FEATURES)) {
		struct cpuid_regs features = cpuid(CPUID_FEATURES, 0);

		if (features.ebx & CPUID_7_EBX_SMEP)
			cr4 |= CR4_SMEP;
		if (features.ebx & CPUID_7_EBX_SMAP)
			cr4 |= CR4_SMAP;
		if (features.ecx & CPUID_7_ECX_UMIP)
			cr4 |= CR4_UMIP;
	}
	cpu_has_smap = cr4 & CR4_SMAP;
	write_cr0(cr0 | CR0_MP | CR0_NE | CR0_WP | CR0_AM);
	write_cr4(cr4);
}

/* STAR: where syscall and sysret find their segments, see gdt.h. */
static void init_syscall(void)
{
	wrmsr(MSR_STAR, (uint64_t)SYSRET_BASE << 48 |
			(uint64_t)KERNEL_CS << 32);
	wrmsr(MSR_LSTAR, (uint64_t)syscall_entry);
	wrmsr(MSR_SFMASK, EFLAGS_IF | EFLAGS_DF | EFLAGS_AC | EFLAGS_NT |
			  EFLAGS_TF | EFLAGS_RF);
}

void cpu_features_init(void)
{
	uint32_t edx = cpuid(CPUID_EXT_FEATURES, 0).edx;
	uint64_t efer = rdmsr(MSR_EFER) | EFER_SCE;

	if (edx & CPUID_EXT_EDX_NX) {
		efer |= EFER_NXE;
		pte_no_exec = 1UL << 63;
	}
	cpu_has_1g_pages = edx & CPUID_EXT_EDX_1G_PAGES;
	wrmsr(MSR_EFER, efer);
	init_control_registers();
	init_syscall();
}

uint64_t cpu_phys_limit(void)
{
	unsigned int bits = DEFAULT_PHYS_BITS;

	if (leaf_exists(CPUID_EXT_SIZES))
		bits = cpuid(CPUID_EXT_SIZES, 0).eax & 0xff;
	return 1UL << (bits < 52 ? bits : 52);
}
