#pragma once

#include <uapi/prctl.h>

int personality(unsigned long persona);
