#pragma once

#include <sys/types.h>
#include <uapi/random.h>

ssize_t getrandom(void *buf, size_t size, unsigned int flags);
int getentropy(void *buf, size_t size);
