#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <sys/types.h>
#include <uapi/unistd.h>

#define EOF		(-1)
#define BUFSIZ		1024
#define FILENAME_MAX	4096
#define FOPEN_MAX	1000
#define TMP_MAX		10000
#define L_tmpnam	20
#define P_tmpdir	"/tmp"

#define _IOFBF	0	/* setvbuf(): write when the buffer is full */
#define _IOLBF	1	/* ... and at each newline */
#define _IONBF	2	/* at once */

typedef struct __file FILE;
typedef long fpos_t;

extern FILE *const stdin;
extern FILE *const stdout;
extern FILE *const stderr;
#define stdin	stdin
#define stdout	stdout
#define stderr	stderr

#define __PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#define __SCANF(fmt, first) __attribute__((format(scanf, fmt, first)))

FILE *fopen(const char *restrict path, const char *restrict mode);
FILE *fdopen(int fd, const char *mode);
FILE *freopen(const char *restrict path, const char *restrict mode,
	      FILE *restrict file);
FILE *tmpfile(void);
int fclose(FILE *file);
int fflush(FILE *file);
int fileno(FILE *file);
int setvbuf(FILE *restrict file, char *restrict buf, int mode, size_t size);
void setbuf(FILE *restrict file, char *restrict buf);
void setlinebuf(FILE *file);

size_t fread(void *restrict dst, size_t size, size_t n, FILE *restrict file);
size_t fwrite(const void *restrict src, size_t size, size_t n,
	      FILE *restrict file);
int fgetc(FILE *file);
int getc(FILE *file);
int getchar(void);
int ungetc(int c, FILE *file);
char *fgets(char *restrict dst, int size, FILE *restrict file);
ssize_t getline(char **restrict line, size_t *restrict size,
		FILE *restrict file);
ssize_t getdelim(char **restrict line, size_t *restrict size, int delim,
		 FILE *restrict file);
int fputc(int c, FILE *file);
int putc(int c, FILE *file);
int putchar(int c);
int fputs(const char *restrict str, FILE *restrict file);
int puts(const char *str);

int fseek(FILE *file, long offset, int whence);
int fseeko(FILE *file, off_t offset, int whence);
long ftell(FILE *file);
off_t ftello(FILE *file);
void rewind(FILE *file);
int fgetpos(FILE *restrict file, fpos_t *restrict pos);
int fsetpos(FILE *file, const fpos_t *pos);
int feof(FILE *file);
int ferror(FILE *file);
void clearerr(FILE *file);

int printf(const char *restrict fmt, ...) __PRINTF(1, 2);
int fprintf(FILE *restrict file, const char *restrict fmt, ...) __PRINTF(2, 3);
int dprintf(int fd, const char *restrict fmt, ...) __PRINTF(2, 3);
int sprintf(char *restrict dst, const char *restrict fmt, ...) __PRINTF(2, 3);
int snprintf(char *restrict dst, size_t size, const char *restrict fmt, ...)
	__PRINTF(3, 4);
int asprintf(char **restrict dst, const char *restrict fmt, ...) __PRINTF(2, 3);
int vprintf(const char *restrict fmt, va_list args) __PRINTF(1, 0);
int vfprintf(FILE *restrict file, const char *restrict fmt, va_list args)
	__PRINTF(2, 0);
int vdprintf(int fd, const char *restrict fmt, va_list args) __PRINTF(2, 0);
int vsprintf(char *restrict dst, const char *restrict fmt, va_list args)
	__PRINTF(2, 0);
int vsnprintf(char *restrict dst, size_t size, const char *restrict fmt,
	      va_list args) __PRINTF(3, 0);
int vasprintf(char **restrict dst, const char *restrict fmt, va_list args)
	__PRINTF(2, 0);

int scanf(const char *restrict fmt, ...) __SCANF(1, 2);
int fscanf(FILE *restrict file, const char *restrict fmt, ...) __SCANF(2, 3);
int sscanf(const char *restrict src, const char *restrict fmt, ...)
	__SCANF(2, 3);
int vscanf(const char *restrict fmt, va_list args) __SCANF(1, 0);
int vfscanf(FILE *restrict file, const char *restrict fmt, va_list args)
	__SCANF(2, 0);
int vsscanf(const char *restrict src, const char *restrict fmt, va_list args)
	__SCANF(2, 0);

void perror(const char *prefix);
int remove(const char *path);
int rename(const char *from, const char *to);
