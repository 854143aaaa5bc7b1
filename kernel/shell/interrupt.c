/*
 * The key arrives in interrupt context, where no command can be stopped: a flag
 * and a wake-up pass it on to the shell's task.
 */
#include "interrupt.h"

#include "cmd.h"
#include "console.h"
#include "sched.h"
#include "task.h"
#include "tty.h"

static struct task *shell_task; /* constant after interrupt_init() */
static struct shell_io *volatile target;

static bool on_interrupt_key(void)
{
	struct shell_io *io = target;

	if (!io || !tty_signals_enabled())
		return false;
	console_write("^C\n", 3);
	__atomic_store_n(&io->interrupted, true, __ATOMIC_RELAXED);
	wake_up(&shell_task->child_exit);
	return true;
}

void interrupt_init(void)
{
	shell_task = current;
	console_set_interrupt_handler(on_interrupt_key);
}

struct shell_io *interrupt_target(struct shell_io *io)
{
	struct shell_io *before = target;

	if (current == shell_task)
		target = io;
	return before;
}
