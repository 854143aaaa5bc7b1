/* Opening and closing streams. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"

int __file_mode(const char *mode)
{
	int plus = strchr(mode, '+') != NULL;
	int flags;

	switch (*mode) {
	case 'r':
		flags = plus ? O_RDWR : O_RDONLY;
		break;
	case 'w':
		flags = (plus ? O_RDWR : O_WRONLY) | O_CREAT | O_TRUNC;
		break;
	case 'a':
		flags = (plus ? O_RDWR : O_WRONLY) | O_CREAT | O_APPEND;
		break;
	default:
		errno = EINVAL;
		return -1;
	}
	if (strchr(mode, 'x'))
		flags |= O_EXCL;
	if (strchr(mode, 'e'))
		flags |= O_CLOEXEC;
	return flags;
}

static unsigned int file_flags(int open_flags)
{
	unsigned int flags = FILE_ASK_TTY;

	if ((open_flags & O_ACCMODE) != O_WRONLY)
		flags |= FILE_READABLE;
	if ((open_flags & O_ACCMODE) != O_RDONLY)
		flags |= FILE_WRITABLE;
	return flags;
}

/* The buffer stands behind the structure: one allocation for both. */
static FILE *file_create(int fd, int open_flags)
{
	struct __file *file = malloc(sizeof(*file) + BUFSIZ);

	if (!file)
		return NULL;
	memset(file, 0, sizeof(*file));
	file->buf = file->pos = file->end = (unsigned char *)(file + 1);
	file->size = BUFSIZ;
	file->fd = fd;
	file->flags = file_flags(open_flags) | FILE_ALLOCATED;
	file->buf_mode = _IOFBF;
	return file;
}

FILE *fdopen(int fd, const char *mode)
{
	int flags = __file_mode(mode);

	if (flags < 0 || fcntl(fd, F_GETFD) < 0)
		return NULL;
	if (flags & O_APPEND)
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_APPEND);
	return file_create(fd, flags);
}

FILE *fopen(const char *restrict path, const char *restrict mode)
{
	int flags = __file_mode(mode);
	FILE *file;
	int fd;

	if (flags < 0)
		return NULL;
	fd = open(path, flags, 0666);
	if (fd < 0)
		return NULL;
	file = file_create(fd, flags);
	if (!file)
		close(fd);
	return file;
}

int fclose(FILE *file)
{
	int result = fflush(file);

	__file_unlist(file);
	if (close(file->fd) != 0)
		result = EOF;
	if (file->flags & FILE_ALLOCATED)
		free(file);
	return result;
}

/*
 * The new file takes the old one's descriptor number if it can, as for
 * stdout, whose descriptor children inherit, everybody expects.
 */
FILE *freopen(const char *restrict path, const char *restrict mode,
	      FILE *restrict file)
{
	int flags = __file_mode(mode);
	int fd;

	fflush(file);
	if (flags < 0 || !path) {
		errno = EINVAL;
		goto fail;
	}
	fd = open(path, flags, 0666);
	if (fd < 0)
		goto fail;
	if (fd != file->fd) {
		if (dup3(fd, file->fd, flags & O_CLOEXEC) < 0) {
			close(fd);
			goto fail;
		}
		close(fd);
	}
	file->flags = (file->flags & (FILE_LISTED | FILE_ALLOCATED)) |
		      file_flags(flags);
	return file;
fail:
	fclose(file);
	return NULL;
}

FILE *tmpfile(void)
{
	char path[] = P_tmpdir "/tmp.XXXXXX";
	int fd = mkstemp(path);
	FILE *file;

	if (fd < 0)
		return NULL;
	unlink(path);	/* gone with its last descriptor */
	file = file_create(fd, O_RDWR);
	if (!file)
		close(fd);
	return file;
}
