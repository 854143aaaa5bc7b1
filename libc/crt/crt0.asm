; _start: the first instruction of every program.
;
; The kernel enters it with no return address, rbp undefined, and on the stack,
; lowest first:
;
;	argc | argv[0..argc-1] | NULL | envp[..] | NULL | auxv pairs | AT_NULL
;
; rsp is a multiple of 16 there, and a C function wants it 8 off after the
; call, so a plain call is right. rbp = 0 ends a debugger's backtrace.

	bits 64
	section .text

	extern	__libc_start

	global	_start
_start:
	xor	ebp, ebp
	mov	rdi, rsp
	call	__libc_start		; never returns
	ud2

	section .note.GNU-stack noalloc noexec nowrite progbits
