/* Choosing a stream's buffer. To be called before it is used otherwise. */
#include <errno.h>

#include "file.h"

int setvbuf(FILE *restrict file, char *restrict buf, int mode, size_t size)
{
	if (mode != _IOFBF && mode != _IOLBF && mode != _IONBF) {
		errno = EINVAL;
		return -1;
	}
	if (fflush(file) != 0)
		return -1;
	file->flags &= ~(unsigned int)FILE_ASK_TTY;
	file->buf_mode = mode;
	if (mode == _IONBF) {
		file->buf = file->one;
		file->size = sizeof(file->one);
	} else if (buf && size > 0) {
		file->buf = (unsigned char *)buf;
		file->size = size;
	}
	file->pos = file->end = file->buf;
	return 0;
}

void setbuf(FILE *restrict file, char *restrict buf)
{
	setvbuf(file, buf, buf ? _IOFBF : _IONBF, BUFSIZ);
}

void setlinebuf(FILE *file)
{
	setvbuf(file, NULL, _IOLBF, 0);
}
