/*
 * System calls about the one CPU there is, and about what root may do.
 */
#include <uapi/errno.h>

#include "syscall.h"
#include "task.h"
#include "uaccess.h"

/* CPU 0 in the smallest mask that the kernel knows. */
#define CPU_MASK 1UL

/* Whether @pid, 0 for the caller, exists. */
static bool task_exists(pid_t pid)
{
	bool found;

	mutex_lock(&tasklist_lock);
	found = !pid || task_find_locked(pid);
	mutex_unlock(&tasklist_lock);
	return found;
}

/* How many bytes of the mask were written, as the kernel's own call does. */
long sys_sched_getaffinity(pid_t pid, unsigned int bytes, vaddr_t user)
{
	uint64_t mask = CPU_MASK;
	int err;

	if (bytes < sizeof(mask) || bytes % sizeof(mask))
		return -EINVAL;
	if (!task_exists(pid))
		return -ESRCH;
	err = copy_to_user(user, &mask, sizeof(mask));
	return err ? err : (long)sizeof(mask);
}

long sys_sched_setaffinity(pid_t pid, unsigned int bytes, vaddr_t user)
{
	uint64_t mask = 0;
	int err;

	if (bytes > sizeof(mask))
		bytes = sizeof(mask);
	err = copy_from_user(&mask, user, bytes);
	if (err)
		return err;
	if (!task_exists(pid))
		return -ESRCH;
	return mask & CPU_MASK ? 0 : -EINVAL;
}

long sys_getcpu(vaddr_t cpu, vaddr_t node)
{
	uint32_t zero = 0;
	int err = 0;

	if (cpu)
		err = copy_to_user(cpu, &zero, sizeof(zero));
	if (!err && node)
		err = copy_to_user(node, &zero, sizeof(zero));
	return err;
}

/* ---- capabilities ---- */

#define CAP_VERSION_1 0x19980330u /* 32 bits */
#define CAP_VERSION_2 0x20071026u /* 64 bits, in two words; 3 likewise */
#define CAP_VERSION_3 0x20080522u

#define CAPS_LOW 0xffffffffu
#define CAPS_HIGH 0x1ffu /* numbers 32 to 40 */

struct cap_header {
	uint32_t version;
	int pid;
};

struct cap_word {
	uint32_t effective, permitted, inheritable;
};

/* Everybody is root and may do everything. */
long sys_capget(vaddr_t user_header, vaddr_t user_data)
{
	static const struct cap_word words[] = {
		{ CAPS_LOW, CAPS_LOW, 0 }, { CAPS_HIGH, CAPS_HIGH, 0 }
	};
	struct cap_header header;
	size_t nr;
	int err = copy_from_user(&header, user_header, sizeof(header));

	if (err)
		return err;
	nr = header.version == CAP_VERSION_1 ? 1 : 2;
	if (nr == 2 && header.version != CAP_VERSION_2 &&
	    header.version != CAP_VERSION_3) {
		header.version = CAP_VERSION_3; /* what to ask for */
		err = copy_to_user(user_header, &header, sizeof(header));
		return err || !user_data ? err : -EINVAL;
	}
	if (header.pid < 0)
		return -EINVAL;
	if (!task_exists(header.pid))
		return -ESRCH;
	return user_data ? copy_to_user(user_data, words,
					nr * sizeof(words[0])) : 0;
}
