/*
 * Signals by name, as kill(1) knows them.
 */
#pragma once

/*
 * The number of the signal @text names: a number, a name, or a name with SIG in
 * front, in any case. -1: none.
 */
int signal_number(const char *text);

/* The name of @sig without SIG, or NULL. */
const char *signal_name(int sig);
