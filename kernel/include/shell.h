/*
 * The kernel shell: the prompt after boot, a kernel task of its own.
 *
 * With a command line in fw_cfg (opt/faultline/cmd) it runs that without a
 * prompt and leaves the machine with its status: batch mode. Otherwise it reads
 * lines from the console for ever.
 */
#pragma once

/* The body of the task "sh"; for kthread_create(). Never returns. */
void shell_main(void *unused);
