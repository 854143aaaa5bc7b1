/*
 * What the OOM killer thinks of a process, and what it should think.
 *
 *	oom_score       how gladly it would be killed, 0 to 2000
 *	oom_score_adj   what is added to that, -1000 (never) to 1000
 *	oom_adj         the same as it was before, -17 (never) to 15
 */
#include "proc_oom.h"

#include <uapi/errno.h>

#include "cred.h"
#include "ledger.h"
#include "oom.h"
#include "proc_node.h"
#include "swap.h"
#include "task.h"

#define OOM_ADJ_NEVER (-17)
#define OOM_ADJ_MAX 15

/* Linux's scale: without an adjustment all of RAM and swap is 1333, nothing is 666. */
void proc_format_oom_score(struct proc_text *text, struct task *task)
{
	int64_t total = (int64_t)(ledger.total + swap_total_pages());
	int64_t badness = oom_badness(task), score = 0;

	if (badness != OOM_NEVER)
		score = (1000 + badness * 1000 / total) * 2 / 3;
	proc_printf(text, "%ld\n", score);
}

void proc_format_oom_score_adj(struct proc_text *text, struct task *task)
{
	proc_printf(text, "%d\n", task->leader->oom_score_adj);
}

/* The two scales meet at both ends: -17 is -1000, and 15 is 1000. */
void proc_format_oom_adj(struct proc_text *text, struct task *task)
{
	int adj = task->leader->oom_score_adj;

	proc_printf(text, "%d\n",
		    adj == OOM_SCORE_ADJ_MAX
			    ? OOM_ADJ_MAX
			    : adj * OOM_ADJ_NEVER / OOM_SCORE_ADJ_MIN);
}

/* To be spared more than so far is not for everybody to decide: -EACCES. */
static int set_adj(struct task *leader, int adj)
{
	if (adj < leader->oom_score_adj && !capable(CAP_SYS_RESOURCE))
		return -EACCES;
	leader->oom_score_adj = adj;
	return 0;
}

int proc_write_oom_score_adj(struct task *task, const char *text, size_t bytes)
{
	int64_t adj;

	(void)bytes;
	if (proc_parse_number(text, OOM_SCORE_ADJ_MIN, OOM_SCORE_ADJ_MAX, &adj))
		return -EINVAL;
	return set_adj(task->leader, (int)adj);
}

int proc_write_oom_adj(struct task *task, const char *text, size_t bytes)
{
	int64_t adj;

	(void)bytes;
	if (proc_parse_number(text, OOM_ADJ_NEVER, OOM_ADJ_MAX, &adj))
		return -EINVAL;
	return set_adj(task->leader,
		       adj == OOM_ADJ_MAX
			       ? OOM_SCORE_ADJ_MAX
			       : (int)adj * OOM_SCORE_ADJ_MIN / OOM_ADJ_NEVER);
}
