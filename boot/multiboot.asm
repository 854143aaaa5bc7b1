; From the Multiboot2 loader to kernel_main(): 32-bit protected mode, no
; paging, to 64-bit code in the top 2 GiB.
;
; GRUB hands over the same way under BIOS and UEFI: eax holds the loader's
; magic, ebx the physical address of the boot information, paging is off, the
; segments are flat and interrupts are disabled. Everything else is unknown.
;
; The tables built here map the first 4 GiB three times, with 2 MiB pages:
;
;   0                     identity, for the instructions of this file
;   PHYS_BASE             the direct map as the C code knows it
;   KERNEL_BASE           the first GiB only: where the kernel is linked
;
; They live until paging_init() has built the final ones.

	bits 32

MB2_HEADER_MAGIC	equ 0xe85250d6
MB2_LOADER_MAGIC	equ 0x36d76289
MB2_ARCH_I386		equ 0	; "32-bit protected mode", also under UEFI
MB2_TAG_OPTIONAL	equ 1

KERNEL_BASE		equ 0xffffffff80000000
; Where a symbol of the higher half lies while paging is still off.
%define PHYS(symbol)	((symbol) - KERNEL_BASE)

PTE_PRESENT		equ 1 << 0
PTE_WRITABLE		equ 1 << 1
PTE_LARGE		equ 1 << 7
LARGE_PAGE_BYTES	equ 2 << 20
BOOT_MAP_GIB		equ 4
PHYS_BASE_SLOT		equ 256	; pml4 index of PHYS_BASE
KERNEL_SLOT		equ 511	; pml4 index of KERNEL_BASE
KERNEL_PDPT_SLOT	equ 510	; its index in that pdpt

CR0_PG			equ 1 << 31
CR4_PAE			equ 1 << 5
MSR_EFER		equ 0xc0000080
EFER_LME		equ 1 << 8
EFLAGS_ID		equ 1 << 21
CPUID_EXT_LONG_MODE	equ 1 << 29

COM1			equ 0x3f8
COM1_LINE_STATUS	equ COM1 + 5
LINE_STATUS_TX_EMPTY	equ 1 << 5
VGA_TEXT		equ 0xb8000
VGA_WHITE_ON_RED	equ 0x4f

BOOT_STACK_BYTES	equ 16384
PAGE_SIZE		equ 4096

	section .multiboot progbits alloc noexec nowrite align=8
header:
	dd	MB2_HEADER_MAGIC
	dd	MB2_ARCH_I386
	dd	header_end - header
	dd	-(MB2_HEADER_MAGIC + MB2_ARCH_I386 + (header_end - header))

	; Information request. Without a memory map there is no booting; the
	; other tags are taken when the loader has them.
	align	8
	dw	1, 0
	dd	12
	dd	6			; memory map
	align	8
.optional_tags:
	dw	1, MB2_TAG_OPTIONAL
	dd	.optional_tags_end - .optional_tags
	dd	1			; command line
	dd	3			; modules
	dd	8			; framebuffer (also says "text mode")
.optional_tags_end:

	; Console: text mode is understood. There is no framebuffer tag, so
	; GRUB leaves a BIOS machine in the text mode that dev/screen.c drives.
	align	8
	dw	4, MB2_TAG_OPTIONAL
	dd	12
	dd	1 << 1

	align	8
	dw	0, 0
	dd	8
header_end:

	section .boot progbits alloc exec nowrite align=16

	global boot_start
	extern kernel_main
boot_start:
	cli
	cld
	mov	esp, PHYS(boot_stack_top)
	mov	ebp, eax		; magic, until edi can hold it
	mov	esi, ebx		; kernel_main's second argument

	rdtsc
	mov	[PHYS(boot_tsc_entry)], eax
	mov	[PHYS(boot_tsc_entry) + 4], edx

	cmp	ebp, MB2_LOADER_MAGIC
	jne	not_multiboot
	call	has_long_mode
	jc	not_long_mode
	mov	edi, ebp		; kernel_main's first argument

	call	build_boot_tables
	call	enter_long_mode
	lgdt	[boot_gdt_pointer]
	jmp	BOOT_CS:boot_64

; Carry set when this CPU cannot run 64-bit code. CPUID itself is absent where
; EFLAGS.ID cannot be flipped. Changes eax, ebx, ecx, edx.
has_long_mode:
	pushfd
	pop	eax
	mov	ecx, eax
	xor	eax, EFLAGS_ID
	push	eax
	popfd
	pushfd
	pop	eax
	xor	eax, ecx
	test	eax, EFLAGS_ID
	jz	.no
	mov	eax, 0x80000000
	cpuid
	cmp	eax, 0x80000001
	jb	.no
	mov	eax, 0x80000001
	cpuid
	test	edx, CPUID_EXT_LONG_MODE
	jz	.no
	clc
	ret
