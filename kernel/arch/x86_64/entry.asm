; Every exception and interrupt comes in here, and every return to user mode
; except the fast one of system calls goes out here.
;
; A stub pushes what the CPU did not, so that all look alike:
;
;	         vector | error | rip | cs | rflags | rsp | ss
;	lowest   ^rsp at trap_entry                      highest
;
; trap_entry adds the general registers, which completes struct trap_frame.

%include "layout.inc"

	bits 64
	section .text

	extern trap_dispatch, task_work, sched_started

; The fifteen general registers, in the order of struct trap_frame. r15 comes
; to lie lowest.
%macro PUSH_REGISTERS 0
	push	rdi
	push	rsi
	push	rdx
	push	rcx
	push	rax
	push	r8
	push	r9
	push	r10
	push	r11
	push	rbx
	push	rbp
	push	r12
	push	r13
	push	r14
	push	r15
%endmacro

%macro POP_REGISTERS 0
	pop	r15
	pop	r14
	pop	r13
	pop	r12
	pop	rbp
	pop	rbx
	pop	r11
	pop	r10
	pop	r9
	pop	r8
	pop	rax
	pop	rcx
	pop	rdx
	pop	rsi
	pop	rdi
%endmacro

; The user's AC would suspend SMAP, DF would reverse the kernel's copies, NT
; would break iretq. A gate leaves them as they are; this clears all three, and
; interrupts are off here anyway. Unlike clac it exists on every CPU.
%macro CLEAN_FLAGS 0
	push	qword 2
	popfq
%endmacro

; ---- stubs ----

	global isr_divide
isr_divide:
	push	qword 0
	push	qword VEC_DIVIDE
	jmp	trap_entry

	global isr_debug
isr_debug:
	push	qword 0
	push	qword VEC_DEBUG
	jmp	trap_entry_ist

	global isr_nmi
isr_nmi:
	push	qword 0
	push	qword VEC_NMI
	jmp	trap_entry_ist

	global isr_breakpoint
isr_breakpoint:
	push	qword 0
	push	qword VEC_BREAKPOINT
	jmp	trap_entry

	global isr_overflow
isr_overflow:
	push	qword 0
	push	qword VEC_OVERFLOW
	jmp	trap_entry

	global isr_bound
isr_bound:
	push	qword 0
	push	qword VEC_BOUND
	jmp	trap_entry

	global isr_invalid_opcode
isr_invalid_opcode:
	push	qword 0
	push	qword VEC_INVALID_OPCODE
	jmp	trap_entry

	global isr_no_fpu
isr_no_fpu:
	push	qword 0
	push	qword VEC_NO_FPU
	jmp	trap_entry

; #DF. The error code, pushed by the CPU, is always 0. The old stack may be
; unusable, so this one has its own and never returns.
	global isr_double_fault
isr_double_fault:
	push	qword VEC_DOUBLE_FAULT
	jmp	trap_entry_ist

; The next five have an error code from the CPU, a selector for the first four.
	global isr_invalid_tss
isr_invalid_tss:
	push	qword VEC_INVALID_TSS
	jmp	trap_entry

	global isr_segment
isr_segment:
	push	qword VEC_SEGMENT
	jmp	trap_entry

	global isr_stack_segment
isr_stack_segment:
	push	qword VEC_STACK_SEGMENT
	jmp	trap_entry

	global isr_protection
isr_protection:
	push	qword VEC_PROTECTION
	jmp	trap_entry

; #PF. The CPU has already pushed an error code, so only the vector is added.
	global isr_page_fault
isr_page_fault:
	push	qword VEC_PAGE_FAULT
	jmp	trap_entry

	global isr_x87
isr_x87:
	push	qword 0
	push	qword VEC_X87
	jmp	trap_entry

	global isr_alignment
isr_alignment:
	push	qword VEC_ALIGNMENT	; error code from the CPU: 0
	jmp	trap_entry

	global isr_machine_check
isr_machine_check:
	push	qword 0
	push	qword VEC_MACHINE_CHECK
	jmp	trap_entry_ist

	global isr_simd
isr_simd:
	push	qword 0
	push	qword VEC_SIMD
	jmp	trap_entry

; The lines of the two interrupt controllers.
%macro IRQ_STUB 2
	global isr_irq_%1
isr_irq_%1:
	push	qword 0
	push	qword VEC_IRQ_BASE + %2
	jmp	trap_entry
%endmacro

	IRQ_STUB timer, 0
	IRQ_STUB keyboard, 1
	IRQ_STUB cascade, 2
	IRQ_STUB com2, 3
	IRQ_STUB com1, 4
	IRQ_STUB lpt2, 5
	IRQ_STUB floppy, 6
	IRQ_STUB lpt1, 7	; also the master's spurious interrupt
	IRQ_STUB rtc, 8
	IRQ_STUB line9, 9
	IRQ_STUB line10, 10
	IRQ_STUB line11, 11
	IRQ_STUB mouse, 12
	IRQ_STUB fpu, 13
	IRQ_STUB ide1, 14
	IRQ_STUB ide2, 15	; also the slave's spurious interrupt

; ---- the common part ----

	align	16
trap_entry:
	PUSH_REGISTERS
	CLEAN_FLAGS
	test	byte [rsp + FRAME_CS], 3
	jz	.from_kernel
	swapgs
.from_user:
	mov	rdi, rsp
	call	trap_dispatch
	jmp	return_to_user
