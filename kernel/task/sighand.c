/*
 * Dispositions: what each signal does to a process.
 *
 * An empty process is to be small, so the table comes in two halves, and a half
 * in which everything is default does not exist.
 */
#include <uapi/errno.h>

#include "kmalloc.h"
#include "signal.h"
#include "task.h"

static size_t half_of(int sig)
{
	return (size_t)(sig - 1) / (NSIG / 2);
}

static size_t index_in_half(int sig)
{
	return (size_t)(sig - 1) % (NSIG / 2);
}

struct kernel_sigaction *sighand_recorded(struct sighand *sighand, int sig)
{
	struct sigaction_half *half = sighand->half[half_of(sig)];

	return half ? &half->action[index_in_half(sig)] : NULL;
}

const struct kernel_sigaction *sighand_action(const struct sighand *sighand,
					      int sig)
{
	static const struct kernel_sigaction default_action;
	const struct sigaction_half *half = sighand->half[half_of(sig)];

	return half ? &half->action[index_in_half(sig)] : &default_action;
}

struct sighand *sighand_create(void)
{
	struct sighand *sighand = kzalloc(sizeof(*sighand));

	_Static_assert(SIG_DFL == NULL, "zeros are default dispositions");
	if (sighand)
		sighand->refs = 1;
	return sighand;
}

struct sighand *sighand_copy(const struct sighand *sighand)
{
	struct sighand *copy = sighand_create();

	for (size_t i = 0; copy && i < ARRAY_SIZE(copy->half); i++) {
		if (!sighand->half[i])
			continue;
		copy->half[i] = kmalloc(sizeof(*copy->half[i]));
		if (!copy->half[i]) {
			sighand_put(copy);
			return NULL;
		}
		*copy->half[i] = *sighand->half[i];
	}
	return copy;
}

void sighand_put(struct sighand *sighand)
{
	if (__atomic_sub_fetch(&sighand->refs, 1, __ATOMIC_ACQ_REL))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(sighand->half); i++)
		kfree(sighand->half[i]);
	kfree(sighand);
}

/* Forget the handlers of @half; whether anything is left: an ignored signal. */
static bool reset_half(struct sigaction_half *half)
{
	bool any_ignored = false;

	for (size_t i = 0; i < ARRAY_SIZE(half->action); i++) {
		struct kernel_sigaction *action = &half->action[i];
		bool ignored = action->handler == SIG_IGN;

		*action = (struct kernel_sigaction){ 0 };
		if (ignored)
			action->handler = SIG_IGN;
		any_ignored |= ignored;
	}
	return any_ignored;
}

void sighand_reset(struct sighand *sighand)
{
	for (size_t i = 0; i < ARRAY_SIZE(sighand->half); i++) {
		if (!sighand->half[i] || reset_half(sighand->half[i]))
			continue;
		kfree(sighand->half[i]);
		sighand->half[i] = NULL;
	}
}

int sighand_make_room(struct task *task, int sig)
{
	struct sigaction_half **half = &task->sighand->half[half_of(sig)];
	struct sigaction_half *fresh;
	unsigned long irq;

	if (*half)
		return 0;
	fresh = kzalloc(sizeof(*fresh));
	if (!fresh)
		return -ENOMEM;
	irq = spin_lock_irqsave(&sig_lock);
	if (!*half) {
		*half = fresh;
		fresh = NULL;
	}
	spin_unlock_irqrestore(&sig_lock, irq);
	kfree(fresh);
	return 0;
}
