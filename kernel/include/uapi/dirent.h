#pragma once

/*
 * One entry as getdents64(2) writes it. Entries follow each other at d_reclen
 * bytes, which is a multiple of 8; d_name ends with a NUL.
 */
struct linux_dirent64 {
	unsigned long d_ino;
	long d_off;			/* where lseek() finds the next entry */
	unsigned short d_reclen;
	unsigned char d_type;
	char d_name[];
};

_Static_assert(__builtin_offsetof(struct linux_dirent64, d_name) == 19, "name");

/* d_type: the S_IFMT bits of the mode, shifted right by 12. */
#define DT_UNKNOWN	0
#define DT_FIFO		1
#define DT_CHR		2
#define DT_DIR		4
#define DT_BLK		6
#define DT_REG		8
#define DT_LNK		10
#define DT_SOCK		12
#define DT_WHT		14
