/*
 * Credentials. See cred.h.
 */
#include "cred.h"

#include "inode.h"
#include "kmalloc.h"
#include "string.h"
#include "task.h"

struct cred root_cred = {
	.refs = 1, .effective = CAPS_ALL, .permitted = CAPS_ALL,
};

void cred_put(struct cred *cred)
{
	if (__atomic_sub_fetch(&cred->refs, 1, __ATOMIC_ACQ_REL) == 0)
		kfree(cred);
}

struct cred *cred_prepare(void)
{
	struct cred *cred = kmalloc(sizeof(*cred));

	if (!cred)
		return NULL;
	memcpy(cred, current->cred, sizeof(*cred));
	cred->refs = 1;
	return cred;
}

/* Others may look at the old one while they hold tasklist_lock. */
void cred_commit(struct cred *cred)
{
	struct cred *old;

	mutex_lock(&tasklist_lock);
	old = current->cred;
	current->cred = cred;
	mutex_unlock(&tasklist_lock);
	cred_put(old);
}

/* credentials(7) and capabilities(7), "effect of user ID changes". */
void cred_fix_capabilities(struct cred *cred)
{
	const struct ids *old = &current->cred->user, *new = &cred->user;

	if ((!old->real || !old->effective || !old->saved) && new->real &&
	    new->effective && new->saved)
		cred->permitted = cred->effective = 0;
	if (!old->effective && new->effective)
		cred->effective = 0;
	if (old->effective && !new->effective)
		cred->effective = cred->permitted;
}

/* The ids and capabilities of @cred after an exec of @inode. */
static void apply_exec(struct cred *cred, const struct inode *inode)
{
	uint32_t set_group = S_ISGID | S_IXGRP;

	if (inode->mode & S_ISUID && !current->no_new_privs)
		cred->user.effective = inode->uid;
	if ((inode->mode & set_group) == set_group && !current->no_new_privs)
		cred->group.effective = inode->gid;
	cred->user.saved = cred->user.fs = cred->user.effective;
	cred->group.saved = cred->group.fs = cred->group.effective;
	cred->permitted = !cred->user.real || !cred->user.effective ? CAPS_ALL
								    : 0;
	cred->effective = cred->user.effective ? 0 : cred->permitted;
}

struct cred *cred_for_exec(const struct inode *inode)
{
	struct cred *cred = cred_prepare();

	if (!cred)
		return NULL;
	apply_exec(cred, inode);
	if (memcmp(&cred->user, &current->cred->user,
		   sizeof(*cred) - offsetof(struct cred, user)))
		return cred;
	/* The usual case: no other one is needed. */
	cred_put(cred);
	return cred_get(current->cred);
}

bool capable(enum capability cap)
{
	return current->cred->effective >> cap & 1;
}

bool in_group(const struct cred *cred, uint32_t gid)
{
	if (gid == cred->group.fs)
		return true;
	for (uint32_t i = 0; i < cred->nr_groups; i++)
		if (cred->groups[i] == gid)
			return true;
	return false;
}

bool may_signal(const struct task *task)
{
	const struct ids *own = &current->cred->user, *other = &task->cred->user;

	return own->effective == other->saved ||
	       own->effective == other->real || own->real == other->saved ||
	       own->real == other->real || capable(CAP_KILL);
}

/* Whether all of @other is who we really are. */
static bool same_ids(const struct ids *own, const struct ids *other)
{
	return own->real == other->real && own->real == other->effective &&
	       own->real == other->saved;
}

bool may_trace(const struct task *task)
{
	const struct cred *own = current->cred, *other = task->cred;

	if (task->leader == current->leader || capable(CAP_SYS_PTRACE))
		return true;
	return same_ids(&own->user, &other->user) &&
	       same_ids(&own->group, &other->group) &&
	       !(other->permitted & ~own->permitted);
}
