#pragma once

#include <uapi/utsname.h>

int uname(struct utsname *name);
