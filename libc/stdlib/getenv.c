/* Reading the environment: an array of "NAME=value". */
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

char *getenv(const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || strchr(name, '=') || !environ)
		return NULL;
	for (char **entry = environ; *entry; entry++)
		if (strncmp(*entry, name, len) == 0 && (*entry)[len] == '=')
			return *entry + len + 1;
	return NULL;
}

/* Nothing from the caller's environment for a program with more rights. */
char *secure_getenv(const char *name)
{
	return getauxval(AT_SECURE) ? NULL : getenv(name);
}
