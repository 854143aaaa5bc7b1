/* The two halves of a path. */
#include <libgen.h>
#include <string.h>

/* @path without the slashes at its end; the last byte of "///" stays. */
static size_t trimmed_length(const char *path)
{
	size_t len = strlen(path);

	while (len > 1 && path[len - 1] == '/')
		len--;
	return len;
}

char *basename(char *path)
{
	size_t len;
	char *slash;

	if (!path || !*path)
		return ".";
	len = trimmed_length(path);
	path[len] = '\0';
	slash = strrchr(path, '/');
	return slash && slash[1] ? slash + 1 : path;
}

char *dirname(char *path)
{
	char *slash;

	if (!path || !*path)
		return ".";
	path[trimmed_length(path)] = '\0';
	slash = strrchr(path, '/');
	if (!slash)
		return ".";
	slash[slash == path] = '\0';	/* keep the one of "/name" */
	path[trimmed_length(path)] = '\0';
	return path;
}
