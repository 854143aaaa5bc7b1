/*
 * The stack of a signal handler, as Linux lays it out:
 *
 *	high   interrupted stack; rsp when the signal came
 *	       red zone                  128 bytes that leaf functions use
 *	       FPU state                 512 bytes, aligned to 64
 *	       struct siginfo            <- rsi
 *	       struct ucontext           <- rdx; fpstate points at the FPU state
 *	low    address of the restorer   <- rsp, 8 below a multiple of 16, as
 *	                                    after any call
 *
 * On the alternate stack all begins at its top, without a red zone. The handler
 * returns to the restorer, whose rt_sigreturn(2) finds the ucontext at rsp. All
 * of it is the program's to change, so nothing that comes back is believed.
 */
#include "signal_frame.h"

#include <uapi/errno.h>
#include <uapi/ucontext.h>

#include "arch_task.h"
#include "fpu.h"
#include "gdt.h"
#include "string.h"
#include "uaccess.h"

#define RED_ZONE_BYTES 128
#define FPU_ALIGN 64

/* uc_flags: ss is saved and loaded again, as 64-bit programs expect. */
#define UC_SIGCONTEXT_SS 0x2
#define UC_STRICT_RESTORE_SS 0x4

/* What a program may set: condition codes, and switches of its own. */
#define EFLAGS_USER                                                       \
	(EFLAGS_CONDITIONS | EFLAGS_TF | EFLAGS_DF | EFLAGS_RF | EFLAGS_AC)

struct rt_sigframe {
	uint64_t restorer;
	struct ucontext uc;
	struct siginfo info;
};

_Static_assert(sizeof(struct rt_sigframe) == 440, "Linux's layout");

/* ---- there ---- */

struct place {
	vaddr_t frame, fpu;
};

/*
 * Where the frame goes. -EFAULT: it would overflow the alternate stack; what
 * lies below that one is not the handler's.
 */
static int find_place(const struct trap_frame *frame,
		      const struct kernel_sigaction *action,
		      struct place *place)
{
	const struct sigaltstack *alt = &current->altstack;
	vaddr_t top = frame->rsp - RED_ZONE_BYTES;
	bool on_alt = altstack_in_use(alt, frame->rsp);

	if (action->flags & SA_ONSTACK && alt->ss_size && !on_alt) {
		top = (vaddr_t)alt->ss_sp + alt->ss_size;
		on_alt = true;
	}
	place->fpu = (top - FPU_IMAGE_BYTES) & ~(FPU_ALIGN - 1UL);
	place->frame = ((place->fpu - sizeof(struct rt_sigframe)) & ~15UL) - 8;
	return on_alt && !altstack_holds(alt, place->frame) ? -EFAULT : 0;
}

static void save_registers(struct sigcontext *context,
			   const struct trap_frame *frame)
{
	*context = (struct sigcontext){
		.r8 = frame->r8, .r9 = frame->r9,
		.r10 = frame->r10, .r11 = frame->r11,
		.r12 = frame->r12, .r13 = frame->r13,
		.r14 = frame->r14, .r15 = frame->r15,
		.rdi = frame->rdi, .rsi = frame->rsi,
		.rbp = frame->rbp, .rbx = frame->rbx,
		.rdx = frame->rdx, .rax = frame->rax,
		.rcx = frame->rcx, .rsp = frame->rsp,
		.rip = frame->rip, .eflags = frame->rflags,
		.cs = (uint16_t)frame->cs, .ss = (uint16_t)frame->ss,
		.err = current->trap.error, .trapno = current->trap.vector,
		.cr2 = current->trap.cr2,
	};
}

static void fill(struct rt_sigframe *image, const struct trap_frame *frame,
		 const struct delivery *delivery, vaddr_t fpu)
{
	struct ucontext *uc = &image->uc;

	memset(image, 0, sizeof(*image));
	image->restorer = (uint64_t)delivery->action.restorer;
	uc->uc_flags = UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS;
	uc->uc_stack = current->altstack;
	save_registers(&uc->uc_mcontext, frame);
	uc->uc_mcontext.oldmask = delivery->mask;
	uc->uc_mcontext.fpstate = (void *)fpu;
	uc->uc_sigmask = delivery->mask;
	if (delivery->action.flags & SA_SIGINFO)
		image->info = delivery->info;
}

