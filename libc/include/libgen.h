#pragma once

/* Both may write to @path and may return a pointer into it. */
char *basename(char *path);
char *dirname(char *path);
