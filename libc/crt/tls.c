/*
 * Thread-local storage of the first thread, by the x86-64 ABI's variant II:
 *
 *	| .tdata image | .tbss zeros | struct tcb |
 *	                             ^ thread pointer, the base of fs
 *
 * A __thread variable is found at a fixed negative distance from fs:0. The
 * program's PT_TLS header says how large the area is.
 */
#include "start.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>

/* What compiled code expects at the thread pointer. */
struct tcb {
	struct tcb *self;		/* fs:0, for taking addresses */
	void *dtv;
	void *thread;
	unsigned long unused[2];
	uintptr_t stack_guard;		/* -fstack-protector compares it */
	uintptr_t pointer_guard;
};

_Static_assert(offsetof(struct tcb, stack_guard) == 0x28, "canary at fs:0x28");

/*
 * Small areas, which is nearly all of them, live in .bss: a page fault less
 * than a mapping of their own, and nothing for a reader of maps to wonder at.
 */
#define SMALL_TLS_BYTES	192
#define TCB_ALIGN	64

static struct {
	_Alignas(TCB_ALIGN) unsigned char mem[SMALL_TLS_BYTES +
					      sizeof(struct tcb)];
} small_area;

/* Not getauxval(), which sets errno, which is a thread-local variable. */
static unsigned long auxv_value(unsigned long type)
{
	const Elf64_auxv_t *entry = __auxv_find(type);

	return entry ? entry->a_un.a_val : 0;
}

static const Elf64_Phdr *find_tls_header(void)
{
	const Elf64_Phdr *phdr = (const Elf64_Phdr *)auxv_value(AT_PHDR);
	unsigned long n = auxv_value(AT_PHNUM);

	for (; n > 0; n--, phdr++)
		if (phdr->p_type == PT_TLS)
			return phdr;
	return NULL;
}

static size_t align_up(size_t n, size_t align)
{
	return (n + align - 1) & -align;
}

/* A zeroed area of @size bytes for variables, and the TCB above; never NULL. */
static unsigned char *area_alloc(size_t size, size_t align)
{
	void *mem;

	if (size <= SMALL_TLS_BYTES && align <= TCB_ALIGN)
		return small_area.mem;
	mem = mmap(NULL, size + sizeof(struct tcb) + align,
		   PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (mem == MAP_FAILED)
		abort();
	return (unsigned char *)align_up((size_t)mem, align);
}

static uintptr_t random_canary(void)
{
	const void *random = (const void *)auxv_value(AT_RANDOM);
	uintptr_t canary = 0;

	if (random)
		memcpy(&canary, random, sizeof(canary));
	/* A zero byte at its lower end stops a string from running into it. */
	return canary & ~(uintptr_t)0xff;
}

void __tls_init(void)
{
	const Elf64_Phdr *tls = find_tls_header();
	size_t align = tls && tls->p_align > sizeof(void *) ? tls->p_align
							     : sizeof(void *);
	size_t size = tls ? align_up(tls->p_memsz, align) : 0;
	unsigned char *area = area_alloc(size, align);
	struct tcb *tcb = (struct tcb *)(area + size);

	if (tls)
		memcpy(area, (const void *)tls->p_vaddr, tls->p_filesz);
	tcb->self = tcb;
	tcb->stack_guard = random_canary();
	arch_prctl(ARCH_SET_FS, (unsigned long)tcb);
}
