/*
 * thread.h - threads without a thread library: clone(2), a stack, and thread-local
 * storage as the program's own header describes it.
 *
 * thread_join() waits as pthread_join() does, for the word that the kernel clears
 * when a thread has ended.
 */
#pragma once

#include <elf.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/auxv.h>

#include "memory.h"

#define STACK_PAGES 16
#define TCB_BYTES 64	/* the start of libc's: self, ..., canary at 0x28 */

#define THREAD_FLAGS                                                        \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | \
	 CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID |               \
	 CLONE_CHILD_CLEARTID)

struct thread {
	volatile int tid;	/* 0 again once it has ended */
	pid_t id;		/* stays */
	char *stack;
	void (*fn)(void *);
	void *arg;
};

static inline const Elf64_Phdr *thread_tls_header(void)
{
	const Elf64_Phdr *phdr = (const Elf64_Phdr *)getauxval(AT_PHDR);

	for (unsigned long n = getauxval(AT_PHNUM); n > 0; n--, phdr++)
		if (phdr->p_type == PT_TLS)
			return phdr;
	return NULL;
}

/* Variables below @end, then the block that fs points to. */
static inline char *thread_make_tls(char *end)
{
	const Elf64_Phdr *tls = thread_tls_header();
	char *tcb = (char *)((unsigned long)(end - TCB_BYTES) & -64UL);
	unsigned long canary, align = tls ? tls->p_align : 1;

	if (tls)
		memcpy(tcb - ((tls->p_memsz + align - 1) & -align),
		       (const void *)tls->p_vaddr, tls->p_filesz);
	__asm__("mov %%fs:0x28, %0" : "=r"(canary));
	*(char **)tcb = tcb;
	*(unsigned long *)(tcb + 0x28) = canary;
	return tcb;
}

__attribute__((noreturn, used)) static void thread_main(struct thread *thread)
{
	thread->fn(thread->arg);
	sys(SYS_exit, 0);
	__builtin_unreachable();
}

/*
 * The child returns from clone() on another stack, where nothing of a C function
 * may be found: it goes straight to thread_main().
 */
static inline long thread_clone(unsigned long flags, char *sp,
				struct thread *thread, char *tls)
{
	register volatile int *tid __asm__("r10") = &thread->tid;
	register char *r8 __asm__("r8") = tls;
	register struct thread *r12 __asm__("r12") = thread;
	long result;

	__asm__ volatile("syscall\n\t"
			 "test %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "xor %%ebp, %%ebp\n\t"
			 "mov %%r12, %%rdi\n\t"
			 "call thread_main\n"
			 "1:"
			 : "=a"(result)
			 : "a"(SYS_clone), "D"(flags), "S"(sp),
			   "d"(&thread->tid), "r"(tid), "r"(r8), "r"(r12)
			 : "rcx", "r11", "memory");
	return result;
}

static inline void thread_start(struct thread *thread, void (*fn)(void *),
				void *arg)
{
	char *end, *tls;
	long tid;

	thread->stack = map_pages(STACK_PAGES, RW);
	thread->fn = fn;
	thread->arg = arg;
	end = thread->stack + STACK_PAGES * PAGE_SIZE;
	tls = thread_make_tls(end);
	tid = thread_clone(THREAD_FLAGS, end - PAGE_SIZE, thread, tls);
	CHECK(tid > 0);
	thread->id = (pid_t)tid;
}

static inline void thread_join(struct thread *thread)
{
	int tid;

	while ((tid = thread->tid) != 0)
		sys(SYS_futex, &thread->tid, 0, tid, 0);
	unmap_pages(thread->stack, STACK_PAGES);
}
