#pragma once

#include <uapi/elf.h>
#include <uapi/auxv.h>