.from_kernel:
	mov	rdi, rsp
	call	trap_dispatch
	POP_REGISTERS
	add	rsp, 16			; vector and error
	iretq

; Exceptions with a stack of their own can strike where GS is still the user's
; although CS is the kernel's: before the swapgs of an entry, after that of an
; exit. The sign of GS's base tells: kernel addresses are negative.
trap_entry_ist:
	PUSH_REGISTERS
	CLEAN_FLAGS
	test	byte [rsp + FRAME_CS], 3
	jnz	.from_user
	mov	ecx, MSR_GS_BASE
	rdmsr
	test	edx, edx
	js	trap_entry.from_kernel
	swapgs
	mov	rdi, rsp
	call	trap_dispatch
	swapgs
	POP_REGISTERS
	add	rsp, 16
	iretq

; From user mode the task may have to sleep or to end, and the next exception
; of this kind would overwrite this stack: move the frame to the task's own.
.from_user:
	swapgs
	mov	rsi, rsp
	mov	rdi, [gs:CPU_KERNEL_SP]
	sub	rdi, FRAME_BYTES
	mov	rsp, rdi
	mov	ecx, FRAME_BYTES / 8
	rep movsq
	jmp	trap_entry.from_user

; The way back to user mode, interrupts off, rsp at the trap frame. Work that
; is pending is done first, and looked for again, since it may have taken long.
	global return_to_user
return_to_user:
	mov	rax, [gs:CPU_RUNNING]
	cmp	dword [rax + TASK_WORK], 0
	jne	.work
	swapgs
	POP_REGISTERS
	add	rsp, 16			; vector and error
	iretq
.work:
	mov	rdi, rsp
	call	task_work
	jmp	return_to_user

; Where arch_switch() "returns" to in a task that has never run. The stack was
; laid out by arch_task_init() or arch_task_fork(); arch_switch() has popped
; the callee-saved registers that they filled:
;	rax  the task that ran before
;	rbx  function to call, 0 for none (fork)
;	r12  its argument
; and rsp is at the task's trap frame.
	global task_start
task_start:
	mov	rdi, rax
	call	sched_started
	test	rbx, rbx
	jz	return_to_user
	sti
	mov	rdi, r12
	call	rbx
	cli
	jmp	return_to_user

; ---- system calls ----

; rax number | rdi rsi rdx r10 r8 r9 arguments | rcx user rip | r11 user rflags
; The CPU has not touched rsp, and SFMASK has cleared IF, DF, AC, NT and TF.
;
; An #NMI or #DB before rsp is the kernel's has a stack of its own (IST), and
; finds by GS's base which side of swapgs it interrupted.
	extern syscall_table, sys_unknown
	global syscall_entry
	align	16
syscall_entry:
	swapgs
	mov	[gs:CPU_USER_SP], rsp
	mov	rsp, [gs:CPU_KERNEL_SP]
	push	qword USER_SS
	push	qword [gs:CPU_USER_SP]
	push	r11
	push	qword USER_CS
	push	rcx
	push	rax			; error: the number, rax will be the result
	push	qword VEC_SYSCALL
	PUSH_REGISTERS
	sti
	mov	rcx, r10		; C wants the fourth argument there
	cmp	rax, NR_SYSCALLS
	jae	.unknown
	call	[syscall_table + rax * 8]
.done:
	mov	[rsp + FRAME_RAX], rax
	cli
	mov	rdx, [gs:CPU_RUNNING]
	cmp	dword [rdx + TASK_WORK], 0
	jne	return_to_user

	; sysret takes rip from rcx and rflags from r11, so it can only be
	; used where the frame agrees. A rip that is not canonical would fault
	; in ring 0 on the user's stack; TF and RF are not restored as iretq
	; would. Exec, and a signal's return, change the frame and fail here.
	mov	rcx, [rsp + FRAME_RIP]
	mov	r11, [rsp + FRAME_RFLAGS]
	cmp	rcx, [rsp + FRAME_RCX]
	jne	return_to_user
	cmp	r11, [rsp + FRAME_R11]
	jne	return_to_user
	test	r11, EFLAGS_TF | EFLAGS_RF
	jnz	return_to_user
	mov	rax, rcx
	shr	rax, 47
	jnz	return_to_user
	POP_REGISTERS
	mov	rsp, [rsp + FRAME_RSP - FRAME_VECTOR]
	swapgs
	o64 sysret
.unknown:
	call	sys_unknown
	jmp	.done

; ---- interrupt descriptor table input ----

; The stub of each vector, 0 where the CPU defines none; trap.c makes gates.
	section .rodata
	global isr_table, isr_table_end
	align	8
isr_table:
	dq	isr_divide, isr_debug, isr_nmi, isr_breakpoint
	dq	isr_overflow, isr_bound, isr_invalid_opcode, isr_no_fpu
	dq	isr_double_fault, 0, isr_invalid_tss, isr_segment
	dq	isr_stack_segment, isr_protection, isr_page_fault, 0
	dq	isr_x87, isr_alignment, isr_machine_check, isr_simd
	times	12 dq 0
	dq	isr_irq_timer, isr_irq_keyboard, isr_irq_cascade, isr_irq_com2
	dq	isr_irq_com1, isr_irq_lpt2, isr_irq_floppy, isr_irq_lpt1
	dq	isr_irq_rtc, isr_irq_line9, isr_irq_line10, isr_irq_line11
	dq	isr_irq_mouse, isr_irq_fpu, isr_irq_ide1, isr_irq_ide2
isr_table_end:
