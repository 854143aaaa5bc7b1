/*
 * model.h - visiting every state that a model of some threads can reach.
 *
 * A state is STATE_BYTES plain bytes, zero where a model does not use them; a
 * step is one atomic access of one thread. The search is breadth first, so what
 * it reports is wrong after as few steps as possible. Include it once.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATE_BYTES	24
#define TABLE_SLOTS	(1U << 20)

struct model {
	/*
	 * Thread @t takes its next step in @state. If it may go several ways,
	 * @choice says which; false: there is none such, since it has ended,
	 * or sleeps, or waits for a lock that this model takes in one step.
	 */
	bool (*step)(unsigned char *state, int t, int choice);
	const char *(*wrong)(const unsigned char *state);	/* NULL: sound */
	const char *(*wrong_at_end)(const unsigned char *state);
	int nr_threads;
	int nr_choices;
};

static unsigned char table[TABLE_SLOTS][STATE_BYTES];
static bool used[TABLE_SLOTS];
static uint32_t queue[TABLE_SLOTS];
static uint32_t nr_states;

/* Remember @state, and look at it later, if it is new. */
static void visit(const unsigned char *state)
{
	uint64_t hash = 0xcbf29ce484222325;
	uint32_t i;

	for (int b = 0; b < STATE_BYTES; b++)
		hash = (hash ^ state[b]) * 0x100000001b3;
	for (i = hash % TABLE_SLOTS; used[i]; i = (i + 1) % TABLE_SLOTS)
		if (!memcmp(table[i], state, STATE_BYTES))
			return;
	if (nr_states > TABLE_SLOTS / 2) {
		printf("FAIL malloc_model: got too many states, want fewer\n");
		exit(1);
	}
	used[i] = true;
	memcpy(table[i], state, STATE_BYTES);
	queue[nr_states++] = i;
}

/* What is wrong in some state that can be reached from @start; NULL: nothing. */
static const char *search(const struct model *m, const unsigned char *start)
{
	const char *wrong = NULL;

	memset(used, 0, sizeof(used));
	nr_states = 0;
	visit(start);
	for (uint32_t n = 0; n < nr_states && !wrong; n++) {
		const unsigned char *state = table[queue[n]];
		bool stuck = true;

		wrong = m->wrong(state);
		for (int i = 0; i < m->nr_threads * m->nr_choices; i++) {
			unsigned char next[STATE_BYTES];

			memcpy(next, state, STATE_BYTES);
			if (!m->step(next, i % m->nr_threads,
				     i / m->nr_threads))
				continue;
			stuck = false;
			visit(next);
		}
		if (stuck && !wrong)
			wrong = m->wrong_at_end(state);
	}
	return wrong;
}

static int failures;

/* @wanted NULL: the model must be sound; else that must be found. */
static void judge(const char *name, const struct model *m,
		  const unsigned char *start, const char *wanted)
{
	const char *wrong = search(m, start);

	if (wrong ? !wanted || strcmp(wrong, wanted) : wanted != NULL) {
		printf("FAIL %s: got \"%s\", want \"%s\"\n", name,
		       wrong ? wrong : "sound", wanted ? wanted : "sound");
		failures++;
		return;
	}
	printf("    %u states\nPASS %s\n", nr_states, name);
}
