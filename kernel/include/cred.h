/*
 * Credentials: on whose behalf a thread acts, and what it may do.
 *
 * A struct cred never changes once a thread has it; a thread that changes its ids
 * gets another one. So tasks share it, and may look at each other's.
 *
 *	real       who started it          saved  what it can return to
 *	effective  whose rights it has     fs     the same, for files
 */
#pragma once

#include "types.h"

#define GROUPS_MAX 32 /* supplementary groups */
#define NO_ID UINT32_MAX

/* Capabilities that the kernel asks for; the numbers are Linux's. */
enum capability {
	CAP_CHOWN = 0,
	CAP_DAC_OVERRIDE = 1,
	CAP_DAC_READ_SEARCH = 2,
	CAP_FOWNER = 3,
	CAP_KILL = 5,
	CAP_SETGID = 6,
	CAP_SETUID = 7,
	CAP_IPC_LOCK = 14,
	CAP_IPC_OWNER = 15,
	CAP_SYS_PTRACE = 19,
	CAP_SYS_ADMIN = 21,
	CAP_SYS_BOOT = 22,
	CAP_SYS_NICE = 23,
	CAP_SYS_RESOURCE = 24,
	CAP_MKNOD = 27,
	NR_CAPABILITIES = 41,
};

#define CAPS_ALL ((1UL << NR_CAPABILITIES) - 1)

struct ids {
	uint32_t real, effective, saved, fs;
};

struct cred {
	uint32_t refs; /* atomic */
	struct ids user, group;
	uint32_t nr_groups;
	uint64_t effective, permitted, inheritable; /* capabilities, as bits */
	uint32_t groups[GROUPS_MAX];
};

struct inode;
struct task;

/* Root's, which may do everything; what the first task starts with. */
extern struct cred root_cred;

static inline struct cred *cred_get(struct cred *cred)
{
	__atomic_fetch_add(&cred->refs, 1, __ATOMIC_RELAXED);
	return cred;
}

void cred_put(struct cred *cred);

/* A copy of the running thread's that may be changed, or NULL. */
struct cred *cred_prepare(void);

/* The running thread's from now on; takes over the reference. */
void cred_commit(struct cred *cred);

/*
 * The user ids of @cred have changed from those of the running thread: root loses
 * its capabilities with its last id of 0, and may use them while the effective
 * one is 0.
 */
void cred_fix_capabilities(struct cred *cred);

/*
 * What a program of @inode runs as: set-id bits count, and whoever is not root
 * then has no capabilities. With a reference, or NULL.
 */
struct cred *cred_for_exec(const struct inode *inode);

/* Whether the running thread has @cap. */
bool capable(enum capability cap);

/* Whether @gid is the thread's group for files, or one of its others. */
bool in_group(const struct cred *cred, uint32_t gid);

/*
 * Whether the running thread may send @task a signal; or look into it and change
 * it, as a debugger does.
 */
bool may_signal(const struct task *task);
bool may_trace(const struct task *task);
