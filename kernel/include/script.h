/*
 * "#!" scripts: files that name the program that is to run them.
 *
 *	#! /bin/interpreter optional-argument
 *
 * Running script with arguments A B runs
 *
 *	/bin/interpreter optional-argument script A B
 */
#pragma once

#include <uapi/elf.h>

#include "exec_args.h"
#include "types.h"

struct file;

/* As on Linux: what a first line may have, and interpreters of interpreters. */
#define SCRIPT_HEAD_BYTES 256
#define SCRIPT_MAX_DEPTH 4

struct script {
	char head[SCRIPT_HEAD_BYTES + 1]; /* the file's first bytes, then 0 */
	char *interpreter;                /* into head */
	char *argument;                   /* into head, or NULL */
};

/*
 * Read the first bytes of @file. 1: a script, the fields point to its parts.
 * 0: something else, whose bytes are in head. -ENOEXEC: a first line without an
 * interpreter, or an interpreter's name that is cut off; errors of reading.
 */
int script_read(struct file *file, struct script *script);

/* Replace argv[0] of @args by interpreter, argument and @path. */
int script_apply(const struct script *script, const char *path,
		 struct exec_args *args);
