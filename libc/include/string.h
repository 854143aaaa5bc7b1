#pragma once

#include <stddef.h>
#include <strings.h>

void *memcpy(void *restrict dst, const void *restrict src, size_t n);
void *mempcpy(void *restrict dst, const void *restrict src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memccpy(void *restrict dst, const void *restrict src, int c, size_t n);
void *memset(void *dst, int c, size_t n);
void explicit_bzero(void *dst, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *mem, int c, size_t n);
void *memrchr(const void *mem, int c, size_t n);
void *rawmemchr(const void *mem, int c);
void *memmem(const void *hay, size_t hay_len, const void *needle,
	     size_t needle_len);

size_t strlen(const char *str);
size_t strnlen(const char *str, size_t max);
char *strcpy(char *restrict dst, const char *restrict src);
char *stpcpy(char *restrict dst, const char *restrict src);
char *strncpy(char *restrict dst, const char *restrict src, size_t n);
char *stpncpy(char *restrict dst, const char *restrict src, size_t n);
char *strcat(char *restrict dst, const char *restrict src);
char *strncat(char *restrict dst, const char *restrict src, size_t n);
size_t strlcpy(char *restrict dst, const char *restrict src, size_t size);
size_t strlcat(char *restrict dst, const char *restrict src, size_t size);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
int strcoll(const char *a, const char *b);
size_t strxfrm(char *restrict dst, const char *restrict src, size_t n);
char *strchr(const char *str, int c);
char *strchrnul(const char *str, int c);
char *strrchr(const char *str, int c);
char *strstr(const char *hay, const char *needle);
char *strcasestr(const char *hay, const char *needle);
size_t strspn(const char *str, const char *accept);
size_t strcspn(const char *str, const char *reject);
char *strpbrk(const char *str, const char *accept);
char *strtok(char *restrict str, const char *restrict delim);
char *strtok_r(char *restrict str, const char *restrict delim,
	       char **restrict rest);
char *strsep(char **restrict str, const char *restrict delim);

char *strdup(const char *str);
char *strndup(const char *str, size_t n);

char *strerror(int err);
int strerror_r(int err, char *buf, size_t size);
char *strsignal(int sig);
