/*
 * Every command of the shell, by the file that has it.
 */
#pragma once

#include "cmd.h"

/* cmd_ps.c */
int cmd_ps(struct shell_io *io, int argc, char **argv);

/* cmd_memory.c: the machine's memory */
int cmd_free(struct shell_io *io, int argc, char **argv);
int cmd_buddyinfo(struct shell_io *io, int argc, char **argv);
int cmd_ledger(struct shell_io *io, int argc, char **argv);
int cmd_kheap(struct shell_io *io, int argc, char **argv);
int cmd_faults(struct shell_io *io, int argc, char **argv);
int cmd_validate(struct shell_io *io, int argc, char **argv);

/* cmd_pmap.c */
int cmd_pmap(struct shell_io *io, int argc, char **argv);

/* cmd_swap.c */
int cmd_swapoff(struct shell_io *io, int argc, char **argv);
int cmd_swapon(struct shell_io *io, int argc, char **argv);

/* cmd_vmstat.c */
int cmd_vmstat(struct shell_io *io, int argc, char **argv);

/* cmd_task.c: other tasks */
int cmd_jobs(struct shell_io *io, int argc, char **argv);
int cmd_kill(struct shell_io *io, int argc, char **argv);
int cmd_maps(struct shell_io *io, int argc, char **argv);
int cmd_sleep(struct shell_io *io, int argc, char **argv);
int cmd_time(struct shell_io *io, int argc, char **argv);
int cmd_wait(struct shell_io *io, int argc, char **argv);

/* cmd_file.c, cmd_ls.c: files and directories */
int cmd_cat(struct shell_io *io, int argc, char **argv);
int cmd_cd(struct shell_io *io, int argc, char **argv);
int cmd_cp(struct shell_io *io, int argc, char **argv);
int cmd_ls(struct shell_io *io, int argc, char **argv);
int cmd_mkdir(struct shell_io *io, int argc, char **argv);
int cmd_mv(struct shell_io *io, int argc, char **argv);
int cmd_pwd(struct shell_io *io, int argc, char **argv);
int cmd_rm(struct shell_io *io, int argc, char **argv);

/* cmd_machine.c: the machine and the kernel as a whole */
int cmd_dmesg(struct shell_io *io, int argc, char **argv);
int cmd_drop_caches(struct shell_io *io, int argc, char **argv);
int cmd_hang(struct shell_io *io, int argc, char **argv);
int cmd_panic(struct shell_io *io, int argc, char **argv);
int cmd_poweroff(struct shell_io *io, int argc, char **argv);
int cmd_reboot(struct shell_io *io, int argc, char **argv);
int cmd_syscalls(struct shell_io *io, int argc, char **argv);
int cmd_triplefault(struct shell_io *io, int argc, char **argv);
int cmd_uname(struct shell_io *io, int argc, char **argv);
int cmd_uptime(struct shell_io *io, int argc, char **argv);

/* cmd_shell.c: the shell itself */
int cmd_clear(struct shell_io *io, int argc, char **argv);
int cmd_echo(struct shell_io *io, int argc, char **argv);
int cmd_env(struct shell_io *io, int argc, char **argv);
int cmd_exit(struct shell_io *io, int argc, char **argv);
int cmd_export(struct shell_io *io, int argc, char **argv);
int cmd_false(struct shell_io *io, int argc, char **argv);
int cmd_help(struct shell_io *io, int argc, char **argv);
int cmd_history(struct shell_io *io, int argc, char **argv);
int cmd_set(struct shell_io *io, int argc, char **argv);
int cmd_true(struct shell_io *io, int argc, char **argv);
int cmd_unset(struct shell_io *io, int argc, char **argv);
