; From one kernel stack to another.

%include "layout.inc"

	bits 64
	section .text

; struct task *switch_stacks(struct task *prev, struct task *next)
;
; Callee-saved registers go on prev's stack, everything else the compiler has
; saved already. What lies there while a task does not run:
;
;	r15 | r14 | r13 | r12 | rbx | rbp | return address
;	^kernel_sp                                  higher
;
; Returns, on next's stack, who ran before.
	global switch_stacks
switch_stacks:
	push	rbp
	push	rbx
	push	r12
	push	r13
	push	r14
	push	r15
	mov	[rdi + TASK_KERNEL_SP], rsp
	mov	rsp, [rsi + TASK_KERNEL_SP]
	mov	[gs:CPU_RUNNING], rsi
	mov	rax, rdi
	pop	r15
	pop	r14
	pop	r13
	pop	r12
	pop	rbx
	pop	rbp
	ret
