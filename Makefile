# Faultline's only makefile. `make` builds the bootable image, `make run` boots
# it, `make test` proves it. README.md lists every target and variable.
#
# Map of this file:
#   first of all         help for `make guest`, jobs, what is said
#   tools and goals      what is looked for, and what is installed when missing
#   kernel               boot/ and kernel/ -> build/kernel/faultline.elf
#   libc and programs    libc/, user/, tests/user/ -> static ELF64 files
#   image                initramfs and GRUB -> build/faultline.iso
#   running              run, guest, debug, compare
#   tests                test and its parts, bench-kernel, check-headers

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:

BUILD := build
ISO := $(BUILD)/faultline.iso

# ---- first of all ------------------------------------------------------------

GOALS := $(or $(MAKECMDGOALS),all)

# `make guest`: status and output are CMD's own, and make needs help for that,
# see make-status.c. It is loaded before make has run or said anything, and is
# built with everything else; only the very first time it is built below, when
# `make -C` has already named its folder. Where make cannot load objects,
# everything but the status (always 2 then) is still right.
MAKE_STATUS := $(BUILD)/host/make-status.so
MAKE_STATUS_CC = gcc -O -shared -fPIC -o $(MAKE_STATUS) tests/lib/make-status.c
LOADING := $(and $(filter load,$(.FEATURES)),$(filter guest,$(GOALS)))

ifneq ($(LOADING),)
-load $(MAKE_STATUS)(make_status_setup)
endif

# As many jobs as processors, unless the caller has chosen.
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell getconf _NPROCESSORS_ONLN)
endif

# What is being made, in a line each; V=1 shows the commands themselves, and
# make -s, as ever, nothing.
Q := $(if $(V),,@)
SILENT := $(findstring s,$(firstword -$(MAKEFLAGS)))
say = @$(if $(SILENT),:,printf '  %-7s %s\n' $(1) $@)

# ---- tools and goals ---------------------------------------------------------

# The distribution's own gcc and binutils; where those make no x86-64 ELF files
# (macOS), CROSS=x86_64-elf- names ones that do.
CROSS :=
CC := $(CROSS)gcc
LD := $(CROSS)ld
AR := $(CROSS)ar
NM := $(CROSS)nm
OBJCOPY := $(CROSS)objcopy
STRIP := $(CROSS)strip
NASM := nasm
PYTHON := /usr/bin/python3 -B

# What the goals need: build, and perhaps more. A goal that only cleans or
# compiles a single file needs no check.
BOOTS := run guest debug compare bench bench-kernel soak test test-%
DEPS_FOR := $(strip \
	$(if $(filter all iso $(BOOTS),$(GOALS)),build) \
	$(if $(filter $(BOOTS),$(GOALS)),boot) \
	$(if $(filter debug,$(GOALS)),debug) \
	$(if $(filter test test-%,$(GOALS)),test) \
	$(if $(UEFI),uefi) $(if $(DISPLAY_WINDOW),window))

# Asked while reading, because what follows already asks the compiler. Makes
# that this one starts need not ask again.
ifneq ($(DEPS_FOR),)
ifneq ($(FAULTLINE_DEPS),ok)
$(shell CROSS=$(CROSS) sh tests/lib/deps.sh $(DEPS_FOR) >&2)
ifneq ($(.SHELLSTATUS),0)
$(error tools are missing)
endif
export FAULTLINE_DEPS := ok
endif
endif

ifneq ($(LOADING),)
ifndef STATUS_FD
$(shell { mkdir -p $(BUILD)/host && $(MAKE_STATUS_CC); } >&2)
-load $(MAKE_STATUS)(make_status_setup)
endif
else
iso: $(if $(filter load,$(.FEATURES)),$(MAKE_STATUS))
$(MAKE_STATUS): tests/lib/make-status.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(MAKE_STATUS_CC)
endif

# The compiler's own headers (stdint.h, stdarg.h, ...) and no others.
GCC_INCLUDE := $(shell $(CC) -print-file-name=include)

WARNINGS := -Wall -Wextra -Wundef -Wshadow -Wmissing-prototypes \
	-Wstrict-prototypes $(WERROR)

