/*
 * Changing the environment. The array and the entries that the kernel put on
 * the stack stay there; what is added comes from malloc(). An entry that is
 * replaced is not freed, since someone may hold what getenv() returned.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Our own array, once we needed one. A program may have set another since. */
static char **allocated;
static size_t allocated_slots;

static int name_is_valid(const char *name, size_t len)
{
	if (len > 0 && name[len] == '\0')
		return 1;
	errno = EINVAL;
	return 0;
}

/* Where an entry of that name is, or where the closing NULL is. */
static char **find_slot(const char *name, size_t len)
{
	char **slot = environ;

	while (*slot &&
	       (strncmp(*slot, name, len) != 0 || (*slot)[len] != '='))
		slot++;
	return slot;
}

/* Make room for one more entry behind the @n there are. */
static int grow_environ(size_t n)
{
	size_t slots = n + 2;
	char **array;

	if (environ == allocated && slots <= allocated_slots)
		return 0;
	slots *= 2;
	array = realloc(environ == allocated ? allocated : NULL,
			slots * sizeof(*array));
	if (!array)
		return -1;
	if (environ != allocated)
		memcpy(array, environ, (n + 1) * sizeof(*array));
	allocated = environ = array;
	allocated_slots = slots;
	return 0;
}

static int put_entry(char *entry, size_t name_len)
{
	static char *empty[] = { NULL };
	char **slot;
	size_t n;

	if (!environ)
		environ = empty;
	slot = find_slot(entry, name_len);
	if (!*slot) {
		n = (size_t)(slot - environ);
		if (grow_environ(n) != 0)
			return -1;
		slot = environ + n;
		slot[1] = NULL;
	}
	*slot = entry;
	return 0;
}

int setenv(const char *name, const char *value, int overwrite)
{
	size_t name_len = strcspn(name, "=");
	size_t value_size = strlen(value) + 1;
	char *entry;

	if (!name_is_valid(name, name_len))
		return -1;
	if (!overwrite && getenv(name))
		return 0;
	entry = malloc(name_len + 1 + value_size);
	if (!entry)
		return -1;
	memcpy(entry, name, name_len);
	entry[name_len] = '=';
	memcpy(entry + name_len + 1, value, value_size);
	if (put_entry(entry, name_len) == 0)
		return 0;
	free(entry);
	return -1;
}

int unsetenv(const char *name)
{
	size_t len = strcspn(name, "=");
	char **slot;

	if (!name_is_valid(name, len))
		return -1;
	while (environ && *(slot = find_slot(name, len)))
		for (; *slot; slot++)
			slot[0] = slot[1];
	return 0;
}

/* The string itself becomes the entry; without a '=' it removes one. */
int putenv(char *entry)
{
	size_t len = strcspn(entry, "=");

	return entry[len] ? put_entry(entry, len) : unsetenv(entry);
}

int clearenv(void)
{
	environ = NULL;
	return 0;
}
