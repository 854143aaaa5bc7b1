#pragma once

/* Store -@negative_errno in errno and return -1. syscall.asm ends here. */
long __syscall_error(long negative_errno);
