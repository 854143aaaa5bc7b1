/*
 * CPUID, read out for people.
 */
#include "cpu_info.h"

#include "cpu.h"
#include "string.h"

#define LEAF_VENDOR 0u
#define LEAF_FEATURES 1u
#define LEAF_FEATURES_7 7u
#define LEAF_EXT 0x80000000u
#define LEAF_EXT_FEATURES 0x80000001u
#define LEAF_NAME 0x80000002u /* and the two behind it */
#define LEAF_SIZES 0x80000008u

#define FAMILY_EXTENDED 15u /* then another field is added to it */
#define FLUSH_UNIT 8        /* bytes */

/* ---- features ---- */

enum word { WORD_1_EDX, WORD_1_ECX, WORD_7_EBX, WORD_EXT_EDX, WORD_EXT_ECX };

static const struct feature {
	const char *name;
	enum word word;
	unsigned int bit;
} features[] = {
	{ "fpu", WORD_1_EDX, 0 },        { "vme", WORD_1_EDX, 1 },
	{ "de", WORD_1_EDX, 2 },         { "pse", WORD_1_EDX, 3 },
	{ "tsc", WORD_1_EDX, 4 },        { "msr", WORD_1_EDX, 5 },
	{ "pae", WORD_1_EDX, 6 },        { "mce", WORD_1_EDX, 7 },
	{ "cx8", WORD_1_EDX, 8 },        { "apic", WORD_1_EDX, 9 },
	{ "sep", WORD_1_EDX, 11 },       { "mtrr", WORD_1_EDX, 12 },
	{ "pge", WORD_1_EDX, 13 },       { "mca", WORD_1_EDX, 14 },
	{ "cmov", WORD_1_EDX, 15 },      { "pat", WORD_1_EDX, 16 },
	{ "pse36", WORD_1_EDX, 17 },     { "clflush", WORD_1_EDX, 19 },
	{ "mmx", WORD_1_EDX, 23 },       { "fxsr", WORD_1_EDX, 24 },
	{ "sse", WORD_1_EDX, 25 },       { "sse2", WORD_1_EDX, 26 },
	{ "ss", WORD_1_EDX, 27 },        { "ht", WORD_1_EDX, 28 },
	{ "syscall", WORD_EXT_EDX, 11 }, { "nx", WORD_EXT_EDX, 20 },
	{ "mmxext", WORD_EXT_EDX, 22 },  { "fxsr_opt", WORD_EXT_EDX, 25 },
	{ "pdpe1gb", WORD_EXT_EDX, 26 }, { "rdtscp", WORD_EXT_EDX, 27 },
	{ "lm", WORD_EXT_EDX, 29 },      { "pni", WORD_1_ECX, 0 },
	{ "pclmulqdq", WORD_1_ECX, 1 },  { "monitor", WORD_1_ECX, 3 },
	{ "vmx", WORD_1_ECX, 5 },        { "ssse3", WORD_1_ECX, 9 },
	{ "fma", WORD_1_ECX, 12 },       { "cx16", WORD_1_ECX, 13 },
	{ "pcid", WORD_1_ECX, 17 },      { "sse4_1", WORD_1_ECX, 19 },
	{ "sse4_2", WORD_1_ECX, 20 },    { "x2apic", WORD_1_ECX, 21 },
	{ "movbe", WORD_1_ECX, 22 },     { "popcnt", WORD_1_ECX, 23 },
	{ "aes", WORD_1_ECX, 25 },       { "xsave", WORD_1_ECX, 26 },
	{ "avx", WORD_1_ECX, 28 },       { "f16c", WORD_1_ECX, 29 },
	{ "rdrand", WORD_1_ECX, 30 },    { "hypervisor", WORD_1_ECX, 31 },
	{ "lahf_lm", WORD_EXT_ECX, 0 },  { "svm", WORD_EXT_ECX, 2 },
	{ "abm", WORD_EXT_ECX, 5 },      { "sse4a", WORD_EXT_ECX, 6 },
	{ "fsgsbase", WORD_7_EBX, 0 },   { "bmi1", WORD_7_EBX, 3 },
	{ "avx2", WORD_7_EBX, 5 },       { "smep", WORD_7_EBX, 7 },
	{ "bmi2", WORD_7_EBX, 8 },       { "erms", WORD_7_EBX, 9 },
	{ "invpcid", WORD_7_EBX, 10 },   { "rdseed", WORD_7_EBX, 18 },
	{ "adx", WORD_7_EBX, 19 },       { "smap", WORD_7_EBX, 20 },
	{ "clflushopt", WORD_7_EBX, 23 },
};

/* All zeros where the CPU has no such leaf: it would answer another one's. */
static struct cpuid_regs read_leaf(uint32_t leaf)
{
	if (cpuid(leaf & LEAF_EXT, 0).eax < leaf)
		return (struct cpuid_regs){ 0, 0, 0, 0 };
	return cpuid(leaf, 0);
}

static uint32_t read_word(enum word word)
{
	switch (word) {
	case WORD_1_EDX:
		return read_leaf(LEAF_FEATURES).edx;
	case WORD_1_ECX:
		return read_leaf(LEAF_FEATURES).ecx;
	case WORD_7_EBX:
		return read_leaf(LEAF_FEATURES_7).ebx;
	case WORD_EXT_EDX:
		return read_leaf(LEAF_EXT_FEATURES).edx;
	default:
		return read_leaf(LEAF_EXT_FEATURES).ecx;
	}
}

const char *cpu_info_feature(size_t nr, bool *present)
{
	if (nr >= ARRAY_SIZE(features))
		return NULL;
	*present = read_word(features[nr].word) >> features[nr].bit & 1;
	return features[nr].name;
}

/* ---- identity ---- */

/* Twelve characters in three registers, in an order of CPUID's own. */
static void read_vendor(struct cpu_info *info)
{
	struct cpuid_regs regs = cpuid(LEAF_VENDOR, 0);

	info->max_leaf = regs.eax;
	memcpy(info->vendor, &regs.ebx, 4);
	memcpy(info->vendor + 4, &regs.edx, 4);
	memcpy(info->vendor + 8, &regs.ecx, 4);
	info->vendor[12] = '\0';
}

static void read_name(struct cpu_info *info)
{
	char *name = info->name;

	for (uint32_t i = 0; i < 3; i++) {
		struct cpuid_regs regs = read_leaf(LEAF_NAME + i);

		memcpy(name + 16 * i, &regs, sizeof(regs));
	}
	name[48] = '\0';
	while (*name == ' ')
		name++;
	memmove(info->name, name, strlen(name) + 1);
}

static void read_model(struct cpu_info *info)
{
	struct cpuid_regs regs = read_leaf(LEAF_FEATURES);
	uint32_t sizes = read_leaf(LEAF_SIZES).eax;

	info->family = regs.eax >> 8 & 0xf;
	info->model = regs.eax >> 4 & 0xf;
	info->stepping = regs.eax & 0xf;
	if (info->family == 6 || info->family == FAMILY_EXTENDED)
		info->model |= regs.eax >> 12 & 0xf0;
	if (info->family == FAMILY_EXTENDED)
		info->family += regs.eax >> 20 & 0xff;
	info->flush_bytes = (regs.ebx >> 8 & 0xff) * FLUSH_UNIT;
	info->phys_bits = sizes & 0xff;
	info->virt_bits = sizes >> 8 & 0xff;
}

void cpu_info_read(struct cpu_info *info)
{
	read_vendor(info);
	read_name(info);
	read_model(info);
}
