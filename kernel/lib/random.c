/*
 * The kernel's random numbers: see random.h. ChaCha20 is RFC 8439's.
 */
#include "random.h"

#include "arch.h"
#include "lock.h"
#include "string.h"

#define KEY_WORDS 8
#define BLOCK_WORDS 16
#define ROUND_PAIRS 10

static struct {
	struct spinlock lock;
	bool seeded;
	uint32_t key[KEY_WORDS];
	uint32_t block[BLOCK_WORDS]; /* its first half has become the key */
	size_t used_bytes;           /* of block */
} pool = { .lock = SPINLOCK_INIT(RANK_TABLE) };

static uint32_t rotate_left(uint32_t x, int bits)
{
	return x << bits | x >> (32 - bits);
}

static void quarter_round(uint32_t *a, uint32_t *b, uint32_t *c, uint32_t *d)
{
	*a += *b;
	*d = rotate_left(*d ^ *a, 16);
	*c += *d;
	*b = rotate_left(*b ^ *c, 12);
	*a += *b;
	*d = rotate_left(*d ^ *a, 8);
	*c += *d;
	*b = rotate_left(*b ^ *c, 7);
}

static void rounds(uint32_t x[BLOCK_WORDS])
{
	for (int i = 0; i < ROUND_PAIRS; i++) {
		quarter_round(&x[0], &x[4], &x[8], &x[12]);
		quarter_round(&x[1], &x[5], &x[9], &x[13]);
		quarter_round(&x[2], &x[6], &x[10], &x[14]);
		quarter_round(&x[3], &x[7], &x[11], &x[15]);
		quarter_round(&x[0], &x[5], &x[10], &x[15]);
		quarter_round(&x[1], &x[6], &x[11], &x[12]);
		quarter_round(&x[2], &x[7], &x[8], &x[13]);
		quarter_round(&x[3], &x[4], &x[9], &x[14]);
	}
}

/* pool.block = ChaCha20 of pool.key with @nonce; half of it is the next key. */
static void next_block(uint64_t nonce)
{
	uint32_t state[BLOCK_WORDS] = {
		0x61707865, 0x3320646e, 0x79622d32, 0x6b206574,
	};

	memcpy(&state[4], pool.key, sizeof(pool.key));
	memcpy(&state[14], &nonce, sizeof(nonce));
	memcpy(pool.block, state, sizeof(state));
	rounds(pool.block);
	for (int i = 0; i < BLOCK_WORDS; i++)
		pool.block[i] += state[i];
	memcpy(pool.key, pool.block, sizeof(pool.key));
	pool.used_bytes = sizeof(pool.key);
}

static void seed(void)
{
	for (int i = 0; i < KEY_WORDS; i += 2) {
		uint64_t word = rdrand() ^ rdtsc();

		memcpy(&pool.key[i], &word, sizeof(word));
	}
	pool.seeded = true;
	pool.used_bytes = sizeof(pool.block);
}

void random_bytes(void *to, size_t bytes)
{
	char *out = to;

	while (bytes) {
		unsigned long irq = spin_lock_irqsave(&pool.lock);
		size_t n;

		if (!pool.seeded)
			seed();
		if (pool.used_bytes == sizeof(pool.block))
			next_block(rdtsc());
		n = sizeof(pool.block) - pool.used_bytes;
		if (n > bytes)
			n = bytes;
		memcpy(out, (char *)pool.block + pool.used_bytes, n);
		/* What was handed out is not kept. */
		memset((char *)pool.block + pool.used_bytes, 0, n);
		pool.used_bytes += n;
		spin_unlock_irqrestore(&pool.lock, irq);
		out += n;
		bytes -= n;
	}
}
