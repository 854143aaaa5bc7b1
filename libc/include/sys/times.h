#pragma once

#include <sys/types.h>
#include <uapi/time.h>

clock_t times(struct tms *tms);
