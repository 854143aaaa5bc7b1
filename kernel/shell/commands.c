/*
 * The table of commands: `help` prints it.
 */
#include "commands.h"

#include "string.h"

const struct shell_command shell_commands[] = {
	{ "buddyinfo", "", "free blocks of the buddy allocator, by order",
	  "The columns are orders 0 (4 KiB) to 10 (4 MiB).\n", cmd_buddyinfo },
	{ "cat", "FILE...", "print files",
	  "-      the input of a pipe or redirect\n", cmd_cat },
	{ "cd", "[DIR]", "change the working directory, to $HOME if none",
	  NULL, cmd_cd },
	{ "clear", "", "clear the screen", NULL, cmd_clear },
	{ "cp", "FROM TO", "copy a file, into TO if that is a directory",
	  NULL, cmd_cp },
	{ "dmesg", "", "print the kernel's log", NULL, cmd_dmesg },
	{ "drop_caches", "", "forget what is cached of disks",
	  "The next run of a program from /cdrom has major faults again.\n",
	  cmd_drop_caches },
	{ "echo", "[-ne] [WORD...]", "print words",
	  "-n     no newline at the end\n"
	  "-e     \\n, \\t, \\\\, \\e, \\xHH and \\0NNN mean characters\n",
	  cmd_echo },
	{ "env", "[NAME=VALUE...] [COMMAND [ARG...]]",
	  "print the environment, or run a program with more of it", NULL,
	  cmd_env },
	{ "exit", "[STATUS]", "leave: switch the machine off",
	  "In batch mode STATUS is what make guest ends with.\n", cmd_exit },
	{ "export", "NAME[=VALUE]...",
	  "make variables part of the environment of programs", NULL,
	  cmd_export },
	{ "false", "", "do nothing, with status 1", NULL, cmd_false },
	{ "faults", "", "page faults since boot, by kind",
	  "Each resolved fault is minor or major and of one kind; stack-grow\n"
	  "counts faults that also made the stack larger.\n", cmd_faults },
	{ "free", "[-bkmghwt]", "memory in use, as procps prints it",
	  "-b -k -m -g  bytes, KiB (the default), MiB, GiB\n"
	  "-h     with units that people like\n"
	  "-w     buffers and cache in columns of their own\n"
	  "-t     a line of totals\n",
	  cmd_free },
	{ "hang", "", "stop the machine for good, to test who notices", NULL,
	  cmd_hang },
	{ "help", "[COMMAND]", "list the commands, or explain one", NULL,
	  cmd_help },
	{ "history", "", "print the lines typed before", NULL, cmd_history },
	{ "jobs", "", "list the jobs in the background", NULL, cmd_jobs },
	{ "kheap", "", "what kmalloc has handed out, and what it holds", NULL,
	  cmd_kheap },
	{ "kill", "[-SIGNAL | -s SIGNAL] PID|%JOB... | -l [NUMBER]",
	  "send a signal, SIGTERM if none is named",
	  "-l     list the signals\n", cmd_kill },
	{ "ledger", "[--free | --used | --check]", "what every frame of RAM is used for",
	  "--free   only the number of free frames\n"
	  "--used   frames in use outside the kernel heap, and objects in it\n"
	  "--check  walk all of it; status 1 if the sum is wrong\n",
	  cmd_ledger },
	{ "ls", "[-la1d] [PATH...]", "list files",
	  "-l     with type, rights, links, owner, size and time (UTC)\n"
	  "-a     also names that begin with a dot\n"
	  "-1     one name a line\n"
	  "-d     a directory itself, not what is in it\n",
	  cmd_ls },
	{ "maps", "PID", "the mapped regions of a program",
	  "The format is that of /proc/PID/maps.\n", cmd_maps },
	{ "mkdir", "[-p] DIR...", "make directories",
	  "-p     with parents; not an error if it exists\n", cmd_mkdir },
	{ "mv", "FROM TO", "rename a file, into TO if that is a directory",
	  NULL, cmd_mv },
	{ "panic", "[--double-free | --hang | --null | --overflow | --triple-fault "
		   "| MESSAGE...]",
	  "make the kernel panic, to see what that prints",
	  "--double-free   free a block of the kernel heap twice\n"
	  "--hang          as the command hang\n"
	  "--null          write to address 0 in the kernel\n"
	  "--overflow      overflow a kernel stack: a double fault\n"
	  "--triple-fault  as the command triplefault\n",
	  cmd_panic },
	{ "pmap", "[-x] PID...", "the mapped regions of a program and their size",
	  "-x     also what is resident and dirty of each, in KiB\n"
	  "Status 42: no such task.\n", cmd_pmap },
	{ "poweroff", "", "switch the machine off", NULL, cmd_poweroff },
	{ "ps", "[-eA] [-f] [-C NAME,...] [-p PID,...] [-o KEY,...] [v|u]",
	  "list tasks, as procps prints them",
	  "-e -A  all tasks; without a choice: those of the console\n"
	  "-C -p --ppid  by name, pid, parent\n"
	  "-o     columns; KEY=HEADER names one, KEY= leaves its header out\n"
	  "-f u v ready-made columns\n"
	  "--no-headers\n"
	  "keys: pid ppid pgid sid stat s tty time etime comm args cmd rss vsz\n"
	  "sz trs drs pmem pcpu majflt minflt maj_flt min_flt user stime\n"
	  "rss, vsz, trs and drs are KiB, sz is pages. Status 1: no such task.\n",
	  cmd_ps },
	{ "pwd", "", "print the working directory", NULL, cmd_pwd },
	{ "reboot", "", "reset the machine", NULL, cmd_reboot },
	{ "rm", "[-rf] PATH...", "remove files",
	  "-r     directories too, with all that is in them\n"
	  "-f     not an error if there is none\n",
	  cmd_rm },
	{ "set", "", "print the variables of the shell", NULL, cmd_set },
	{ "sleep", "SECONDS", "wait; fractions are allowed", NULL, cmd_sleep },
	{ "swapoff", "DEVICE...", "bring back what is on a swap disk, and stop using it",
	  NULL, cmd_swapoff },
	{ "swapon", "[-s] [-p PRIORITY] [DEVICE...]",
	  "use disks that mkswap has prepared for swap; -s or none: list them",
	  "-p     0 to 32767; the highest is filled first\n", cmd_swapon },
	{ "syscalls", "[-a]",
	  "system calls that were asked for and do not exist",
	  "-a     those that do exist\n", cmd_syscalls },
	{ "time", "COMMAND [ARG...]",
	  "run a command, then print its time and page faults", NULL,
	  cmd_time },
	{ "triplefault", "", "reset the machine as a bad kernel would", NULL,
	  cmd_triplefault },
	{ "true", "", "do nothing, with status 0", NULL, cmd_true },
	{ "uname", "[-asnrvm]", "print the system's name",
	  "-a     all of it; -s -n -r -v -m one part\n", cmd_uname },
	{ "unset", "NAME...", "forget variables", NULL, cmd_unset },
	{ "uptime", "", "how long the machine has been running", NULL,
	  cmd_uptime },
	{ "validate", "",
	  "check every invariant of frames and address spaces", NULL,
	  cmd_validate },
	{ "vmstat", "[SECONDS [COUNT]]",
	  "tasks, memory, faults and CPU, again and again",
	  "The first line is about all the time since boot. mi and mj are minor\n"
	  "and major page faults per second.\n",
	  cmd_vmstat },
	{ "wait", "[PID|%JOB]", "wait for jobs in the background", NULL,
	  cmd_wait },
	{ NULL, NULL, NULL, NULL, NULL },
};

const struct shell_command *shell_command_find(const char *name)
{
	const struct shell_command *command = shell_commands;

	while (command->name && strcmp(command->name, name))
		command++;
	return command->name ? command : NULL;
}
