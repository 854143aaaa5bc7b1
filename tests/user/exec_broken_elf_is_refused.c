/*
 * A damaged download would take the kernel down instead of being refused: each
 * field of a good program's headers is broken in turn.
 *
 * The good program is this one. After the point of no return a broken file may
 * also kill the process that called execve, as on Linux; a child does it.
 */
#include <elf.h>
#include <fcntl.h>
#include <stddef.h>

#include "memory.h"

#define PATH "/tmp/broken_elf"

static char image[1 << 20];
static long image_bytes;
static Elf64_Ehdr *const ehdr = (Elf64_Ehdr *)image;

static void load_self(void)
{
	long fd = sys(SYS_open, check_self(), O_RDONLY);

	CHECK(fd >= 0);
	image_bytes = sys(SYS_read, fd, image, sizeof(image));
	CHECK(image_bytes > 4096 && image_bytes < (long)sizeof(image));
	CHECK_EQ(sys(SYS_close, fd), 0);
}

static Elf64_Phdr *first_load(void)
{
	Elf64_Phdr *phdr = (Elf64_Phdr *)(image + ehdr->e_phoff);

	while (phdr->p_type != PT_LOAD)
		phdr++;
	return phdr;
}

static void write_image(long bytes)
{
	long fd = sys(SYS_open, PATH, O_WRONLY | O_CREAT | O_TRUNC, 0700);

	CHECK(fd >= 0);
	CHECK_EQ(sys(SYS_write, fd, image, bytes), bytes);
	CHECK_EQ(sys(SYS_close, fd), 0);
}

/* What execve answered, or -1000 when the child died in it. */
static long exec_image(long bytes)
{
	char *const args[] = { "broken", "stop", NULL };
	int status;
	pid_t pid;

	write_image(bytes);
	pid = check_fork();
	if (pid == 0)
		_exit(-(int)sys(SYS_execve, PATH, args, args + 2));
	status = check_wait(pid);
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -1000;
}

/* Change @bytes at @offset, execute, and put them back. */
static long exec_changed(long offset, unsigned long value, size_t bytes)
{
	unsigned long before;
	long result;

	memcpy(&before, image + offset, bytes);
	memcpy(image + offset, &value, bytes);
	result = exec_image(image_bytes);
	memcpy(image + offset, &before, bytes);
	return result;
}

#define EHDR(field, value)                              \
	exec_changed(offsetof(Elf64_Ehdr, field), value, \
		     sizeof(((Elf64_Ehdr *)0)->field))
#define PHDR(field, value)                                        \
	exec_changed((char *)&first_load()->field - image, value, \
		     sizeof(((Elf64_Phdr *)0)->field))

static int refused_or_dead(long result)
{
	return result == -1000 || (result < 0 && result > -134);
}

static void break_header(void)
{
	CHECK_EQ(exec_changed(0, 0x7e, 1), -ENOEXEC);		/* magic */
	CHECK_EQ(exec_changed(3, 'X', 1), -ENOEXEC);
	CHECK_EQ(EHDR(e_machine, 40), -ENOEXEC);		/* ARM */
	CHECK_EQ(EHDR(e_type, ET_REL), -ENOEXEC);
	CHECK_EQ(EHDR(e_type, ET_CORE), -ENOEXEC);
	CHECK_EQ(EHDR(e_type, 0), -ENOEXEC);
	CHECK_EQ(EHDR(e_phentsize, 32), -ENOEXEC);
	CHECK_EQ(EHDR(e_phentsize, 0), -ENOEXEC);
	CHECK_EQ(EHDR(e_phnum, 0), -ENOEXEC);
	CHECK(refused_or_dead(EHDR(e_phnum, 0xffff)));
	CHECK(refused_or_dead(EHDR(e_phoff, image_bytes)));
	CHECK(refused_or_dead(EHDR(e_phoff, -1UL)));
	CHECK(refused_or_dead(EHDR(e_phoff, 1UL << 62)));
}

static void break_segment(void)
{
	CHECK(refused_or_dead(PHDR(p_vaddr, 1UL << 47)));
	CHECK(refused_or_dead(PHDR(p_vaddr, (unsigned long)KERNEL_ADDR)));
	CHECK(refused_or_dead(PHDR(p_vaddr, -PAGE_SIZE)));
	CHECK(refused_or_dead(PHDR(p_memsz, 1UL << 63)));
	CHECK(refused_or_dead(PHDR(p_memsz, -1UL)));
	CHECK(refused_or_dead(PHDR(p_memsz, 1UL << 47)));
	CHECK(refused_or_dead(PHDR(p_filesz, -1UL)));
	CHECK(refused_or_dead(PHDR(p_filesz, first_load()->p_memsz + 4096)));
	CHECK(refused_or_dead(PHDR(p_offset, -1UL)));
	CHECK(refused_or_dead(PHDR(p_offset, first_load()->p_offset + 1)));
	CHECK(refused_or_dead(EHDR(e_entry, 0)));
	CHECK(refused_or_dead(EHDR(e_entry, (unsigned long)KERNEL_ADDR)));
}

/* Cut off anywhere: execve refuses, or the first missing page kills. */
static void cut_short(void)
{
	for (long bytes = 5; bytes < (long)sizeof(Elf64_Ehdr); bytes += 9)
		CHECK_EQ(exec_image(bytes), -ENOEXEC);
	CHECK(refused_or_dead(exec_image(sizeof(Elf64_Ehdr))));
	CHECK(refused_or_dead(exec_image(sizeof(Elf64_Ehdr) + 56)));
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "stop") == 0)
		return 0;
	load_self();
	CHECK_EQ(exec_image(image_bytes), 0);
	break_header();
	break_segment();
	cut_short();
	CHECK_EQ(exec_image(image_bytes), 0);
	CHECK_EQ(sys(SYS_unlink, PATH), 0);
	return check_passed();
}
