/* Reading whole lines into memory that grows as they need it. */
#include <errno.h>
#include <stdlib.h>

#include "file.h"

#define FIRST_SIZE	120

static int grow(char **line, size_t *size)
{
	size_t new_size = *size ? *size * 2 : FIRST_SIZE;
	char *bigger = realloc(*line, new_size);

	if (!bigger)
		return -1;
	*line = bigger;
	*size = new_size;
	return 0;
}

ssize_t getdelim(char **restrict line, size_t *restrict size, int delim,
		 FILE *restrict file)
{
	size_t len = 0;
	int c;

	if (!*line)
		*size = 0;
	do {
		c = fgetc(file);
		if (c == EOF && (len == 0 || ferror(file)))
			return -1;
		if (*size - len < 2 && grow(line, size) != 0) {
			file->flags |= FILE_ERROR;
			return -1;
		}
		if (c != EOF)
			(*line)[len++] = (char)c;
	} while (c != EOF && c != delim);
	(*line)[len] = '\0';
	return (ssize_t)len;
}

ssize_t getline(char **restrict line, size_t *restrict size,
		FILE *restrict file)
{
	return getdelim(line, size, '\n', file);
}