.no:
	stc
	ret

; Fill the four kinds of tables drawn at the top. Changes eax, ebx, ecx.
build_boot_tables:
	mov	eax, PHYS(boot_pdpt_low) + (PTE_PRESENT | PTE_WRITABLE)
	mov	[PHYS(boot_pml4)], eax
	mov	[PHYS(boot_pml4) + PHYS_BASE_SLOT * 8], eax
	mov	eax, PHYS(boot_pdpt_high) + (PTE_PRESENT | PTE_WRITABLE)
	mov	[PHYS(boot_pml4) + KERNEL_SLOT * 8], eax

	mov	eax, PHYS(boot_pds) + (PTE_PRESENT | PTE_WRITABLE)
	mov	[PHYS(boot_pdpt_high) + KERNEL_PDPT_SLOT * 8], eax
	xor	ecx, ecx
.pdpt_entry:
	mov	[PHYS(boot_pdpt_low) + ecx * 8], eax
	add	eax, PAGE_SIZE
	inc	ecx
	cmp	ecx, BOOT_MAP_GIB
	jb	.pdpt_entry

	mov	eax, PTE_PRESENT | PTE_WRITABLE | PTE_LARGE
	xor	ecx, ecx
.pd_entry:
	mov	[PHYS(boot_pds) + ecx * 8], eax
	add	eax, LARGE_PAGE_BYTES
	inc	ecx
	cmp	ecx, BOOT_MAP_GIB * 512
	jb	.pd_entry
	ret

; The order is the architecture's: PAE and CR3 first, then LME, then paging
; makes it active. Returns into 32-bit compatibility mode. Changes eax, ecx, edx.
enter_long_mode:
	mov	eax, cr4
	or	eax, CR4_PAE
	mov	cr4, eax
	mov	eax, PHYS(boot_pml4)
	mov	cr3, eax
	mov	ecx, MSR_EFER
	rdmsr
	or	eax, EFER_LME
	wrmsr
	mov	eax, cr0
	or	eax, CR0_PG
	mov	cr0, eax
	ret

not_multiboot:
	mov	esi, message_not_multiboot
	jmp	boot_refuse
not_long_mode:
	mov	esi, message_not_long_mode

; Say why the boot ends here, on the screen and on COM1, and stop.
; esi: the message, ended by a zero byte.
boot_refuse:
	mov	edi, VGA_TEXT
.next:
	lodsb
	test	al, al
	jz	.halt
	mov	ah, VGA_WHITE_ON_RED
	mov	[edi], ax
	add	edi, 2
	mov	bl, al
	mov	edx, COM1_LINE_STATUS
.wait:
	in	al, dx
	test	al, LINE_STATUS_TX_EMPTY
	jz	.wait
	mov	edx, COM1
	mov	al, bl
	out	dx, al
	jmp	.next
.halt:
	hlt
	jmp	.halt

message_not_multiboot:
	db	"faultline: start me from a Multiboot2 loader, such as GRUB", 13, 10, 0
message_not_long_mode:
	db	"faultline: this CPU has no 64-bit mode", 13, 10, 0

BOOT_CS			equ 8
	align	8
boot_gdt:
	dq	0
	dq	0x00af9a000000ffff	; 64-bit code, ring 0
boot_gdt_pointer:
	dw	boot_gdt_pointer - boot_gdt - 1
	dd	boot_gdt

	bits 64
boot_64:
	xor	eax, eax
	mov	ds, eax			; a null selector is fine for data
	mov	es, eax
	mov	ss, eax
	mov	fs, eax
	mov	gs, eax
	mov	rsp, boot_stack_top
	xor	ebp, ebp		; ends every backtrace
	mov	edi, edi		; the upper halves are unknown after
	mov	esi, esi		; the mode switch
	push	qword 0			; nor is there a return address
	mov	rax, kernel_main	; absolute: the higher half is far away
	jmp	rax

	section .data
	; The TSC as the loader jumped here: the zero of the boot's duration.
	global boot_tsc_entry
	align	8
boot_tsc_entry:
	dq	0

	section .bss
	align	PAGE_SIZE
boot_pml4:
	resb	PAGE_SIZE
boot_pdpt_low:
	resb	PAGE_SIZE
boot_pdpt_high:
	resb	PAGE_SIZE
boot_pds:
	resb	PAGE_SIZE * BOOT_MAP_GIB

	; The boot stack, later the idle task's. paging_init() unmaps the page
	; below it: an overflow is a double fault, not a corrupted table.
	global boot_stack_guard, boot_stack, boot_stack_top
boot_stack_guard:
	resb	PAGE_SIZE
boot_stack:
	resb	BOOT_STACK_BYTES
boot_stack_top:
