// build: -idirafter kernel/include -D_GNU_SOURCE -include libc/malloc/tools/prefix.h libc/malloc/*.c libc/malloc/tools/*.c
/*
 * If these fail, what somebody wrote into FAULTLINE_MALLOC is lost in silence,
 * because of something else in the list.
 */
#include "malloc_test_port.h"

#include "../../libc/include/malloc.h"
#include "../../libc/malloc/options.h"

static int failures;

/* With the options @text, @field has the value @want and @message was said. */
static void expect(const char *name, const char *text, const size_t *field,
		   size_t want, const char *message)
{
	options_for_mode(MALLOC_MODE_DEFAULT);
	malloc_options.zero = malloc_options.quarantine = 0;
	test_message[0] = '\0';
	test_nr_messages = 0;
	malloc_parse_options(text);
	if (*field == want && !strcmp(test_message, message) &&
	    test_nr_messages == (message[0] != '\0')) {
		printf("PASS %s\n", name);
		return;
	}
	printf("FAIL %s: got %zu and %d times \"%s\", want %zu and \"%s\"\n", name,
	       *field, test_nr_messages, test_message, want, message);
	failures++;
}

#define UNKNOWN	"malloc: unknown option in FAULTLINE_MALLOC: "
#define BAD	"malloc: bad value in FAULTLINE_MALLOC: "

int main(void)
{
	const struct malloc_options *o = &malloc_options;

	malloc_start();
	expect("malloc_options_survive_a_typo", "typo=1,zero=1", &o->zero, 1,
	       UNKNOWN "typo=1\n");
	expect("malloc_options_survive_a_bad_number", "top_pad=1x,zero=1",
	       &o->zero, 1, BAD "top_pad=1x\n");
	expect("malloc_options_survive_a_value_out_of_range", "zero=2,cache=0",
	       &o->cache, 0, BAD "zero=2\n");
	expect("malloc_options_survive_a_bad_mode", "mode=fast,zero=1", &o->zero,
	       1, BAD "mode=fast\n");
	expect("malloc_options_survive_a_lone_name", "zero=1,quarantine", &o->zero,
	       1, UNKNOWN "quarantine\n");
	expect("malloc_options_do_not_depend_on_the_place_of_the_mode",
	       "top_pad=64k,mode=textbook", &o->top_pad, 65536, "");
	expect("malloc_options_take_the_last_mode", "mode=glibc,mode=textbook",
	       &o->mode, MALLOC_MODE_TEXTBOOK, "");
	expect("malloc_options_take_a_large_quarantine", "quarantine=2g",
	       &o->quarantine, 2UL << 30, "");
	expect("malloc_options_take_a_large_pad", "top_pad=5g", &o->top_pad,
	       5UL << 30, "");
	expect("malloc_options_take_no_absurd_pad", "top_pad=9000000000g",
	       &o->top_pad, 128 << 10, BAD "top_pad=9000000000g\n");
	expect("malloc_options_take_a_threshold_of_never", "trim_threshold=-1",
	       &o->trim_threshold, SIZE_MAX, "");
	expect("malloc_options_take_blanks_after_commas", "zero=1, top_pad=64k",
	       &o->top_pad, 65536, "");
	expect("malloc_options_tell_of_a_fill_byte_over_255", "perturb=300",
	       &o->perturb, 0, BAD "perturb=300\n");
	expect("malloc_options_tell_of_a_negative_pad", "top_pad=-1", &o->top_pad,
	       128 << 10, BAD "top_pad=-1\n");
	expect("malloc_options_tell_of_negative_mappings", "mmap_max=-1",
	       &o->mmap_max, 65536, BAD "mmap_max=-1\n");
	expect("malloc_options_tell_of_what_they_cannot_hold",
	       "top_pad=000000000000000000000000000000000000000000000000000000000000000"
	       "0000000000000000000000000000000000000000000000000000000064k", &o->top_pad,
	       128 << 10, "malloc: too long an option in FAULTLINE_MALLOC: top_pad="
	       "000000000000000000000000000000000000000000000000000000000000000"
	       "0000000000000000000000000000\n");
	expect("malloc_options_tell_of_no_arenas", "arena_max=0", &o->nr_arenas,
	       o->nr_arenas, BAD "arena_max=0\n");
	return failures != 0;
}
