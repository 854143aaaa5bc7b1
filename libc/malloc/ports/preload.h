/*
 * preload.h - the handlers of fork() in a library for another libc.
 */
#pragma once

#include <stdbool.h>

/* To be registered before all others; see preload.c. */
void preload_prepare(void);
void preload_parent(void);
void preload_child(void);

/* Defined where shared.c registers them, when somebody is about to fork. */
extern const bool preload_waits __attribute__((weak));
