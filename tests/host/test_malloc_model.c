// build: -fno-sanitize=address,undefined -O2 -Wno-missing-field-initializers
/*
 * If these fail, threads can corrupt a heap in an order that no stress test may
 * ever hit: small models of the two protocols that no arena lock protects, in
 * which every interleaving of the threads' steps is visited.
 *
 * Steps follow each other as if memory were sequentially consistent. Weaker
 * orders add nothing: each protocol hangs on words that are accessed atomically
 * one at a time, and what a lock guards is ordered by its acquire and release.
 *
 * Each model comes with mutants that must fail, to show that it can.
 */
#include "model.h"

/* ---- the lock: port_lock(), port_unlock() in ports/user.c ---- */

enum { FREE, TAKEN, CONTENDED };	/* as there */

enum lock_pc {
	LOCK_SET,	/* only a mutant: the second half of LOCK_TRY */
	LOCK_TRY,	/* compare_exchange(lock, FREE, TAKEN) */
	LOCK_CONTEND,	/* while (exchange(lock, CONTENDED) != FREE) */
	LOCK_WAIT,	/* futex(WAIT, CONTENDED): compares and sleeps at once */
	LOCK_ASLEEP,
	LOCK_INSIDE,	/* what the lock guards */
	LOCK_RELEASE,	/* exchange(lock, FREE) == CONTENDED? */
	LOCK_WAKE,	/* futex(WAKE, 1): any one of those asleep */
	LOCK_ENDED,
};

#define LOCK_THREADS	3

struct lock_state {
	unsigned char lock;
	unsigned char pc[LOCK_THREADS];
	unsigned char rounds[LOCK_THREADS];	/* left to go */
};

_Static_assert(sizeof(struct lock_state) <= STATE_BYTES, "a state fits");

/* Mutants: port_lock() and port_unlock() with one mistake each. */
static enum {
	LOCK_AS_IT_IS,
	LOCK_TAKES_AGAIN,	/* after sleeping sets TAKEN, not CONTENDED */
	LOCK_TESTS_THEN_SETS,	/* the compare_exchange in two steps */
	LOCK_NEVER_WAKES,
} lock_mutant;

static void lock_try(struct lock_state *s, int t)
{
	if (lock_mutant == LOCK_TESTS_THEN_SETS) {
		s->pc[t] = s->lock == FREE ? LOCK_SET : LOCK_CONTEND;
		return;
	}
	if (s->lock == FREE) {
		s->lock = TAKEN;
		s->pc[t] = LOCK_INSIDE;
	} else {
		s->pc[t] = LOCK_CONTEND;
	}
}

static void lock_contend(struct lock_state *s, int t)
{
	bool was_free = s->lock == FREE;

	s->lock = lock_mutant == LOCK_TAKES_AGAIN && was_free ? TAKEN :
								CONTENDED;
	s->pc[t] = was_free ? LOCK_INSIDE : LOCK_WAIT;
}

/* FUTEX_WAKE takes one of the sleepers, if any; which, is the kernel's choice. */
static bool lock_wake(struct lock_state *s, int t, int choice)
{
	int asleep = 0;

	for (int i = 0; i < LOCK_THREADS; i++)
		asleep += s->pc[i] == LOCK_ASLEEP;
	if (asleep ? s->pc[choice] != LOCK_ASLEEP : choice > 0)
		return false;
	if (asleep)
		s->pc[choice] = LOCK_CONTEND;
	s->pc[t] = --s->rounds[t] ? LOCK_TRY : LOCK_ENDED;
	return true;
}

