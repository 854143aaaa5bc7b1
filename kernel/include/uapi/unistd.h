#pragma once

/* Small numbers of read(2), lseek(2), access(2). */

#define SEEK_SET	0
#define SEEK_CUR	1
#define SEEK_END	2
#define SEEK_DATA	3
#define SEEK_HOLE	4

#define F_OK		0
#define X_OK		1
#define W_OK		2
#define R_OK		4

#define STDIN_FILENO	0
#define STDOUT_FILENO	1
#define STDERR_FILENO	2
