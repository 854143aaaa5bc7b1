; pid_t vfork(void). The child runs on the parent's stack and returns from here
; first, which overwrites the return address: so it is kept in rdx, a register
; that the system call preserves for both of them.

	bits 64
	section .text.vfork progbits alloc exec nowrite

	extern	__syscall_error

SYS_VFORK	equ 58

	global	vfork
vfork:
	pop	rdx
	mov	eax, SYS_VFORK
	syscall
	push	rdx
	cmp	rax, -4095
	jae	.error
	ret
.error:
	mov	rdi, rax
	jmp	__syscall_error

	section .note.GNU-stack noalloc noexec nowrite progbits
