#pragma once

#include <uapi/auxv.h>
#include <uapi/elf.h>

/* The value of an entry of the auxiliary vector; 0 and ENOENT without one. */
unsigned long getauxval(unsigned long type);
