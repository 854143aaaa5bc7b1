/* Directories: getdents64(2), one entry at a time. */
#include <dirent.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BUF_BYTES	2048

struct __dir {
	int fd;
	size_t pos;		/* of the next entry in buf */
	size_t end;
	off_t offset;		/* of the next entry in the directory */
	_Alignas(8) char buf[BUF_BYTES];
};

/* An entry is returned where the kernel wrote it. */
_Static_assert(offsetof(struct dirent, d_name) ==
	       offsetof(struct linux_dirent64, d_name), "the same layout");

ssize_t getdents64(int fd, void *buf, size_t size)
{
	return syscall(SYS_getdents64, fd, buf, size);
}

DIR *fdopendir(int fd)
{
	struct stat st;
	DIR *dir;

	if (fstat(fd, &st) != 0)
		return NULL;
	if (!S_ISDIR(st.st_mode)) {
		errno = ENOTDIR;
		return NULL;
	}
	dir = malloc(sizeof(*dir));
	if (!dir)
		return NULL;
	dir->fd = fd;
	dir->pos = dir->end = 0;
	dir->offset = 0;
	return dir;
}

DIR *opendir(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir;

	if (fd < 0)
		return NULL;
	dir = fdopendir(fd);
	if (!dir)
		close(fd);
	return dir;
}

struct dirent *readdir(DIR *dir)
{
	struct dirent *entry;
	ssize_t got;

	if (dir->pos == dir->end) {
		got = getdents64(dir->fd, dir->buf, sizeof(dir->buf));
		if (got <= 0)
			return NULL;
		dir->pos = 0;
		dir->end = (size_t)got;
	}
	entry = (struct dirent *)(dir->buf + dir->pos);
	dir->pos += entry->d_reclen;
	dir->offset = entry->d_off;
	return entry;
}

long telldir(DIR *dir)
{
	return dir->offset;
}

void seekdir(DIR *dir, long pos)
{
	dir->offset = lseek(dir->fd, pos, SEEK_SET);
	dir->pos = dir->end = 0;
}

void rewinddir(DIR *dir)
{
	seekdir(dir, 0);
}

int dirfd(DIR *dir)
{
	return dir->fd;
}

int closedir(DIR *dir)
{
	int result = close(dir->fd);

	free(dir);
	return result;
}
