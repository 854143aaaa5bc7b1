; setjmp() and longjmp(): keep and restore what a C function must preserve.
;
;	env + 0 rbx | 8 rbp | 16 r12 | 24 r13 | 32 r14 | 40 r15 | 48 rsp | 56 rip
;	env + 64: not 0 if the signal mask was kept too | 72: the mask
;
; rsp is kept as it will be after setjmp() returned: one word higher.

	bits 64
	section .text.setjmp progbits alloc exec nowrite

	extern	__sigsetjmp_mask

	global	setjmp
	global	_setjmp
setjmp:
_setjmp:
	xor	esi, esi

	global	sigsetjmp
sigsetjmp:
	mov	[rdi], rbx
	mov	[rdi + 8], rbp
	mov	[rdi + 16], r12
	mov	[rdi + 24], r13
	mov	[rdi + 32], r14
	mov	[rdi + 40], r15
	lea	rdx, [rsp + 8]
	mov	[rdi + 48], rdx
	mov	rdx, [rsp]
	mov	[rdi + 56], rdx
	movsxd	rax, esi
	mov	[rdi + 64], rax
	test	esi, esi
	jnz	__sigsetjmp_mask	; returns 0 to our caller
	xor	eax, eax
	ret

	section .text.longjmp progbits alloc exec nowrite

	global	longjmp
	global	_longjmp
longjmp:
_longjmp:
	mov	eax, esi
	cmp	eax, 1
	adc	eax, 0			; setjmp() must not seem to return 0 again
	mov	rbx, [rdi]
	mov	rbp, [rdi + 8]
	mov	r12, [rdi + 16]
	mov	r13, [rdi + 24]
	mov	r14, [rdi + 32]
	mov	r15, [rdi + 40]
	mov	rsp, [rdi + 48]
	jmp	[rdi + 56]

	section .note.GNU-stack noalloc noexec nowrite progbits
