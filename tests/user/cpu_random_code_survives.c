/*
 * guest-only: random code may contain any system call.
 * Whatever a program executes, from privileged instructions to odd flags and
 * segments, ends the program at worst and never the kernel. The seed is printed.
 */
// guest: TIMEOUT=180
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "memory.h"

#define ROUNDS 300
#define CODE_BYTES 64

static unsigned long seed = 20260105;

/*
 * Beginnings that random bytes would rarely hit: flags, segments, returns to
 * other rings, and what only the kernel may do. None of them is SYSCALL.
 */
static const struct {
	unsigned char length, code[8];
} starts[] = {
	{ 5, { 0x9c, 0x58, 0x0d, 0x00, 0x41 } },	/* set TF and NT ... */
	{ 2, { 0x48, 0xcf } },				/* iretq */
	{ 1, { 0xcb } },				/* far return */
	{ 2, { 0x8e, 0xd8 } },				/* mov ds, ax */
	{ 2, { 0x8e, 0xe8 } },				/* mov gs, ax */
	{ 3, { 0x0f, 0x01, 0xf8 } },			/* swapgs */
	{ 3, { 0x0f, 0x22, 0xd8 } },			/* mov cr3, rax */
	{ 2, { 0x0f, 0x30 } },				/* wrmsr */
	{ 3, { 0x0f, 0x01, 0x18 } },			/* lidt */
	{ 2, { 0x0f, 0x34 } },				/* sysenter */
	{ 2, { 0x0f, 0x07 } },				/* sysret */
	{ 2, { 0xcd, 0x80 } },				/* int 0x80 */
	{ 2, { 0xcd, 0x08 } },				/* int 8 */
	{ 3, { 0xdb, 0xe2, 0x9b } },			/* fnclex; fwait */
	{ 1, { 0xf1 } },				/* int1 */
	{ 1, { 0xfa } },				/* cli */
	{ 3, { 0x0f, 0x01, 0xd1 } },			/* xsetbv */
	{ 3, { 0x0f, 0xae, 0x08 } },			/* fxrstor [rax] */
};

static unsigned long next_random(unsigned long below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (seed >> 11) % below;
}

/* SYSCALL itself is the other test's subject: the two bytes do not occur. */
static void write_code(unsigned char *code)
{
	unsigned long start = next_random(2 * sizeof(starts) / sizeof(*starts));

	for (int i = 0; i < CODE_BYTES; i++)
		code[i] = (unsigned char)next_random(256);
	if (start < sizeof(starts) / sizeof(*starts))
		memcpy(code, starts[start].code, starts[start].length);
	for (int i = 0; i + 1 < CODE_BYTES; i++)
		if (code[i] == 0x0f && code[i + 1] == 0x05)
			code[i] = 0x90;
}

static void run_random_code(void)
{
	unsigned char *code = (unsigned char *)map_pages(1, RW | PROT_EXEC);

	write_code(code);
	/* rax: zeros that can be read, so that loads through it get somewhere. */
	__asm__ volatile("jmp *%0" : : "r"(code), "a"(map_pages(1, RW))
			 : "memory");
}

static void run_child(unsigned long number)
{
	struct timespec tick = { .tv_nsec = 1000000 };
	pid_t pid;

	pid = check_fork();
	if (pid == 0) {		/* each has a sequence of its own */
		seed ^= number * 0x9e3779b97f4a7c15UL;
		run_random_code();
	}
	for (int i = 0; i < 10; i++) {
		if (sys(SYS_wait4, pid, 0, WNOHANG, 0) == pid)
			return;
		sys(SYS_nanosleep, &tick, 0);
	}
	CHECK_EQ(sys(SYS_kill, pid, SIGKILL), 0);
	CHECK_EQ(sys(SYS_wait4, pid, 0, 0, 0), pid);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		seed = strtoul(argv[1], NULL, 10);
	dprintf(1, "seed %lu\n", seed);
	for (unsigned long i = 0; i < ROUNDS; i++)
		run_child(i);
	write_pages(map_pages(64, RW), 64, 1);
	return check_passed();
}