# Our code alone: no system header, no machinery that a distribution's gcc
# adds by default and that needs a runtime we do not have.
#   -fno-stack-protector              the canary lives in TLS that glibc sets up
#   -fno-pic -fno-pie                 everything is linked at its final address
#   -fno-asynchronous-unwind-tables   nobody unwinds: no .eh_frame in the images
#   -fcf-protection=none              no IBT in user space, endbr64 is only noise
FREESTANDING := -std=gnu11 -O2 -g -nostdinc -isystem $(GCC_INCLUDE) \
	-fno-stack-protector -fno-pic -fno-pie \
	-fno-asynchronous-unwind-tables -fcf-protection=none

# Written while compiling: which headers an object was made from.
DEPFLAGS := -MMD -MP

NASMFLAGS := -f elf64 -g -F dwarf -Wall

-include libc/malloc/build.mk

# ---- kernel ------------------------------------------------------------------

# -ffreestanding            no C library beneath us
# -mcmodel=kernel           linked in the top 2 GiB, reached by signed 32 bits
# -mno-red-zone             interrupts push onto the stack the kernel is using
# -mgeneral-regs-only       the SSE registers hold the user's values
# -fno-omit-frame-pointer   panic() walks rbp to print a backtrace
# -Wframe-larger-than       a kernel stack is one page, with a guard page below
# DEBUG=1: -DDEBUG, the order of locks and the depth of stacks are checked
KERNEL_CFLAGS := $(if $(DEBUG),-DDEBUG )$(FREESTANDING) -ffreestanding -mcmodel=kernel \
	-mno-red-zone -mgeneral-regs-only -fno-omit-frame-pointer \
	-Ikernel/include -Ikernel/arch/x86_64 \
	$(WARNINGS) -Wframe-larger-than=896

KERNEL_C := $(sort $(wildcard kernel/*.c kernel/*/*.c kernel/*/*/*.c))
KERNEL_ASM := $(sort $(wildcard boot/*.asm kernel/*/*.asm kernel/*/*/*.asm))
KERNEL_HEAP := $(BUILD)/kernel/heap.o
KERNEL_OBJ := $(KERNEL_ASM:%.asm=$(BUILD)/%.asm.o) \
	$(KERNEL_C:%.c=$(BUILD)/%.o) $(KERNEL_HEAP)
KERNEL := $(BUILD)/kernel/faultline.elf

# Changes when DEBUG does, and everything is compiled anew.
$(BUILD)/kernel/debug: FORCE
	@mkdir -p $(@D)
	@echo "$(DEBUG)" | cmp -s - $@ || echo "$(DEBUG)" >$@

$(BUILD)/kernel/%.o: kernel/%.c Makefile $(BUILD)/kernel/debug
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(KERNEL_CFLAGS) $(DEPFLAGS) -c -o $@ $<

