#pragma once

#include <stddef.h>
#include <sys/types.h>
#include <uapi/sched.h>

/* A set of processors: one bit each. */
typedef struct {
	unsigned long __bits[16];
} cpu_set_t;

#define CPU_SETSIZE	1024
#define CPU_ZERO(set)	((void)(*(set) = (cpu_set_t){ { 0 } }))
#define CPU_SET(cpu, set) \
	((void)((set)->__bits[(cpu) / 64] |= 1UL << (cpu) % 64))
#define CPU_CLR(cpu, set) \
	((void)((set)->__bits[(cpu) / 64] &= ~(1UL << (cpu) % 64)))
#define CPU_ISSET(cpu, set) \
	((int)((set)->__bits[(cpu) / 64] >> (cpu) % 64 & 1))
#define CPU_COUNT(set) __cpu_count(set)

int __cpu_count(const cpu_set_t *set);
int sched_yield(void);
int sched_getcpu(void);
int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set);
int sched_setaffinity(pid_t pid, size_t size, const cpu_set_t *set);
