/*
 * System calls that tell and change credentials: user and group ids, which follow
 * the same rules, supplementary groups, capabilities.
 */
#include <uapi/errno.h>

#include "cred.h"
#include "mm.h"
#include "syscall.h"
#include "task.h"
#include "uaccess.h"

/* What setting a file id away from root takes away: capabilities about files. */
#define CAPS_FILES                                             \
	(1UL << CAP_CHOWN | 1UL << CAP_DAC_OVERRIDE |          \
	 1UL << CAP_DAC_READ_SEARCH | 1UL << CAP_FOWNER |      \
	 1UL << CAP_MKNOD)

#define LINUX_GROUPS_MAX 65536

/* ---- asking ---- */

long sys_getuid(void)
{
	return current->cred->user.real;
}

long sys_geteuid(void)
{
	return current->cred->user.effective;
}

long sys_getgid(void)
{
	return current->cred->group.real;
}

long sys_getegid(void)
{
	return current->cred->group.effective;
}

static long put_ids(const struct ids *ids, vaddr_t real, vaddr_t effective,
		    vaddr_t saved)
{
	int err = copy_to_user(real, &ids->real, sizeof(ids->real));

	if (!err)
		err = copy_to_user(effective, &ids->effective,
				   sizeof(ids->effective));
	if (!err)
		err = copy_to_user(saved, &ids->saved, sizeof(ids->saved));
	return err;
}

long sys_getresuid(vaddr_t real, vaddr_t effective, vaddr_t saved)
{
	return put_ids(&current->cred->user, real, effective, saved);
}

long sys_getresgid(vaddr_t real, vaddr_t effective, vaddr_t saved)
{
	return put_ids(&current->cred->group, real, effective, saved);
}

/* ---- ids: the rules, the same for both kinds ---- */

static bool is_one_of(uint32_t id, const struct ids *ids)
{
	return id == NO_ID || id == ids->real || id == ids->effective ||
	       id == ids->saved;
}

/* setuid, setgid */
static int set_id(struct ids *ids, uint32_t id, bool all)
{
	if (id == NO_ID)
		return -EINVAL;
	if (all)
		ids->real = ids->saved = id;
	else if (id != ids->real && id != ids->saved)
		return -EPERM;
	ids->effective = id;
	return 0;
}

/* setreuid, setregid */
static int set_two(struct ids *ids, uint32_t real, uint32_t effective, bool all)
{
	const struct ids old = *ids;

	if (!all && ((real != NO_ID && real != old.real &&
		      real != old.effective) || !is_one_of(effective, &old)))
		return -EPERM;
	if (real != NO_ID)
		ids->real = real;
	if (effective != NO_ID)
		ids->effective = effective;
	if (real != NO_ID || (effective != NO_ID && effective != old.real))
		ids->saved = ids->effective;
	return 0;
}

/* setresuid, setresgid */
static int set_three(struct ids *ids, uint32_t real, uint32_t effective,
		     uint32_t saved, bool all)
{
	const struct ids old = *ids;

	if (!all && (!is_one_of(real, &old) || !is_one_of(effective, &old) ||
		     !is_one_of(saved, &old)))
		return -EPERM;
	if (real != NO_ID)
		ids->real = real;
	if (effective != NO_ID)
		ids->effective = effective;
	if (saved != NO_ID)
		ids->saved = saved;
	return 0;
}

/*
 * Who has changed its effective ids may still have in memory what the new one
 * must not see: its files below /proc are root's from now on.
 */
static void hide_if_changed(const struct cred *cred)
{
	const struct cred *old = current->cred;

	if (cred->user.effective != old->user.effective ||
	    cred->group.effective != old->group.effective)
		current->mm->dumpable = false;
}

/* Make @cred the running thread's, or throw it away because of @err. */
static long finish(struct cred *cred, int err)
{
	if (err) {
		cred_put(cred);
		return err;
	}
	cred->user.fs = cred->user.effective;
	cred->group.fs = cred->group.effective;
	cred_fix_capabilities(cred);
	hide_if_changed(cred);
	cred_commit(cred);
	return 0;
}

long sys_setuid(uint32_t id)
{
	struct cred *cred = cred_prepare();

	if (!cred)
		return -ENOMEM;
	return finish(cred, set_id(&cred->user, id, capable(CAP_SETUID)));
}

long sys_setgid(uint32_t id)
{
	struct cred *cred = cred_prepare();

	if (!cred)
		return -ENOMEM;
	return finish(cred, set_id(&cred->group, id, capable(CAP_SETGID)));
}

long sys_setreuid(uint32_t real, uint32_t effective)
{
	struct cred *cred = cred_prepare();

	if (!cred)
		return -ENOMEM;
	return finish(cred, set_two(&cred->user, real, effective,
				    capable(CAP_SETUID)));
}

long sys_setregid(uint32_t real, uint32_t effective)
{
	struct cred *cred = cred_prepare();

	if (!cred)
		return -ENOMEM;
	return finish(cred, set_two(&cred->group, real, effective,
				    capable(CAP_SETGID)));
}

long sys_setresuid(uint32_t real, uint32_t effective, uint32_t saved)
{
	struct cred *cred = cred_prepare();

	if (!cred)
		return -ENOMEM;
	return finish(cred, set_three(&cred->user, real, effective, saved,
				      capable(CAP_SETUID)));
}

long sys_setresgid(uint32_t real, uint32_t effective, uint32_t saved)
{
	struct cred *cred = cred_prepare();

	if (!cred)
		return -ENOMEM;
	return finish(cred, set_three(&cred->group, real, effective, saved,
				      capable(CAP_SETGID)));
}

