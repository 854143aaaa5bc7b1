# libmalloc: the allocator for the build machine's Linux, to preload and to link.
#
#   make libmalloc          build/host/libmalloc.so and build/host/libmalloc.a
#   LD_PRELOAD=build/host/libmalloc.so python3 ...
#   make bench              CPU time and memory beside the distribution's others
#   make bench BENCH='--rounds 5 --only gcc,trees'
#
# -ffreestanding            else gcc turns the body of calloc into a call to it
# -flto, -fvisibility       inside the library nothing goes through the PLT, and
#                           no name but malloc.h's is seen outside
# pack-relative-relocs, nostartfiles, shared.ld
#                           six pages less to map, of the 30 that a program pays for
# initfirst, preinit_array  ports/preload.c starts before all other constructors,
#                           shared libraries' included; so what is linked with
#                           the archive must be a program

MALLOC_C := $(sort $(wildcard libc/malloc/*.c libc/malloc/tools/*.c))
LIBMALLOC_C := $(MALLOC_C) $(addprefix libc/malloc/ports/,user.c fork.c preload.c)
LIBMALLOC_OBJ := $(LIBMALLOC_C:%.c=$(BUILD)/host/%.o)
LIBMALLOC_SHARED_OBJ := $(LIBMALLOC_OBJ) $(BUILD)/host/libc/malloc/ports/shared.o
# gcc 12 would write a chunk's two links as one vector, by way of a detour that costs a
# twentieth of the time of trees that are built and torn down; and the constants of
# other vectors would be two pages more to map.
LIBMALLOC_CFLAGS := -std=gnu11 -O2 -fno-tree-vectorize -g -fPIC -ffreestanding -fdata-sections \
	-flto -ffat-lto-objects -fvisibility=hidden -DPORT_HAS_PTHREADS $(WARNINGS)

# Two files have the loops: phases of growing sizes take 0.95 of the instructions. With
# -O3 everywhere they would take 0.97 of that, and each program 12 KB more.
$(BUILD)/host/libc/malloc/bin.o $(BUILD)/host/libc/malloc/quick.o: LIBMALLOC_CFLAGS += -O3
# What is looked at rarely is to be small: 6 KB less to map.
$(BUILD)/host/libc/malloc/tools/%.o: LIBMALLOC_CFLAGS += -Os

.PHONY: libmalloc
libmalloc: $(BUILD)/host/libmalloc.so $(BUILD)/host/libmalloc.a

$(BUILD)/host/libc/malloc/%.o: libc/malloc/%.c Makefile libc/malloc/build.mk
	@mkdir -p $(@D)
	$(CC) $(LIBMALLOC_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/host/libmalloc.so: $(LIBMALLOC_SHARED_OBJ) libc/malloc/ports/shared.ld
	$(CC) $(LIBMALLOC_CFLAGS) -shared -nostartfiles -Wl,-z,initfirst \
		-Wl,-z,pack-relative-relocs -o $@ $(LIBMALLOC_SHARED_OBJ) \
		-Wl,-T,libc/malloc/ports/shared.ld -lpthread

$(BUILD)/host/libmalloc.a: $(LIBMALLOC_OBJ)
	@rm -f $@
	$(CC) $(LIBMALLOC_CFLAGS) -r -flinker-output=nolto-rel -o $(@:.a=.o) $^
	$(OBJCOPY) --localize-hidden --rename-section .init_array=.preinit_array \
		$(@:.a=.o)
	$(AR) rcsD $@ $(@:.a=.o)

-include $(LIBMALLOC_SHARED_OBJ:.o=.d)

# ---- bench -------------------------------------------------------------------

BENCH_PROGRAMS := $(BUILD)/host/shapes $(BUILD)/host/measure
BENCH ?=

# -fno-builtin: gcc may remove a malloc whose block is only freed.
$(BENCH_PROGRAMS): $(BUILD)/host/%: tests/malloc/%.c libc/malloc/build.mk
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -O2 -fno-builtin $(WARNINGS) -o $@ $< -lpthread

.PHONY: bench
bench: libmalloc $(BENCH_PROGRAMS)
	/usr/bin/env python3 tests/malloc/bench.py $(BUILD)/host $(BENCH)

# ---- fuzzing -----------------------------------------------------------------

# make fuzz FUZZ='-max_total_time=600': new inputs are kept in build/host/corpus.
# -fno-sanitize-coverage=trace-cmp: what is compared are tags and addresses, none
# of the input's bytes; looking into each comparison takes most of the time.
FUZZ ?= -max_total_time=60
FUZZ_C := tests/malloc/fuzz.c $(MALLOC_C)

.PHONY: fuzz
fuzz:
	@mkdir -p $(BUILD)/host/corpus
	clang -std=gnu11 -g -O2 -D_GNU_SOURCE -DLIBFUZZER \
		-fsanitize=fuzzer,address \
		-fno-sanitize-coverage=trace-cmp -include libc/malloc/tools/prefix.h \
		$(FUZZ_C) -o $(BUILD)/host/fuzz
	$(BUILD)/host/fuzz -max_len=2000 $(FUZZ) $(BUILD)/host/corpus \
		tests/malloc/corpus

# ---- recording ---------------------------------------------------------------

# make record: build/host/librecord.so, whose traces malloc-replay runs, and
# malloc-replay itself for this machine's libc, to preload any malloc to.
RECORDED := malloc calloc realloc reallocarray memalign aligned_alloc \
	posix_memalign valloc pvalloc free free_sized free_aligned_sized \
	malloc_usable_size

.PHONY: record
record: $(BUILD)/host/librecord.so $(BUILD)/host/malloc-replay

$(BUILD)/host/librecord.so: $(LIBMALLOC_C) tests/malloc/record.c \
		$(wildcard libc/malloc/*.h libc/malloc/tools/*.h) libc/malloc/build.mk
	@mkdir -p $(@D)
	$(CC) $(LIBMALLOC_CFLAGS) -fvisibility=default -c -o $(@D)/record.o \
		tests/malloc/record.c
	$(CC) $(LIBMALLOC_CFLAGS) -shared -Wl,-z,initfirst -o $@ \
		$(@D)/record.o -include libc/malloc/tools/prefix.h $(LIBMALLOC_C)

# -fno-builtin: gcc may remove a malloc whose block is only freed.
$(BUILD)/host/malloc-replay: user/malloc-replay.c libc/malloc/build.mk
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -O2 -D_GNU_SOURCE -fno-builtin $(WARNINGS) -o $@ $<

# make build/user/recorded/figures: a program of user/ that records itself,
# also in the guest: MALLOC_RECORD names the file. The linker sends its calls
# of malloc through record.c, and record.c's calls of fl_malloc on to malloc; its
# lock is the port's.
# -Wno-attributes: stdlib.h's attribute of malloc is none of the wrapper's.
$(BUILD)/user/recorded/record.o: tests/malloc/record.c libc/malloc/build.mk
	@mkdir -p $(@D)
	$(CC) $(USER_CFLAGS) -Wno-attributes -ffreestanding -c -o $@ $< \
		$(foreach f,$(RECORDED),-D$f=__wrap_$f -Dfl_$f=__real_$f)

$(BUILD)/user/recorded/%: $(BUILD)/user/recorded/record.o $(BUILD)/user/%.o \
		$(BUILD)/libc/malloc/ports/user.o $(LIBC)
	$(CC) $(USER_LINK) $(RECORDED:%=-Wl,--wrap=%) -o $@ $(CRT0) \
		$(filter %.o,$^) $(LIBC) -lgcc

# ---- churn -------------------------------------------------------------------

# make churn: 10^9 operations in ten days of a few seconds each.
CHURN ?= 1e9 10

.PHONY: churn
churn: $(BUILD)/host/churn
	$(BUILD)/host/churn $(CHURN)

$(BUILD)/host/churn: tests/malloc/churn.c $(BUILD)/host/libmalloc.a
	$(CC) -std=gnu11 -O2 -D_GNU_SOURCE -fno-builtin-malloc $(WARNINGS) \
		-o $@ $^ -lpthread
