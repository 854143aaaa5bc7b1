/* Files and directories with a name that nobody else has. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#define MARK		"XXXXXX"
#define ATTEMPTS	100

/* The part of @template to fill in, or NULL and EINVAL. */
static char *find_mark(char *template)
{
	size_t len = strlen(template);

	if (len >= strlen(MARK)) {
		template += len - strlen(MARK);
		if (strcmp(template, MARK) == 0)
			return template;
	}
	errno = EINVAL;
	return NULL;
}

static int fill_mark(char *mark)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	uint64_t random;

	if (getentropy(&random, sizeof(random)) != 0)
		return -1;
	for (size_t i = 0; i < strlen(MARK); i++) {
		mark[i] = letters[random % strlen(letters)];
		random /= strlen(letters);
	}
	return 0;
}

static int create_file(const char *path)
{
	return open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
}

static int create_dir(const char *path)
{
	return mkdir(path, 0700);
}

/* Try names until one is free; the result is @create's. */
static int create_unique(char *template, int (*create)(const char *path))
{
	char *mark = find_mark(template);
	int result = -1;

	if (!mark)
		return -1;
	for (int i = 0; i < ATTEMPTS && fill_mark(mark) == 0; i++) {
		result = create(template);
		if (result >= 0 || errno != EEXIST)
			break;
	}
	return result;
}

int mkstemp(char *template)
{
	return create_unique(template, create_file);
}

char *mkdtemp(char *template)
{
	return create_unique(template, create_dir) < 0 ? NULL : template;
}