# kmalloc: libc/malloc once more, for kernel/mm/kheap.c as its system. Linked into
# one object that shows kmalloc.c what it wants and keeps its other names to
# itself, since the kernel has an arena_alloc() and more of its own. Compiled with
# nothing but the headers of libc/malloc and the compiler.
KERNEL_HEAP_C := $(filter-out %/align.c %/info.c, \
	$(sort $(wildcard libc/malloc/*.c libc/malloc/tools/*.c)))
KERNEL_HEAP_OBJ := $(KERNEL_HEAP_C:libc/%.c=$(BUILD)/kernel/%.o)
KERNEL_HEAP_NAMES := fl_malloc fl_calloc fl_free fl_malloc_trim fl_mallinfo2 \
	__heap_walk __heap_check malloc_parse_options

$(KERNEL_HEAP_OBJ): $(BUILD)/kernel/malloc/%.o: libc/malloc/%.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(filter-out -I%,$(KERNEL_CFLAGS)) -DMALLOC_NO_THREADS \
		-include libc/malloc/tools/prefix.h $(DEPFLAGS) -c -o $@ $<

$(KERNEL_HEAP): $(KERNEL_HEAP_OBJ) $(BUILD)/sources
	$(call say,LD)
	$(Q)$(LD) -r -o $@ $(KERNEL_HEAP_OBJ)
	$(Q)$(OBJCOPY) $(KERNEL_HEAP_NAMES:%=--keep-global-symbol=%) $@

# nasm 2.16.01 leaves %include out of -MD, so every object depends on them all.
NASM_INC := $(sort $(wildcard boot/*.inc kernel/*/*.inc kernel/*/*/*.inc))

$(BUILD)/%.asm.o: %.asm $(NASM_INC) Makefile
	@mkdir -p $(@D)
	$(call say,NASM)
	$(Q)$(NASM) $(NASMFLAGS) -Iboot/ -Ikernel/arch/x86_64/ -o $@ $<

# The table that names a panic's addresses is made from the linked kernel, so
# the kernel is linked twice: with an empty table, then with the real one. The
# table lies behind the code, which therefore does not move; the second link
# is compared with the first to prove it.
KERNEL_LINK = $(LD) -n -T boot/linker.ld -nostdlib --build-id=none \
	-z noexecstack -z max-page-size=4096
KSYMS = $(NM) -n $(1) | awk -f boot/symbols.awk

$(BUILD)/kernel/symbols-empty.asm: boot/symbols.awk Makefile
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)awk -f boot/symbols.awk </dev/null >$@

$(BUILD)/kernel/pass1.elf: $(KERNEL_OBJ) $(BUILD)/kernel/symbols-empty.o \
		boot/linker.ld $(BUILD)/sources
	$(call say,LD)
	$(Q)$(KERNEL_LINK) -o $@ $(filter %.o,$^)

$(BUILD)/kernel/symbols.asm: $(BUILD)/kernel/pass1.elf boot/symbols.awk
	$(call say,GEN)
	$(Q)$(call KSYMS,$<) >$@

$(BUILD)/kernel/symbols.o $(BUILD)/kernel/symbols-empty.o: %.o: %.asm
	$(call say,NASM)
	$(Q)$(NASM) $(NASMFLAGS) -o $@ $<

$(KERNEL): $(KERNEL_OBJ) $(BUILD)/kernel/symbols.o boot/linker.ld \
		$(BUILD)/sources
	$(call say,LD)
	$(Q)$(KERNEL_LINK) -o $@ $(filter %.o,$^)
	@$(call KSYMS,$@) | cmp - $(BUILD)/kernel/symbols.asm || \
		{ echo "$@: code moved between the two links" >&2; exit 1; }

# ---- libc and programs -------------------------------------------------------

# Static programs for Linux's ABI: they run here and in the guest.
#   -idirafter kernel/include     for uapi/, which kernel and libc share
#   -ffunction/data-sections      with --gc-sections: only what is used is linked
USER_CFLAGS := $(FREESTANDING) -Ilibc/include -idirafter kernel/include \
	-ffunction-sections -fdata-sections $(WARNINGS)

# -ffreestanding: else gcc turns the body of calloc into a call to calloc.
LIBC_CFLAGS := $(USER_CFLAGS) -ffreestanding

# Every address is final, no page is writable and executable, and the file
# needs no more than 4 KiB of alignment.
USER_LINK := -nostdlib -static -no-pie -Wl,--gc-sections,--build-id=none \
	-Wl,-z,noexecstack,-z,max-page-size=4096

LIBC := $(BUILD)/libc/libc.a
LIBC_C := $(sort $(wildcard libc/*/*.c libc/malloc/tools/*.c)) \
	libc/malloc/ports/user.c libc/malloc/ports/fork.c
LIBC_ASM := $(sort $(wildcard libc/*/*.asm))
LIBC_OBJ := $(LIBC_ASM:%.asm=$(BUILD)/%.asm.o) $(LIBC_C:%.c=$(BUILD)/%.o)
LIBC_MALLOC_OBJ := $(filter $(BUILD)/libc/malloc/%,$(LIBC_OBJ))
LIBC_MALLOC := $(BUILD)/libc/malloc.o

# crt0 is linked first and by name, so it is not a member of the library.
CRT0 := $(filter $(BUILD)/libc/crt/crt0%,$(LIBC_OBJ))

