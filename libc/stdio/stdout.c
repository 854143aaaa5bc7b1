/*
 * Standard output. Its buffer is static: one from malloc() would move the
 * break of a program that does nothing but print where its break is.
 */
#include "file.h"

#include <unistd.h>

#undef stdout

static unsigned char buf[BUFSIZ];

static struct __file file = {
	.buf = buf,
	.pos = buf,
	.end = buf,
	.size = sizeof(buf),
	.fd = STDOUT_FILENO,
	.flags = FILE_WRITABLE | FILE_ASK_TTY,
	.buf_mode = _IOFBF,
};

FILE *const stdout = &file;

int putchar(int c)
{
	return putc(c, &file);
}

int puts(const char *str)
{
	if (fputs(str, &file) == EOF)
		return EOF;
	return putc('\n', &file) == EOF ? EOF : 0;
}
