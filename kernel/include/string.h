/*
 * The string functions that the kernel needs; the compiler calls the first
 * four by itself.
 */
#pragma once

#include "types.h"

void *memcpy(void *dst, const void *src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);

void *memchr(const void *s, int c, size_t n);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
char *strstr(const char *haystack, const char *needle);

/*
 * Copy @src into @dst of @size bytes (> 0), cut short if need be and always
 * ended by a zero byte. Returns strlen(@src): the text was cut if >= @size.
 */
size_t strlcpy(char *dst, const char *src, size_t size);
