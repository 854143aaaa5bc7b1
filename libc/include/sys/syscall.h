#pragma once

#include <uapi/syscall.h>
