#pragma once

#include <stddef.h>

#define EXIT_SUCCESS	0
#define EXIT_FAILURE	1
#define RAND_MAX	0x7fffffff
#define MB_CUR_MAX	4

typedef struct {
	int quot;
	int rem;
} div_t;

typedef struct {
	long quot;
	long rem;
} ldiv_t;

typedef struct {
	long long quot;
	long long rem;
} lldiv_t;

/* Memory: libc/malloc/ */
void *malloc(size_t size) __attribute__((malloc));
void *calloc(size_t n, size_t size) __attribute__((malloc));
void *realloc(void *ptr, size_t size);
void *reallocarray(void *ptr, size_t n, size_t size);
void *aligned_alloc(size_t align, size_t size) __attribute__((malloc));
int posix_memalign(void **ptr, size_t align, size_t size);
void free(void *ptr);
void free_sized(void *ptr, size_t size);
void free_aligned_sized(void *ptr, size_t align, size_t size);

/* Ends and environment */
_Noreturn void exit(int status);
_Noreturn void _Exit(int status);
_Noreturn void quick_exit(int status);
_Noreturn void abort(void);
int atexit(void (*handler)(void));
int at_quick_exit(void (*handler)(void));
char *getenv(const char *name);
char *secure_getenv(const char *name);
int setenv(const char *name, const char *value, int overwrite);
int unsetenv(const char *name);
int putenv(char *entry);
int clearenv(void);

/* Text to numbers */
int atoi(const char *str);
long atol(const char *str);
long long atoll(const char *str);
double atof(const char *str);
long strtol(const char *restrict str, char **restrict end, int base);
unsigned long strtoul(const char *restrict str, char **restrict end, int base);
long long strtoll(const char *restrict str, char **restrict end, int base);
unsigned long long strtoull(const char *restrict str, char **restrict end,
			    int base);
float strtof(const char *restrict str, char **restrict end);
double strtod(const char *restrict str, char **restrict end);
long double strtold(const char *restrict str, char **restrict end);

/* Numbers */
int abs(int value);
long labs(long value);
long long llabs(long long value);
div_t div(int num, int den);
ldiv_t ldiv(long num, long den);
lldiv_t lldiv(long long num, long long den);
int rand(void);
void srand(unsigned int seed);
int rand_r(unsigned int *seed);
long random(void);
void srandom(unsigned int seed);

/* Arrays */
typedef int (*__compare_fn)(const void *, const void *);
void qsort(void *base, size_t n, size_t size, __compare_fn compare);
void qsort_r(void *base, size_t n, size_t size,
	     int (*compare)(const void *, const void *, void *), void *arg);
void *bsearch(const void *key, const void *base, size_t n, size_t size,
	      __compare_fn compare);

int mkstemp(char *template);
char *mkdtemp(char *template);

#ifndef alloca
#define alloca(size) __builtin_alloca(size)
#endif
