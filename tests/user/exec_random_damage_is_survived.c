/*
 * As exec_broken_elf_is_refused, but without knowing what is broken: random
 * bytes of the headers are damaged, and whatever happens, the kernel lives and
 * the caller gets its child back. The seed is printed.
 */
#include <fcntl.h>
#include <stdlib.h>

#include "memory.h"

#define PATH "/tmp/damaged_elf"
#define HEADER_BYTES 400	/* the ELF header and the program headers */
#define ROUNDS 200

static char image[1 << 20], damaged[HEADER_BYTES];
static unsigned long seed = 20260101;

static unsigned long next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static void damage_and_exec(long fd)
{
	char *const args[] = { "damaged", "stop", NULL };
	unsigned long nr = 1 + next_random() % 8;
	pid_t pid;

	memcpy(damaged, image, HEADER_BYTES);
	while (nr-- > 0)
		damaged[4 + next_random() % (HEADER_BYTES - 4)] =
			(char)next_random();
	CHECK_EQ(sys(SYS_lseek, fd, 0, SEEK_SET), 0);
	CHECK_EQ(sys(SYS_write, fd, damaged, HEADER_BYTES), HEADER_BYTES);
	pid = check_fork();
	if (pid == 0) {
		sys(SYS_close, fd);
		_exit((int)sys(SYS_execve, PATH, args, args + 2));
	}
	check_wait(pid);
}

int main(int argc, char **argv)
{
	long self, fd, bytes;

	if (argc > 1 && strcmp(argv[1], "stop") == 0)
		return 0;
	if (argc > 1)
		seed = strtoul(argv[1], NULL, 10);
	dprintf(1, "seed %lu\n", seed);
	self = sys(SYS_open, check_self(), O_RDONLY);
	fd = sys(SYS_open, PATH, O_WRONLY | O_CREAT | O_TRUNC, 0700);
	bytes = sys(SYS_read, self, image, sizeof(image));
	CHECK(self >= 0 && fd >= 0 && bytes > HEADER_BYTES);
	CHECK_EQ(sys(SYS_write, fd, image, bytes), bytes);
	for (int round = 0; round < ROUNDS; round++)
		damage_and_exec(fd);
	CHECK_EQ(sys(SYS_unlink, PATH), 0);
	return check_passed();
}
