#pragma once

#include <stdio.h>

/*
 * A stream. Its one buffer serves either direction, never both at once:
 *
 *	reading		buf | consumed | pos ... end unread |  unused  |
 *	writing		buf | not yet written  pos |       unused      |
 *
 * While neither is going on, pos == end == buf.
 */
struct __file {
	unsigned char *buf;
	unsigned char *pos;
	unsigned char *end;
	size_t size;
	int fd;
	unsigned int flags;	/* FILE_... */
	int buf_mode;		/* _IOFBF, _IOLBF, _IONBF */
	unsigned char one[1];	/* the buffer of a stream that has none */
	struct __file *next;	/* in the list of open streams */
};

#define FILE_READABLE	0x001
#define FILE_WRITABLE	0x002
#define FILE_READING	0x004	/* the buffer holds input */
#define FILE_WRITING	0x008	/* the buffer holds output */
#define FILE_EOF	0x010
#define FILE_ERROR	0x020
#define FILE_LISTED	0x040	/* __stdio_flush_all() knows it */
#define FILE_ALLOCATED	0x080	/* fclose() frees it, with its first buffer */
#define FILE_ASK_TTY	0x100	/* becomes _IOLBF if it is a terminal */

/* Enter @file into the list of open streams, or take it off. */
void __file_list(struct __file *file);
void __file_unlist(struct __file *file);

/*
 * Make @file ready for reading or writing. 0; or -1 with errno and the error
 * flag set: it is not open for that, or the other direction could not be ended.
 */
int __file_begin_read(struct __file *file);
int __file_begin_write(struct __file *file);

/* Read into the empty buffer. The first byte, which stays; or EOF. */
int __file_fill(struct __file *file);

/* Write out the buffer. 0, or EOF: what was not written is lost. */
int __file_flush_write(struct __file *file);

/* Write to the descriptor until all is written. 0, or EOF. */
int __file_write_all(struct __file *file, const unsigned char *src, size_t n);

/* O_ flags of a mode like "r+"; -1 and EINVAL if it is none. */
int __file_mode(const char *mode);