$(BUILD)/libc/%.o: libc/%.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(LIBC_CFLAGS) $(DEPFLAGS) -c -o $@ $<

$(LIBC_MALLOC_OBJ): LIBC_CFLAGS += -fvisibility=hidden

# In one piece malloc needs no name but those of its header, and a program may
# have an arena_alloc() of its own.
$(LIBC_MALLOC): $(LIBC_MALLOC_OBJ) $(BUILD)/sources
	$(call say,LD)
	$(Q)$(LD) -r -o $@ $(LIBC_MALLOC_OBJ)
	$(Q)$(OBJCOPY) --localize-hidden $@

$(LIBC): $(filter-out $(CRT0) $(LIBC_MALLOC_OBJ),$(LIBC_OBJ)) $(LIBC_MALLOC) \
		$(BUILD)/sources
	@rm -f $@
	$(call say,AR)
	$(Q)$(AR) rcsD $@ $(filter %.o,$^)

USER_C := $(sort $(wildcard user/*.c))
USER_TEST_C := $(sort $(wildcard tests/user/*.c))
USER_BIN := $(USER_C:user/%.c=$(BUILD)/user/bin/%)
USER_TEST_BIN := $(USER_TEST_C:tests/user/%.c=$(BUILD)/tests/user/bin/%)
BENCH_BIN := $(BUILD)/tests/bench/kernel
BENCH_ROOT := $(BUILD)/tests/bench/root/bin/kernel-bench
HOST_TEST_BIN := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/host/test_*.c)))

# What the guest sees of the tests: laid over its root folder, never in the ISO.
TEST_ROOT := $(patsubst $(BUILD)/tests/user/bin/%,$(BUILD)/tests/root/tests/%, \
	$(USER_TEST_BIN))

$(BUILD)/user/%.o: user/%.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(USER_CFLAGS) $(DEPFLAGS) -c -o $@ $<

$(BUILD)/tests/user/%.o: tests/user/%.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(USER_CFLAGS) $(DEPFLAGS) -c -o $@ $<

$(USER_BIN): $(BUILD)/user/bin/%: $(CRT0) $(BUILD)/user/%.o $(LIBC)
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(USER_LINK) -o $@ $(filter %.o,$^) $(LIBC) -lgcc

# An allocator of its own, on malloc's port.
$(BUILD)/user/bin/firstfit: $(BUILD)/libc/malloc/ports/user.o

$(USER_TEST_BIN): $(BUILD)/tests/user/bin/%: $(BUILD)/tests/user/%.o \
		$(CRT0) $(LIBC)
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(USER_LINK) -o $@ $(CRT0) $< $(LIBC) -lgcc

$(BUILD)/tests/bench/%.o: tests/bench/%.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(USER_CFLAGS) $(DEPFLAGS) -c -o $@ $<

$(BENCH_BIN): %: %.o $(CRT0) $(LIBC)
	$(call say,LD)
	$(Q)$(CC) $(USER_LINK) -o $@ $(CRT0) $< $(LIBC) -lgcc

$(BENCH_ROOT): $(BENCH_BIN)
	@mkdir -p $(@D)
	@$(STRIP) -o $@ $<

$(TEST_ROOT): $(BUILD)/tests/root/tests/%: $(BUILD)/tests/user/bin/%
	@mkdir -p $(@D)
	@$(STRIP) -o $@ $<

# ---- image -------------------------------------------------------------------

ROOT_FILES := $(shell find iso/root -type f)
INITRAMFS := $(BUILD)/initramfs.cpio
STAGE := $(BUILD)/iso

# Rebuilt whole, so that a program whose source is gone leaves the image too.
$(INITRAMFS): $(USER_BIN) $(ROOT_FILES) iso/cpio.py Makefile $(BUILD)/sources
	@rm -rf $(BUILD)/root
	@mkdir -p $(addprefix $(BUILD)/root/,bin dev proc tests)
	$(Q)cp -r iso/root/. $(BUILD)/root/
	@for file in $(USER_BIN); do \
		$(STRIP) -o $(BUILD)/root/bin/$${file##*/} $$file || exit; \
	done
	$(call say,CPIO)
	$(Q)$(PYTHON) iso/cpio.py $(BUILD)/root $@

# No symbols: GRUB reads the file through the BIOS, and every sector costs.
# The names that a panic needs are in a table of the kernel's own.
$(STAGE)/boot/faultline.elf: $(KERNEL)
	@mkdir -p $(@D)
	$(call say,STRIP)
	$(Q)$(STRIP) -s -o $@ $<

$(STAGE)/boot/initramfs.cpio: $(INITRAMFS)
	@mkdir -p $(@D)
	$(Q)cp $< $@

$(STAGE)/boot/grub/grub.cfg: iso/grub.cfg
	@mkdir -p $(@D)
	$(Q)cp $< $@

# The programs once more, as files of the disc: run from /cdrom/bin, their pages
# come from a disk.
DISC_BIN := $(USER_BIN:$(BUILD)/user/bin/%=$(STAGE)/bin/%)

$(DISC_BIN): $(STAGE)/bin/%: $(BUILD)/user/bin/%
	@mkdir -p $(@D)
	$(Q)$(STRIP) -o $@ $<

$(ISO): $(STAGE)/boot/faultline.elf $(STAGE)/boot/initramfs.cpio \
		$(STAGE)/boot/grub/grub.cfg $(DISC_BIN) iso/mkiso.sh
	@rm -f $(filter-out $(DISC_BIN),$(wildcard $(STAGE)/bin/*))
	$(call say,ISO)
	$(Q)CROSS=$(CROSS) sh iso/mkiso.sh $(STAGE) $@

# The empty recipes keep "nothing to be done" to themselves.
all: iso $(BUILD)/compile_commands.json ; @:
iso: $(ISO) ; @:

ALL_C := $(KERNEL_C) $(LIBC_C) $(USER_C) $(USER_TEST_C)

# The names of all sources. It changes when one comes or goes, which no date of
# a file would tell.
$(BUILD)/sources: FORCE
	@mkdir -p $(@D)
	@echo $(ALL_C) $(KERNEL_ASM) $(LIBC_ASM) $(ROOT_FILES) | \
		cmp -s - $@ || \
		echo $(ALL_C) $(KERNEL_ASM) $(LIBC_ASM) $(ROOT_FILES) >$@
FORCE:

# For editors: how each file is compiled. Language servers look in build/.
compiles = {"directory": "$(CURDIR)", "file": "$(1)", \
	"command": "$(CC) $(2) -c $(1)"}$(comma)
comma := ,

$(BUILD)/compile_commands.json: Makefile $(BUILD)/sources
	$(file >$@,[ $(foreach c,$(KERNEL_C),$(call compiles,$c,$(KERNEL_CFLAGS))) \
		$(foreach c,$(LIBC_C),$(call compiles,$c,$(LIBC_CFLAGS))) \
		$(foreach c,$(USER_C) $(USER_TEST_C),$(call \
			compiles,$c,$(USER_CFLAGS))) {} ])

# ---- running -----------------------------------------------------------------

MEM := 512M
SMP := 1
TIMEOUT := 60

# Words for a shell, exactly as they were typed after CMD= or PROG=: a dollar
# is the guest's, not make's, and a quote stays a quote.
define newline


endef
quote = '$(subst $(newline),; ,$(subst ','\'',$(1)))'

MACHINE = --mem $(MEM) --smp $(SMP) $(if $(SWAP),--swap $(SWAP)) \
	$(if $(UEFI),--uefi) $(if $(KVM),--kvm) \
	$(if $(ROOT),--root $(call quote,$(value ROOT)))
BATCH = $(MACHINE) $(if $(ICOUNT),--icount) --timeout $(TIMEOUT) \
	$(if $(LOG),--log $(call quote,$(value LOG)))

run: iso
	@$(PYTHON) tests/lib/run.py $(MACHINE) $(if $(DISPLAY_WINDOW),--window)

debug: iso
	@$(PYTHON) tests/lib/run.py $(MACHINE) --gdb $(KERNEL) \
		$(if $(DISPLAY_WINDOW),--window) -- $(GDB_ARGS)

guest:
	@$(MAKE) --no-print-directory iso >&2
	@$(PYTHON) tests/lib/guest.py $(BATCH) \
		$(if $(STATUS_FD),--stdout-fd $(TRUE_STDOUT) \
			--status-fd $(STATUS_FD)) \
		-- $(call quote,$(value CMD))

compare: iso
	@$(PYTHON) tests/lib/compare.py $(MACHINE) --timeout $(TIMEOUT) \
		-- $(call quote,$(value PROG))

# ---- tests -------------------------------------------------------------------

# What compiles, is tested: a program that does not is a failed test, not the
# end of all others.
test test-host test-user test-boot: iso
	@$(MAKE) -k --no-print-directory test-programs
	@$(PYTHON) tests/lib/test.py $(patsubst test-%,--%,$(filter test-%,$@)) \
		$(call quote,$(value T))

test-programs: $(HOST_TEST_BIN) $(TEST_ROOT) $(BENCH_ROOT) ; @:

# Random memory calls, here and in the guest, until a sequence differs; for hours.
soak: iso test-programs
	@PYTHONPATH=tests/lib $(PYTHON) tests/boot/differential.py soak $(SEED)

# The kernel's half of `make bench`; malloc's is in libc/malloc/build.mk.
bench: bench-kernel
bench-kernel: iso $(BENCH_ROOT)
	@$(PYTHON) tests/bench/kernel.py

# Kernel and libc sources, compiled for this machine beside the test. A line
# `// build: ...` in it names them, and what flags they need. What -MP does for
# headers that have gone, the loop does for sources.
HOST_CFLAGS := -std=gnu11 -g -O1 -Wall -Wextra \
	-fsanitize=address,undefined -fno-sanitize-recover=undefined \
	-Ikernel/include -Itests/host

$(HOST_TEST_BIN): $(BUILD)/tests/host/%: tests/host/%.c Makefile
	@mkdir -p $(@D) && rm -f $@
	$(call say,HOSTCC)
	$(Q)with="$< $$(sed -n 's,^// build:,,p' $<)" && \
	gcc $(HOST_CFLAGS) -MM -MP -MT $@ $$with >$@.d && \
	for word in $$with; do case $$word in *.c) echo $$word:;; esac; done \
		>>$@.d && \
	gcc $(HOST_CFLAGS) -o $@ $$with

# Everything again, in a place of its own, with warnings as errors.
check-warnings:
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/werror WERROR=-Werror objects

objects: $(KERNEL_OBJ) $(LIBC_OBJ) $(USER_C:%.c=$(BUILD)/%.o) \
	$(USER_TEST_C:%.c=$(BUILD)/%.o)

HEADERS := $(sort $(shell find kernel libc -name '*.h'))

check-headers: $(HEADERS:%=$(BUILD)/headers/%.ok)

# Alone: the file is all that the compiler sees.
$(BUILD)/headers/kernel/%.ok: kernel/% Makefile
	@mkdir -p $(@D)
	$(Q)$(CC) $(KERNEL_CFLAGS) $(DEPFLAGS) -MF $(@:.ok=.d) -MT $@ \
		-fsyntax-only -x c -include $< /dev/null && touch $@

$(BUILD)/headers/libc/%.ok: libc/% Makefile
	@mkdir -p $(@D)
	$(Q)$(CC) $(LIBC_CFLAGS) $(DEPFLAGS) -MF $(@:.ok=.d) -MT $@ \
		-fsyntax-only -x c -include $< /dev/null && touch $@

clean:
	rm -rf $(BUILD)

-include $(ALL_C:%.c=$(BUILD)/%.d) $(KERNEL_HEAP_OBJ:.o=.d) $(HOST_TEST_BIN:%=%.d) $(BENCH_BIN:%=%.d) \
	$(HEADERS:%=$(BUILD)/headers/%.d)

.PHONY: FORCE all iso run debug guest compare clean objects test test-programs \
	test-host test-user test-boot check-headers check-warnings \
	soak bench-kernel
