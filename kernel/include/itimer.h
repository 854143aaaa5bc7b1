/*
 * Interval timers, which send a signal when they run out. See itimer.c.
 */
#pragma once

#include "list.h"
#include "types.h"

struct task;

/* Running while value_ns is not 0; begins anew with interval_ns, 0: ends. */
struct itimer {
	uint64_t value_ns; /* time left; of the real one: of ktime_ns() */
	uint64_t interval_ns;
};

/* The three of a process; initialised by list_init(&link) and zeros. */
struct itimers {
	struct itimer real, virtual, prof;
	struct list_node link; /* while the real one runs */
};

/* Timer interrupt: @user_mode says what the running task is charged for. */
void itimer_tick(bool user_mode);

/* The running process's timer @which, ITIMER_*, with value_ns as time left. */
struct itimer itimer_get(int which);

/* Set it; @timer.value_ns is the time from now. Returns what was left. */
struct itimer itimer_set(int which, struct itimer timer);

/* The process of @leader ends: its timers send no more. */
void itimer_stop(struct task *leader);

/* Timers go on in another leader, which has none yet. */
void itimer_move(struct task *to, struct task *from);
