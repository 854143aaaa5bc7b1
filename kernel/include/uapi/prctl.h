#pragma once

/* prctl(2), arch_prctl(2), personality(2). */

#define PR_SET_PDEATHSIG	1
#define PR_GET_PDEATHSIG	2
#define PR_GET_DUMPABLE		3
#define PR_SET_DUMPABLE		4
#define PR_SET_NAME		15	/* 16 bytes with the NUL */
#define PR_GET_NAME		16
#define PR_GET_SECCOMP		21
#define PR_CAPBSET_READ		23
#define PR_GET_TSC		25
#define PR_TSC_ENABLE		1
#define PR_GET_TIMERSLACK	30
#define PR_SET_MM		35
#define PR_SET_CHILD_SUBREAPER	36
#define PR_GET_CHILD_SUBREAPER	37
#define PR_SET_NO_NEW_PRIVS	38
#define PR_GET_NO_NEW_PRIVS	39
#define PR_SET_THP_DISABLE	41
#define PR_GET_THP_DISABLE	42
#define PR_SET_VMA		0x53564d41
#define PR_SET_VMA_ANON_NAME	0

/* arch_prctl(): the bases of the segments that thread-local storage uses. */
#define ARCH_SET_GS		0x1001
#define ARCH_SET_FS		0x1002
#define ARCH_GET_FS		0x1003
#define ARCH_GET_GS		0x1004

#define ADDR_NO_RANDOMIZE	0x0040000	/* personality() */
#define MMAP_PAGE_ZERO		0x0100000
#define ADDR_COMPAT_LAYOUT	0x0200000
#define READ_IMPLIES_EXEC	0x0400000
#define PER_LINUX		0
