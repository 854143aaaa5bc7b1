#pragma once

#include <stddef.h>
#include <uapi/auxv.h>
#include <uapi/elf.h>

/* From _start: @stack is what the kernel left there. Runs main() and exits. */
_Noreturn void __libc_start(long *stack);

/* tls.c: give the first thread its thread-local variables. */
void __tls_init(void);

/* The auxiliary vector of this process, ended by AT_NULL. */
extern const Elf64_auxv_t *__auxv;

/* Its entry of @type, or NULL. */
const Elf64_auxv_t *__auxv_find(unsigned long type);
