#pragma once

#include <uapi/poll.h>

typedef unsigned long nfds_t;

int poll(struct pollfd *fds, nfds_t nr_fds, int timeout_ms);
