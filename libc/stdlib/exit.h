#pragma once

/*
 * What exit() runs before the process ends. Both are referred to weakly, so a
 * program that uses neither atexit() nor stdio does not carry their code.
 */

/* atexit.c: call the handlers, the last one registered first. */
void __atexit_run(void) __attribute__((weak));

/* stdio/file.c: write what is still in the buffers of open streams. */
void __stdio_flush_all(void) __attribute__((weak));
