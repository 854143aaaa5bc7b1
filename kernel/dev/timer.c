/*
 * Time.
 *
 * The PIT (8254) interrupts HZ times a second: that drives the scheduler. The
 * clock is the TSC, which counts at a constant rate and costs one instruction to
 * read; its rate is measured against the PIT once, at boot.
 */
#include "timer.h"

#include "arch.h"
#include "boot.h"
#include "irq.h"
#include "loadavg.h"
#include "rtc.h"
#include "sched.h"
#include "trap.h"

#define PIT_HZ 1193182ULL
#define PIT_CHANNEL_0 0x40
#define PIT_CHANNEL_2 0x42
#define PIT_COMMAND 0x43
#define PIT_0_RATE 0x34        /* channel 0, both bytes, mode 2: rate */
#define PIT_2_RATE 0xb4        /* channel 2, likewise */
#define PIT_2_LATCH 0x80       /* hold channel 2's count for reading */
#define PIT_TICK_COUNT ((PIT_HZ + HZ / 2) / HZ)

/* Port 61h: bit 0 lets channel 2 count, bit 1 lets the speaker sound. */
#define SPEAKER_PORT 0x61
#define SPEAKER_GATE 0x01
#define SPEAKER_SOUND 0x02

/* How long the TSC is measured: 1 ms keeps the error near 0.1%. */
#define CALIBRATE_COUNT 1193

#define SAMPLE_TRIES 3

volatile uint64_t timer_ticks;
uint64_t tsc_hz;

/* Nanoseconds per TSC tick, 32 bits before the binary point and 32 after. */
static uint64_t tsc_ns_fixed;
static uint64_t boot_real_ns; /* wall-clock time at ktime_ns() == 0 */

/* ---- calibration ---- */

/* One moment on both clocks; the PIT counts down. */
struct sample {
	uint64_t tsc;
	uint16_t count;
};

/*
 * An emulator may stop us between two instructions. Of a few tries the one that
 * took least time has the two clocks closest together.
 */
static struct sample take_sample(void)
{
	struct sample best = { 0, 0 };
	uint64_t shortest = UINT64_MAX;

	for (int i = 0; i < SAMPLE_TRIES; i++) {
		uint64_t before = rdtsc(), after;

		outb(PIT_COMMAND, PIT_2_LATCH);
		after = rdtsc();
		uint16_t count = inb(PIT_CHANNEL_2);

		count |= (uint16_t)inb(PIT_CHANNEL_2) << 8;
		if (after - before < shortest) {
			shortest = after - before;
			best.tsc = before + shortest / 2;
			best.count = count;
		}
	}
	return best;
}

static void calibrate_tsc(void)
{
	struct sample start, end;
	uint16_t elapsed;

	outb(SPEAKER_PORT, (inb(SPEAKER_PORT) & ~SPEAKER_SOUND) | SPEAKER_GATE);
	outb(PIT_COMMAND, PIT_2_RATE);
	outb(PIT_CHANNEL_2, 0); /* 65536 counts: 55 ms until it wraps */
	outb(PIT_CHANNEL_2, 0);
	start = take_sample();
	do {
		end = take_sample();
		elapsed = start.count - end.count;
	} while (elapsed < CALIBRATE_COUNT);
	tsc_hz = (end.tsc - start.tsc) * PIT_HZ / elapsed;
	tsc_ns_fixed = (NSEC_PER_SEC << 32) / tsc_hz;
}

/* ---- the tick ---- */

static void timer_interrupt(struct trap_frame *frame)
{
	timer_ticks++;
	if (unlikely(timer_ticks % LOADAVG_PERIOD_TICKS == 0))
		loadavg_sample();
	sched_tick(trap_from_user(frame));
}

static void start_tick(void)
{
	outb(PIT_COMMAND, PIT_0_RATE);
	outb(PIT_CHANNEL_0, PIT_TICK_COUNT & 0xff);
	outb(PIT_CHANNEL_0, PIT_TICK_COUNT >> 8);
	irq_register(IRQ_TIMER, timer_interrupt);
}

void timer_init(void)
{
	calibrate_tsc();
	boot_real_ns = rtc_read_seconds() * NSEC_PER_SEC - ktime_ns();
	start_tick();
}

/* ---- the clock ---- */

uint64_t ktime_ns(void)
{
	unsigned __int128 ticks = rdtsc() - boot_tsc_entry;

	return (uint64_t)(ticks * tsc_ns_fixed >> 32);
}

uint64_t ktime_real_ns(void)
{
	return boot_real_ns + ktime_ns();
}
