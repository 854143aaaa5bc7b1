/*
 * Fault injection: see proc_fail_nth.h. One task at a time is subject to it.
 */
#include "proc_fail_nth.h"

#include <uapi/errno.h>

#include "frame.h"
#include "proc_node.h"
#include "proc_text.h"
#include "task.h"

static pid_t victim;     /* whoever wrote last */
static uint64_t nr_left; /* 0: nothing will fail */

static bool fails_now(enum fail_site site)
{
	(void)site;
	if (current->pid != victim || --nr_left)
		return false;
	fail_hook = NULL;
	return true;
}

int proc_write_fail_nth(struct task *task, const char *text, size_t bytes)
{
	int64_t nth;

	(void)bytes;
	if (proc_parse_number(text, 0, INT32_MAX, &nth))
		return -EINVAL;
	victim = task->pid;
	nr_left = (uint64_t)nth;
	fail_hook = nth ? fails_now : NULL;
	return 0;
}

void proc_format_fail_nth(struct proc_text *text, struct task *task)
{
	proc_printf(text, "%lu\n", task->pid == victim ? nr_left : 0);
}
