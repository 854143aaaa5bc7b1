/*
 * Leaving the shell.
 */
#pragma once

/*
 * In batch mode: report @status to whoever started the machine, and end it.
 * At the prompt: switch the machine off.
 */
_Noreturn void shell_exit(int status);
