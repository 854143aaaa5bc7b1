/*
 * The line of /proc/PID/maps for a VMA, with which smaps begins too.
 */
#pragma once

#include "dentry.h"
#include "types.h"

struct vma;

/* Where a name starts, counted from 0. */
#define MAPS_NAME_COLUMN 73

#define MAPS_LINE_BYTES (MAPS_NAME_COLUMN + 64 + PATH_MAX_BYTES + 1)

/*
 * The line of @vma in @line, MAPS_LINE_BYTES of memory, with its newline and no
 * NUL; returns its length. Caller holds mm->lock.
 */
size_t proc_maps_line(char *line, const struct vma *vma);
