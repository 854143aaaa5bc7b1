/*
 * Random bytes: for getrandom(2), and for the 16 that every program starts with.
 *
 * A ChaCha20 stream whose key comes from the processor's generator, where it has
 * one, and from the time-stamp counter. After each block the key is replaced by
 * output nobody has seen, so that a key found later tells nothing about before.
 */
#pragma once

#include "types.h"

/* Fill @bytes at @to. From tasks only, not from interrupts. Does not fail. */
void random_bytes(void *to, size_t bytes);
