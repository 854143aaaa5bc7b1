/*
 * Ctrl-C while the shell runs a command.
 */
#pragma once

struct shell_io;

/* From now on Ctrl-C is seen by this file; the running task is the shell. */
void interrupt_init(void);

/*
 * Ctrl-C sets @io->interrupted and wakes the shell; NULL: the line editor gets
 * the key instead. Returns the target until now. Other tasks than the
 * shell's change nothing: they are interrupted as members of its jobs.
 */
struct shell_io *interrupt_target(struct shell_io *io);
