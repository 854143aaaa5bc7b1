/* Standard input. */
#include "file.h"

#include <unistd.h>

#undef stdin

static unsigned char buf[BUFSIZ];

static struct __file file = {
	.buf = buf,
	.pos = buf,
	.end = buf,
	.size = sizeof(buf),
	.fd = STDIN_FILENO,
	.flags = FILE_READABLE,
	.buf_mode = _IOFBF,
};

FILE *const stdin = &file;

int getchar(void)
{
	return getc(&file);
}
