; long syscall(long number, ...): every system call of libc goes through here.
;
;	C argument	rdi	rsi  rdx  rcx  r8  r9  [rsp + 8]
;	kernel wants	rax	rdi  rsi  rdx  r10 r8  r9
;
; The kernel clobbers rcx and r11, which C code does not expect to keep. A
; result in [-4095, -1] is a negative errno: stored there, and -1 returned.

	bits 64
	section .text.syscall progbits alloc exec nowrite

	extern	__syscall_error

	global	syscall
syscall:
	mov	rax, rdi
	mov	rdi, rsi
	mov	rsi, rdx
	mov	rdx, rcx
	mov	r10, r8
	mov	r8, r9
	mov	r9, [rsp + 8]
	syscall
	cmp	rax, -4095
	jae	.error
	ret
.error:
	mov	rdi, rax
	jmp	__syscall_error

	section .note.GNU-stack noalloc noexec nowrite progbits