/*
 * The FPU's registers are the user's while the task runs, so its own image is
 * free; a switch during the copy writes the same once more.
 */
static int write_fpu(vaddr_t to)
{
	fxsave(current->fpu);
	return copy_to_user(to, current->fpu, FPU_IMAGE_BYTES);
}

static void enter_handler(struct trap_frame *frame,
			  const struct delivery *delivery, vaddr_t sp)
{
	frame->rdi = (uint64_t)delivery->sig;
	frame->rsi = sp + offsetof(struct rt_sigframe, info);
	frame->rdx = sp + offsetof(struct rt_sigframe, uc);
	frame->rax = 0; /* no vector arguments, should it take a variable list */
	frame->rip = (uint64_t)delivery->action.handler;
	frame->rsp = sp;
	frame->rflags &= ~(EFLAGS_DF | EFLAGS_RF | EFLAGS_TF);
	fpu_reset();
}

int signal_frame_push(struct trap_frame *frame,
		      const struct delivery *delivery)
{
	struct rt_sigframe image;
	struct place place;
	int err;

	if (!(delivery->action.flags & SA_RESTORER))
		return -EFAULT;
	err = find_place(frame, &delivery->action, &place);
	if (err)
		return err;
	fill(&image, frame, delivery, place.fpu);
	err = write_fpu(place.fpu);
	if (!err)
		err = copy_to_user(place.frame, &image, sizeof(image));
	if (err)
		return err;
	if ((unsigned int)current->altstack.ss_flags & SS_AUTODISARM)
		current->altstack = (struct sigaltstack){ 0 };
	enter_handler(frame, delivery, place.frame);
	return 0;
}

/* ---- and back ---- */

/*
 * An MXCSR with a reserved bit, or an image that is not aligned, would fault in
 * fxrstor. A handler that set no fpstate wants a fresh FPU.
 */
static int read_fpu(vaddr_t from)
{
	_Alignas(16) uint8_t image[FPU_IMAGE_BYTES];

	if (!from) {
		fpu_reset();
		return 0;
	}
	if (from % 16 || copy_from_user(image, from, sizeof(image)) ||
	    !fpu_image_valid(image))
		return -EFAULT;
	fxrstor(image);
	return 0;
}

static void load_registers(struct trap_frame *frame,
			   const struct sigcontext *context)
{
	uint64_t flags = (frame->rflags & ~EFLAGS_USER) |
			 (context->eflags & EFLAGS_USER);

	*frame = (struct trap_frame){
		.r8 = context->r8, .r9 = context->r9,
		.r10 = context->r10, .r11 = context->r11,
		.r12 = context->r12, .r13 = context->r13,
		.r14 = context->r14, .r15 = context->r15,
		.rdi = context->rdi, .rsi = context->rsi,
		.rbp = context->rbp, .rbx = context->rbx,
		.rdx = context->rdx, .rax = context->rax,
		.rcx = context->rcx, .rsp = context->rsp,
		.rip = context->rip, .rflags = flags,
		.cs = USER_CS, .ss = USER_SS,
		.vector = VEC_SIGRETURN, /* no call to be made again */
	};
}

int signal_frame_pop(struct trap_frame *frame)
{
	/* The handler's return has popped the restorer's address. */
	vaddr_t sp = frame->rsp - sizeof(uint64_t);
	struct ucontext uc;
	int err;

	err = copy_from_user(&uc, sp + offsetof(struct rt_sigframe, uc),
			     sizeof(uc));
	if (err)
		return err;
	signal_set_blocked(uc.uc_sigmask);
	err = read_fpu((vaddr_t)uc.uc_mcontext.fpstate);
	if (err)
		return err;
	load_registers(frame, &uc.uc_mcontext);
	/* As on Linux, a stack that cannot be set again is no error. */
	(void)altstack_set(&uc.uc_stack, frame->rsp);
	return 0;
}

void signal_frame_check_rip(const struct trap_frame *frame)
{
	if ((int64_t)(frame->rip << 16) >> 16 == (int64_t)frame->rip)
		return;
	current->trap.vector = VEC_PROTECTION;
	current->trap.error = 0;
	force_signal(SIGSEGV, SI_KERNEL, 0);
}
