/* Standard error: never buffered, so that the last words are heard. */
#include "file.h"

#include <unistd.h>

#undef stderr

static struct __file file = {
	.buf = file.one,
	.pos = file.one,
	.end = file.one,
	.size = sizeof(file.one),
	.fd = STDERR_FILENO,
	.flags = FILE_WRITABLE,
	.buf_mode = _IONBF,
};

FILE *const stderr = &file;
