/*
 * The position in a stream: the descriptor's, less what was read ahead, or
 * plus what was not written yet.
 */
#include <unistd.h>

#include "file.h"

off_t ftello(FILE *file)
{
	off_t pos = lseek(file->fd, 0, SEEK_CUR);

	if (pos < 0)
		return -1;
	if (file->flags & FILE_READING)
		return pos - (file->end - file->pos);
	return pos + (file->pos - file->buf);
}

/* fflush() makes the descriptor's offset the stream's, for SEEK_CUR. */
int fseeko(FILE *file, off_t offset, int whence)
{
	if (fflush(file) != 0 || lseek(file->fd, offset, whence) < 0)
		return -1;
	file->flags &= ~(unsigned int)FILE_EOF;
	return 0;
}

int fseek(FILE *file, long offset, int whence)
{
	return fseeko(file, offset, whence);
}

long ftell(FILE *file)
{
	return ftello(file);
}

void rewind(FILE *file)
{
	fseeko(file, 0, SEEK_SET);
	clearerr(file);
}

int fgetpos(FILE *restrict file, fpos_t *restrict pos)
{
	*pos = ftello(file);
	return *pos < 0 ? -1 : 0;
}

int fsetpos(FILE *file, const fpos_t *pos)
{
	return fseeko(file, *pos, SEEK_SET);
}
