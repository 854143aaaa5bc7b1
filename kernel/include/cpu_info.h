/*
 * What the processor says of itself, for /proc/cpuinfo.
 */
#pragma once

#include "types.h"

struct cpu_info {
	char vendor[13];          /* "GenuineIntel" */
	char name[49];            /* of the model, for people */
	unsigned int family, model, stepping;
	unsigned int max_leaf;    /* of CPUID's standard ones */
	unsigned int flush_bytes; /* what clflush writes back: a cache line */
	unsigned int phys_bits, virt_bits;
};

void cpu_info_read(struct cpu_info *info);

/*
 * The name that Linux gives the @nr-th feature it knows, from 0 on, and whether
 * this CPU has it. NULL behind the last one.
 */
const char *cpu_info_feature(size_t nr, bool *present);
