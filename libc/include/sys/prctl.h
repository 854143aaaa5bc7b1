#pragma once

#include <uapi/prctl.h>

int prctl(int option, ...);
int arch_prctl(int option, unsigned long addr);
