# libmalloc: the allocator for the build machine's Linux, to preload and to link.
#
#   make libmalloc          build/host/libmalloc.so and build/host/libmalloc.a
#   LD_PRELOAD=build/host/libmalloc.so python3 ...
#   make bench              CPU time and memory beside the distribution's others
#   make bench BENCH='--rounds 5 --only gcc,trees'
#
# -ffreestanding            else gcc turns the body of calloc into a call to it
# -flto, --version-script   inside the library nothing goes through the PLT

LIBMALLOC_C := $(sort $(wildcard libc/malloc/*.c)) libc/malloc/ports/preload.c
LIBMALLOC_OBJ := $(LIBMALLOC_C:%.c=$(BUILD)/host/%.o)
LIBMALLOC_CFLAGS := -std=gnu11 -O2 -g -fPIC -ffreestanding \
	-flto -ffat-lto-objects $(WARNINGS)
LIBMALLOC_MAP := libc/malloc/ports/preload.map

.PHONY: libmalloc
libmalloc: $(BUILD)/host/libmalloc.so $(BUILD)/host/libmalloc.a

$(BUILD)/host/libc/malloc/%.o: libc/malloc/%.c Makefile libc/malloc/build.mk
	@mkdir -p $(@D)
	$(CC) $(LIBMALLOC_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/host/libmalloc.so: $(LIBMALLOC_OBJ) $(LIBMALLOC_MAP)
	$(CC) $(LIBMALLOC_CFLAGS) -shared -o $@ $(LIBMALLOC_OBJ) \
		-Wl,--version-script=$(LIBMALLOC_MAP) -lpthread

$(BUILD)/host/libmalloc.a: $(LIBMALLOC_OBJ)
	@rm -f $@
	$(AR) rcsD $@ $(LIBMALLOC_OBJ)

-include $(LIBMALLOC_OBJ:.o=.d)

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
FUZZ ?= -max_total_time=60
FUZZ_C := tests/malloc/fuzz.c $(filter-out %/port_user.c %/info.c %/fork.c \
	%/preload.c %/stats.c,$(LIBMALLOC_C))

.PHONY: fuzz
fuzz:
	@mkdir -p $(BUILD)/host/corpus
	clang -std=gnu11 -g -O1 -D_GNU_SOURCE -DLIBFUZZER \
		-fsanitize=fuzzer,address -include libc/malloc/prefix.h \
		$(FUZZ_C) -o $(BUILD)/host/fuzz
	$(BUILD)/host/fuzz -max_len=2000 $(FUZZ) $(BUILD)/host/corpus \
		tests/malloc/corpus

# ---- recording ---------------------------------------------------------------

# make record: build/host/librecord.so, whose traces malloc-replay runs.
RECORD_C := $(filter-out %/preload.c,$(LIBMALLOC_C))

.PHONY: record
record: $(BUILD)/host/librecord.so

$(BUILD)/host/librecord.so: $(RECORD_C) libc/malloc/ports/record.c \
		$(wildcard libc/malloc/*.h)
	@mkdir -p $(@D)
	$(CC) $(LIBMALLOC_CFLAGS) -c -o $(@D)/record.o libc/malloc/ports/record.c
	$(CC) $(LIBMALLOC_CFLAGS) -shared -fvisibility=hidden -o $@ \
		$(@D)/record.o -include libc/malloc/prefix.h $(RECORD_C)