static bool lock_step(unsigned char *state, int t, int choice)
{
	struct lock_state *s = (struct lock_state *)state;
	bool wake;

	if (s->pc[t] == LOCK_WAKE)
		return lock_wake(s, t, choice);
	if (choice > 0)
		return false;
	switch (s->pc[t]) {
	case LOCK_SET:
		s->lock = TAKEN;
		s->pc[t] = LOCK_INSIDE;
		return true;
	case LOCK_TRY:
		lock_try(s, t);
		return true;
	case LOCK_CONTEND:
		lock_contend(s, t);
		return true;
	case LOCK_WAIT:
		s->pc[t] = s->lock == CONTENDED ? LOCK_ASLEEP : LOCK_CONTEND;
		return true;
	case LOCK_INSIDE:
		s->pc[t] = LOCK_RELEASE;
		return true;
	case LOCK_RELEASE:
		wake = s->lock == CONTENDED && lock_mutant != LOCK_NEVER_WAKES;
		s->lock = FREE;
		s->pc[t] = LOCK_WAKE;
		if (!wake)
			s->pc[t] = --s->rounds[t] ? LOCK_TRY : LOCK_ENDED;
		return true;
	default:		/* asleep, or at its end */
		return false;
	}
}

/* Whoever is at LOCK_INSIDE or LOCK_RELEASE holds the lock. */
static const char *lock_wrong(const unsigned char *state)
{
	const struct lock_state *s = (const struct lock_state *)state;
	int holders = 0;

	for (int t = 0; t < LOCK_THREADS; t++)
		holders += s->pc[t] == LOCK_INSIDE || s->pc[t] == LOCK_RELEASE;
	if (holders > 1)
		return "two threads hold the lock";
	return holders && s->lock == FREE ? "a held lock reads as free" : NULL;
}

static const char *lock_wrong_at_end(const unsigned char *state)
{
	const struct lock_state *s = (const struct lock_state *)state;

	for (int t = 0; t < LOCK_THREADS; t++)
		if (s->pc[t] != LOCK_ENDED)
			return "a thread sleeps for ever";
	return s->lock == FREE ? NULL : "nobody holds a lock that is taken";
}

static const struct model lock_model = {
	lock_step, lock_wrong, lock_wrong_at_end,
	LOCK_THREADS, LOCK_THREADS,
};

static void run_lock(const char *name, int mutant, int rounds,
		     const char *wanted)
{
	struct lock_state start = { .lock = FREE };
	unsigned char state[STATE_BYTES] = { 0 };

	lock_mutant = mutant;
	for (int t = 0; t < LOCK_THREADS; t++) {
		start.pc[t] = LOCK_TRY;
		start.rounds[t] = rounds;
	}
	memcpy(state, &start, sizeof(start));
	judge(name, &lock_model, state, wanted);
}

static void test_lock(void)
{
	run_lock("malloc_lock_model_once", LOCK_AS_IT_IS, 1, NULL);
	run_lock("malloc_lock_model_three_times", LOCK_AS_IT_IS, 3, NULL);
	run_lock("malloc_lock_model_finds_lost_wakeup", LOCK_TAKES_AGAIN, 1,
		 "a thread sleeps for ever");
	run_lock("malloc_lock_model_finds_missing_wakeup", LOCK_NEVER_WAKES, 1,
		 "a thread sleeps for ever");
	run_lock("malloc_lock_model_finds_two_holders", LOCK_TESTS_THEN_SETS, 1,
		 "two threads hold the lock");
}

/* ---- the header: two words that two threads write, chunk.h ---- */

/*
 *	front | chunk
 *
 * Three threads and one header, that of the chunk:
 *
 *	owner	frees it into its cache, takes it, frees it, flushes its cache
 *	front	frees the chunk in front, and allocates it again, twice
 *	sweeper	merges what waits in the arena, twice
 */
enum state { IN_USE, QUICK, CACHED, BINNED, MERGED };	/* of chunk.h */

