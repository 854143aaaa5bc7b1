/*
 * Load averages, as Linux computes them: every five seconds each moves towards
 * the number of tasks that run or want to, by a share that lets what was before
 * fade to 1/e after one, five and fifteen minutes.
 *
 *	load = load * decay + now * (1 - decay),   decay = exp(-5 s / period)
 *
 * Linux also counts tasks that wait for a disk. They are on no list that the
 * tick could read, and a machine with one disk has one of them at most.
 */
#include "loadavg.h"

#include "sched.h"
#include "task.h"

#define ONE (1UL << LOADAVG_SHIFT)

uint64_t loadavg[3];

void loadavg_sample(void)
{
	/* exp(-5/60), exp(-5/300), exp(-5/900), with LOADAVG_SHIFT places. */
	static const uint64_t decay[3] = { 1884, 2014, 2037 };
	size_t running = sched_nr_ready() + (current != &boot_task);
	uint64_t now = running << LOADAVG_SHIFT;

	for (int i = 0; i < 3; i++) {
		uint64_t sum = loadavg[i] * decay[i] + now * (ONE - decay[i]);

		/* Upwards while rising, so that a constant load is reached. */
		if (now >= loadavg[i])
			sum += ONE - 1;
		loadavg[i] = sum >> LOADAVG_SHIFT;
	}
}
