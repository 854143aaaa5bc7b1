; Copies between kernel and user memory.
;
; A page fault on the way is resolved by mm_fault() and the string instruction
; goes on where it was. When it cannot be resolved, trap_page_fault() finds the
; instruction in __ex_table and continues at its partner: rcx still counts what
; was left to do.

%include "layout.inc"

	bits 64
	section .text

	extern cpu_has_smap

; SMAP lets the kernel touch user pages only between stac and clac. Both are
; invalid opcodes on a CPU without it.
%macro USER_ACCESS_BEGIN 0
	cmp	byte [cpu_has_smap], 0
	je	%%done
	stac
%%done:
%endmacro

%macro USER_ACCESS_END 0
	cmp	byte [cpu_has_smap], 0
	je	%%done
	clac
%%done:
%endmacro

; One pair: if the first instruction faults for good, continue at the second.
%macro EX_TABLE 2
	[section __ex_table progbits alloc noexec nowrite align=8]
	dq	%1, %2
	__?SECT?__
%endmacro

; size_t arch_copy_user(void *to, const void *from, size_t bytes)
; By words, then the last seven bytes at most. After a fault in the words,
; rcx words and rdx & 7 bytes are left; they are tried again byte by byte, so
; that the count is exact when the first bytes of a word can still be copied.
	global arch_copy_user
arch_copy_user:
	USER_ACCESS_BEGIN
	mov	rcx, rdx
	shr	rcx, 3
.words:
	rep movsq
	mov	ecx, edx
	and	ecx, 7
.bytes:
	rep movsb
.end:
	USER_ACCESS_END
	mov	rax, rcx
	ret
.words_fault:
	and	edx, 7
	lea	rcx, [rdx + rcx * 8]
	jmp	.bytes
	EX_TABLE .words, .words_fault
	EX_TABLE .bytes, .end

; size_t arch_clear_user(void *to, size_t bytes)
	global arch_clear_user
arch_clear_user:
	USER_ACCESS_BEGIN
	xor	eax, eax
	mov	rcx, rsi
	shr	rcx, 3
.words:
	rep stosq
	mov	ecx, esi
	and	ecx, 7
.bytes:
	rep stosb
.end:
	USER_ACCESS_END
	mov	rax, rcx
	ret
.words_fault:
	and	esi, 7
	lea	rcx, [rsi + rcx * 8]
	jmp	.bytes
	EX_TABLE .words, .words_fault
	EX_TABLE .bytes, .end

; ssize_t arch_copy_user_string(char *to, const char *from, size_t bytes)
; Byte by byte, since the user's string may end just before a page that is not
; there. rax counts.
	global arch_copy_user_string
arch_copy_user_string:
	USER_ACCESS_BEGIN
	xor	eax, eax
.next:
	cmp	rax, rdx
	je	.end
.load:
	mov	cl, [rsi + rax]
	mov	[rdi + rax], cl
	inc	rax
	test	cl, cl
	jnz	.next
.end:
	USER_ACCESS_END
	ret
.fault:
	mov	rax, -1
	jmp	.end
	EX_TABLE .load, .fault
