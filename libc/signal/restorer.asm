; void __sigreturn(void): where a signal handler returns to. The frame that the
; kernel built starts right at rsp, so nothing may be pushed before the call.

	bits 64
	section .text.__sigreturn progbits alloc exec nowrite

SYS_RT_SIGRETURN	equ 15

	global	__sigreturn
__sigreturn:
	mov	eax, SYS_RT_SIGRETURN
	syscall
	ud2

	section .note.GNU-stack noalloc noexec nowrite progbits
