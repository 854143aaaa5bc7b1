/*
 * malloc_attacks.h - running attacks on the heap, each in a child of its own.
 *
 * A shape that is stopped dies of a signal after one line on standard error;
 * one that must come to nothing returns, silently. Reaching the end of the
 * first kind is the failure; the second kind says itself if it has succeeded.
 */
#pragma once

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../libc/include/malloc.h"

struct attack {
	const char *name;
	void (*run)(void);
	const char *message;	/* NULL: not a word */
	int signal;		/* 0: SIGABRT, or none if there is no message */
};

#define LARGE	50000	/* too large for the caches: straight to the arena */

/* The header below @mem, as an overflow from the chunk in front sees it. */
static inline uint32_t *size_of(void *mem)
{
	return (uint32_t *)((char *)mem - 8);
}

static inline size_t *prev_size_of(void *mem)
{
	return (size_t *)((char *)mem - 16);
}

/* A block that stays in use, so that what is freed before it has neighbours. */
static inline void fence(void)
{
	*(volatile char *)malloc(LARGE) = 1;
}

/* Push @mem's size out of this thread's cache, to wait in the arena. */
static inline void flush_size(size_t n)
{
	void *held[300];

	for (int i = 0; i < 300; i++)
		held[i] = malloc(n);
	for (int i = 0; i < 300; i++)
		free(held[i]);
}

static _Alignas(16) uintptr_t target[64];	/* what the attacker wants */

static inline void succeeded(void)
{
	fprintf(stderr, "malloc returned the target\n");
	_exit(1);
}

static inline int is_target(void *mem)
{
	return mem >= (void *)target && mem < (void *)(target + 64);
}

/* Run @attack in a child; what it wrote to standard error, and its status. */
static int attack_run(const struct attack *attack, char *text, size_t size)
{
	int fds[2], status;
	ssize_t n;
	pid_t pid;

	if (pipe(fds) || (pid = fork()) < 0)
		exit(2);
	if (!pid) {
		dup2(fds[1], 2);
		signal(SIGSEGV, SIG_DFL);	/* else the sanitizer's */
		alarm(30);			/* a list may have become a ring */
		attack->run();
		_exit(0);
	}
	close(fds[1]);
	n = read(fds[0], text, size - 1);
	text[n > 0 ? n : 0] = '\0';
	close(fds[0]);
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? WTERMSIG(status) : status;
}

/* `malloc: WHAT: 0xADDRESS` and nothing else; nothing at all for NULL. */
static int attack_said(const char *text, const char *what)
{
	char want[100];
	size_t length;

	if (!what)
		return !*text;
	length = snprintf(want, sizeof(want), "malloc: %s: 0x", what);
	return strncmp(text, want, length) == 0 &&
	       strspn(text + length, "0123456789abcdef") ==
		       strlen(text + length) - 1 &&
	       text[strlen(text) - 1] == '\n';
}

/* Run all @nr, print the verdicts; what main() should return. */
static int attacks_run(const struct attack *attacks, size_t nr)
{
	int failures = 0;

	for (const struct attack *a = attacks; a < attacks + nr; a++) {
		int signal_number = a->message && !a->signal ? SIGABRT :
							       a->signal;
		int status;
		char text[1000];

		status = attack_run(a, text, sizeof(text));
		if (status == signal_number && attack_said(text, a->message)) {
			printf("PASS malloc_%s_%s\n", a->name,
			       status ? "aborts" : "misses");
			continue;
		}
		printf("FAIL malloc_%s: got status %x, \"%s\", want %x, "
		       "\"malloc: %s: 0x...\"\n", a->name, status, text,
		       signal_number, a->message ? a->message : "(nothing)");
		failures++;
	}
	return failures != 0;
}