/* The old one, whether it was changed or not. */
long sys_setfsuid(uint32_t id)
{
	const struct ids *ids = &current->cred->user;
	uint32_t old = ids->fs;
	struct cred *cred;

	if (id == NO_ID || (!is_one_of(id, ids) && id != old &&
			    !capable(CAP_SETUID)))
		return old;
	cred = cred_prepare();
	if (!cred)
		return old;
	cred->user.fs = id;
	if (!old && id)
		cred->effective &= ~CAPS_FILES;
	if (old && !id)
		cred->effective |= cred->permitted & CAPS_FILES;
	cred_commit(cred);
	return old;
}

long sys_setfsgid(uint32_t id)
{
	const struct ids *ids = &current->cred->group;
	uint32_t old = ids->fs;
	struct cred *cred;

	if (id == NO_ID || (!is_one_of(id, ids) && id != old &&
			    !capable(CAP_SETGID)))
		return old;
	cred = cred_prepare();
	if (!cred)
		return old;
	cred->group.fs = id;
	cred_commit(cred);
	return old;
}

/* ---- supplementary groups ---- */

long sys_getgroups(int nr, vaddr_t list)
{
	const struct cred *cred = current->cred;

	if (nr < 0 || (nr && (uint32_t)nr < cred->nr_groups))
		return -EINVAL;
	if (nr && copy_to_user(list, cred->groups,
			       cred->nr_groups * sizeof(uint32_t)))
		return -EFAULT;
	return cred->nr_groups;
}

/* -EINVAL: more than are kept here, which Linux has room for. */
long sys_setgroups(int nr, vaddr_t list)
{
	struct cred *cred;

	if (!capable(CAP_SETGID))
		return -EPERM;
	if (nr < 0 || nr > GROUPS_MAX)
		return -EINVAL;
	cred = cred_prepare();
	if (!cred)
		return -ENOMEM;
	if (copy_from_user(cred->groups, list, (size_t)nr * sizeof(uint32_t))) {
		cred_put(cred);
		return -EFAULT;
	}
	cred->nr_groups = (uint32_t)nr;
	cred_commit(cred);
	return 0;
}

/* ---- capabilities ---- */

#define CAP_VERSION_1 0x19980330u /* 32 bits */
#define CAP_VERSION_2 0x20071026u /* 64 bits, in two words; 3 likewise */
#define CAP_VERSION_3 0x20080522u

struct cap_header {
	uint32_t version;
	int pid;
};

struct cap_word {
	uint32_t effective, permitted, inheritable;
};

/*
 * How many words the caller's version has. -EINVAL: it is none; the header says
 * then which one to use.
 */
static int get_header(vaddr_t user, struct cap_header *header, size_t *words)
{
	int err = copy_from_user(header, user, sizeof(*header));

	if (err)
		return err;
	*words = header->version == CAP_VERSION_1 ? 1 : 2;
	if (*words == 1 || header->version == CAP_VERSION_2 ||
	    header->version == CAP_VERSION_3)
		return 0;
	header->version = CAP_VERSION_3;
	err = copy_to_user(user, header, sizeof(*header));
	return err ? err : -EINVAL;
}

static int get_capabilities(pid_t pid, struct cap_word words[2])
{
	const struct cred *cred;
	struct task *task;
	int err = 0;

	mutex_lock(&tasklist_lock);
	task = pid ? task_find_locked(pid) : current;
	if (task) {
		cred = task->cred;
		for (int i = 0; i < 2; i++)
			words[i] = (struct cap_word){
				(uint32_t)(cred->effective >> 32 * i),
				(uint32_t)(cred->permitted >> 32 * i),
				(uint32_t)(cred->inheritable >> 32 * i),
			};
	} else {
		err = -ESRCH;
	}
	mutex_unlock(&tasklist_lock);
	return err;
}

long sys_capget(vaddr_t user_header, vaddr_t user_data)
{
	struct cap_header header;
	struct cap_word words[2];
	size_t nr;
	int err = get_header(user_header, &header, &nr);

	if (err)
		return err == -EINVAL && !user_data ? 0 : err;
	if (header.pid < 0)
		return -EINVAL;
	err = get_capabilities(header.pid, words);
	if (err || !user_data)
		return err;
	return copy_to_user(user_data, words, nr * sizeof(words[0]));
}

static uint64_t join(uint32_t low, uint32_t high)
{
	return (low | (uint64_t)high << 32) & CAPS_ALL;
}

/* Only less than there is, and only of the caller itself: else -EPERM. */
long sys_capset(vaddr_t user_header, vaddr_t user_data)
{
	struct cap_word words[2] = { { 0 } };
	struct cap_header header;
	struct cred *cred;
	size_t nr;
	int err = get_header(user_header, &header, &nr);

	if (err)
		return err;
	if (header.pid && header.pid != current->pid)
		return -EPERM;
	if (copy_from_user(words, user_data, nr * sizeof(words[0])))
		return -EFAULT;
	cred = cred_prepare();
	if (!cred)
		return -ENOMEM;
	cred->effective = join(words[0].effective, words[1].effective);
	cred->permitted = join(words[0].permitted, words[1].permitted);
	cred->inheritable = join(words[0].inheritable, words[1].inheritable);
	if (cred->effective & ~cred->permitted ||
	    cred->permitted & ~current->cred->permitted ||
	    cred->inheritable & ~(current->cred->inheritable |
				  current->cred->permitted)) {
		cred_put(cred);
		return -EPERM;
	}
	cred_commit(cred);
	return 0;
}
