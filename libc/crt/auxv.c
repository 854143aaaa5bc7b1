/* The auxiliary vector: what the kernel told this process at its start. */
#include "start.h"

#include <errno.h>
#include <sys/auxv.h>

const Elf64_auxv_t *__auxv;

const Elf64_auxv_t *__auxv_find(unsigned long type)
{
	const Elf64_auxv_t *entry;

	for (entry = __auxv; entry->a_type != AT_NULL; entry++)
		if (entry->a_type == type)
			return entry;
	return NULL;
}

unsigned long getauxval(unsigned long type)
{
	const Elf64_auxv_t *entry = __auxv_find(type);

	if (!entry) {
		errno = ENOENT;
		return 0;
	}
	return entry->a_un.a_val;
}
