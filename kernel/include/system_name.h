/*
 * What uname(2), /proc/version and the shell say this is.
 */
#pragma once

#include <uapi/utsname.h>

extern const struct utsname system_name;