enum op {
	LOCK,		/* port_lock() */
	UNLOCK,
	LOAD_SIZE,	/* load_u32(&c->size); only P matters here */
	LOAD_TAG,	/* load_u32(&c->tag) */
	PROVE,		/* it must say @arg: free(), chunk_is() */
	STORE_TAG,	/* store_u32(&c->tag) to say @arg */
	UNLESS,		/* does it say @arg? else go on at UNLOCK */
	ABSORB,		/* arena_free() in front: is the chunk binned? merge */
	FREE_FRONT,	/* put(): store_u32(&next->size, ... & ~PREV_INUSE) */
	ALLOC_FRONT,	/* unbin(): store_u32(&next->size, | PREV_INUSE) */
	RETAG,		/* only a mutant: the tag covers P, so P takes it along */
	SETTLE,		/* arena_free(): joins the front, or is binned */
	END,
};

struct instruction {
	enum op op;
	enum state arg;
};

static const struct instruction owner[] = {
	/* free() in malloc.c */
	{ LOAD_SIZE }, { LOAD_TAG }, { PROVE, IN_USE }, { STORE_TAG, CACHED },
	/* malloc() */
	{ LOAD_TAG }, { STORE_TAG, IN_USE },
	{ LOAD_SIZE }, { LOAD_TAG }, { PROVE, IN_USE }, { STORE_TAG, CACHED },
	/* flush_slots() in tcache.c, quick_free() */
	{ LOCK },
	{ LOAD_SIZE }, { LOAD_TAG }, { PROVE, CACHED },
	{ LOAD_TAG }, { STORE_TAG, QUICK },
	{ UNLOCK }, { END },
};

#define FRONT_ROUND \
	/* arena_free(): take_next(), put() in arena.c */	\
	{ LOCK }, { LOAD_SIZE }, { LOAD_TAG }, { ABSORB },	\
	{ LOAD_SIZE }, { FREE_FRONT }, { RETAG }, { UNLOCK },	\
	/* arena_alloc(): bin_take(), unbinned() */		\
	{ LOCK }, { LOAD_SIZE }, { ALLOC_FRONT }, { RETAG }, { UNLOCK }

static const struct instruction front[] = { FRONT_ROUND, FRONT_ROUND, { END } };

#define SWEEP \
	/* quick_sweep(), sweep_run() in quick.c; take_prev() */	\
	{ LOCK }, { LOAD_TAG }, { UNLESS, QUICK },			\
	{ LOAD_SIZE }, { SETTLE }, { UNLOCK }

static const struct instruction sweeper[] = { SWEEP, SWEEP, { END } };

static const struct instruction *const scripts[] = { owner, front, sweeper };

#define HEADER_THREADS	3

struct header_state {
	unsigned char locked;
	unsigned char p, tag;		/* the header: P bit, state, */
	unsigned char covered;		/* and P as a mutant's tag covers it */
	unsigned char front;		/* state of the chunk in front */
	unsigned char gone;		/* the chunk is a part of the front now */
	unsigned char meant;		/* what the tag was last meant to say */
	unsigned char panicked;
	unsigned char pc[HEADER_THREADS];
	unsigned char p_seen[HEADER_THREADS];
	unsigned char tag_seen[HEADER_THREADS];
	unsigned char covered_seen[HEADER_THREADS];
};

_Static_assert(sizeof(struct header_state) <= STATE_BYTES, "a state fits");

static enum {
	HEADER_AS_IT_IS,
	HEADER_IS_ONE_WORD,	/* each store writes both, as they were seen */
	HEADER_TAG_COVERS_P,
} header_mutant;

static void store_tag(struct header_state *s, int t, enum state state)
{
	s->tag = s->meant = state;
	s->covered = s->p_seen[t];
	if (header_mutant == HEADER_IS_ONE_WORD)
		s->p = s->p_seen[t];
}

static void store_p(struct header_state *s, int t, enum state front)
{
	s->front = front;
	if (s->gone)	/* another chunk is behind the front now */
		return;
	s->p = front != BINNED;
	if (header_mutant == HEADER_IS_ONE_WORD)
		s->tag = s->tag_seen[t];
}

