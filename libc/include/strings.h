#pragma once

#include <stddef.h>

int strcasecmp(const char *a, const char *b);
int strncasecmp(const char *a, const char *b, size_t n);
void bcopy(const void *src, void *dst, size_t n);
void bzero(void *dst, size_t n);
int bcmp(const void *a, const void *b, size_t n);
char *index(const char *str, int c);
char *rindex(const char *str, int c);
int ffs(int value);
int ffsl(long value);
int ffsll(long long value);
