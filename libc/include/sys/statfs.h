#pragma once

#include <sys/types.h>
#include <uapi/statfs.h>

int statfs(const char *path, struct statfs *fs);
int fstatfs(int fd, struct statfs *fs);