static void retag(struct header_state *s, int t)
{
	if (header_mutant != HEADER_TAG_COVERS_P || s->gone)
		return;
	s->tag = s->tag_seen[t];
	s->covered = s->p;
}

static bool proves(const struct header_state *s, int t, enum state state)
{
	return s->tag_seen[t] == state &&
	       (header_mutant != HEADER_TAG_COVERS_P ||
		s->covered_seen[t] == s->p_seen[t]);
}

/* The chunk, waiting until now, joins the front if that is free, too. */
static void settle(struct header_state *s, int t)
{
	bool joins = !s->p_seen[t];

	s->panicked |= joins && s->front != BINNED;
	store_tag(s, t, joins ? MERGED : BINNED);
	s->gone = joins;
}

static bool header_step(unsigned char *state, int t, int choice)
{
	struct header_state *s = (struct header_state *)state;
	struct instruction i = scripts[t][s->pc[t]];

	(void)choice;
	if (i.op == END || (i.op == LOCK && s->locked) || s->panicked)
		return false;
	s->pc[t]++;
	switch (i.op) {
	case LOCK:
	case UNLOCK:
		s->locked = i.op == LOCK;
		break;
	case LOAD_SIZE:
		s->p_seen[t] = s->p;
		break;
	case LOAD_TAG:
		s->tag_seen[t] = s->tag;
		s->covered_seen[t] = s->covered;
		break;
	case PROVE:
		s->panicked = !proves(s, t, i.arg);
		break;
	case STORE_TAG:
		store_tag(s, t, i.arg);
		break;
	case UNLESS:
		while (s->tag_seen[t] != i.arg &&
		       scripts[t][s->pc[t]].op != UNLOCK)
			s->pc[t]++;
		break;
	case ABSORB:
		if (!s->gone && s->tag_seen[t] == BINNED) {
			store_tag(s, t, MERGED);
			s->gone = true;
		}
		break;
	case FREE_FRONT:
		store_p(s, t, BINNED);
		break;
	case ALLOC_FRONT:
		store_p(s, t, IN_USE);
		break;
	case RETAG:
		retag(s, t);
		break;
	default:
		settle(s, t);
	}
	return true;
}

static const char *header_wrong(const unsigned char *state)
{
	const struct header_state *s = (const struct header_state *)state;

	if (s->panicked)
		return "a sound header does not prove itself";
	if (s->tag != s->meant || (!s->gone && s->p != (s->front != BINNED)))
		return "an update is lost";
	return NULL;
}

static const char *header_wrong_at_end(const unsigned char *state)
{
	const struct header_state *s = (const struct header_state *)state;

	for (int t = 0; t < HEADER_THREADS; t++)
		if (scripts[t][s->pc[t]].op != END)
			return "a thread waits for ever";
	return s->tag == IN_USE || s->tag == CACHED ?
		       "the chunk was never given back" : NULL;
}

static const struct model header_model = {
	header_step, header_wrong, header_wrong_at_end, HEADER_THREADS, 1,
};

static void run_header(const char *name, int mutant, const char *wanted)
{
	const struct header_state start = {
		.p = 1, .tag = IN_USE, .covered = 1, .front = IN_USE,
		.meant = IN_USE,
	};
	unsigned char state[STATE_BYTES] = { 0 };

	header_mutant = mutant;
	memcpy(state, &start, sizeof(start));
	judge(name, &header_model, state, wanted);
}

static void test_header(void)
{
	run_header("malloc_header_model_loses_nothing", HEADER_AS_IT_IS, NULL);
	run_header("malloc_header_model_of_one_word_fails", HEADER_IS_ONE_WORD,
		   "an update is lost");
	run_header("malloc_header_model_with_p_in_tag_fails",
		   HEADER_TAG_COVERS_P, "a sound header does not prove itself");
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	test_lock();
	test_header();
	return failures != 0;
}
