/*
 * A process that does nothing would cost more than 40 KiB, all included: page
 * tables, kernel stack, the kernel's own records, a page of stack and one of data.
 * It is guest-only: on Linux it costs more.
 */
#include <elf.h>
#include <time.h>

#include "proc.h"

#define NR_PROCESSES 64
#define MAX_BYTES (40L * 1024)
#define PROGRAM "/tmp/empty"
#define CODE_ADDR 0x400000UL
#define DATA_ADDR 0x401000UL

/* movb $1, 0x401000; then pause(), again and again */
static const unsigned char code[] = {
	0xc6, 0x04, 0x25, 0x00, 0x10, 0x40, 0x00, 0x01,
	0xb8, 0x22, 0x00, 0x00, 0x00, 0x0f, 0x05, 0xeb, 0xf7,
};

/* As small as a program can be that has code and data of its own. */
static struct {
	Elf64_Ehdr header;
	Elf64_Phdr segment[2];
	unsigned char code[sizeof(code)];
} image;

static void write_program(void)
{
	long fd = sys(SYS_open, PROGRAM, O_WRONLY | O_CREAT | O_TRUNC, 0755);

	image.header = (Elf64_Ehdr){
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB,
			     EV_CURRENT },
		.e_type = ET_EXEC,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_entry = CODE_ADDR + (unsigned long)((char *)image.code -
						       (char *)&image),
		.e_phoff = sizeof(image.header),
		.e_ehsize = sizeof(image.header),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = 2,
	};
	image.segment[0] = (Elf64_Phdr){
		.p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_vaddr = CODE_ADDR,
		.p_filesz = sizeof(image), .p_memsz = sizeof(image),
		.p_align = PAGE_SIZE,
	};
	image.segment[1] = (Elf64_Phdr){
		.p_type = PT_LOAD, .p_flags = PF_R | PF_W, .p_vaddr = DATA_ADDR,
		.p_memsz = PAGE_SIZE, .p_align = PAGE_SIZE,
	};
	memcpy(image.code, code, sizeof(code));
	CHECK_EQ(sys(SYS_write, fd, &image, sizeof(image)), sizeof(image));
	CHECK_EQ(sys(SYS_close, fd), 0);
}

static long free_bytes(void)
{
	return proc_value(proc_text("/proc/meminfo"), "MemFree") * 1024;
}

/* By vfork, which costs the parent nothing. */
static pid_t start_one(void)
{
	char *argv[] = { PROGRAM, NULL };
	char *envp[] = { NULL };
	pid_t pid = vfork();

	if (pid == 0) {
		sys(SYS_execve, argv[0], argv, envp);
		_exit(1);
	}
	return pid;
}

int main(void)
{
	static pid_t pids[NR_PROCESSES];
	struct timespec moment = { 0, 200000000 };
	long before, each;

	write_program();
	free_bytes();
	before = free_bytes();
	for (int i = 0; i < NR_PROCESSES; i++)
		pids[i] = start_one();
	sys(SYS_nanosleep, &moment, 0);
	each = (before - free_bytes()) / NR_PROCESSES;
	printf("an empty process costs %ld bytes\n", each);
	fflush(stdout);
	CHECK(each < MAX_BYTES);
	CHECK(each > 32 * 1024);
	for (int i = 0; i < NR_PROCESSES; i++) {
		CHECK_EQ(sys(SYS_kill, pids[i], 9), 0);
		CHECK_EQ(check_wait(pids[i]), KILLED(9));
	}
	CHECK_EQ(sys(SYS_unlink, PROGRAM), 0);
	return check_passed();
}
