// build: -idirafter kernel/include -D_GNU_SOURCE -DLIBFUZZER -include libc/malloc/tools/prefix.h tests/malloc/fuzz.c libc/malloc/*.c libc/malloc/tools/*.c
/*
 * If this fails, an input that once taught the fuzzer something now breaks the
 * heap: every file of tests/malloc/corpus, each call followed by a full check.
 * It aborts at the first, after naming what is wrong.
 */
#include <glob.h>
#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(void)
{
	static uint8_t data[4096];
	glob_t files;

	if (glob("tests/malloc/corpus/*", 0, NULL, &files)) {
		printf("FAIL malloc_corpus_is_sound: got no files, want some\n");
		return 1;
	}
	for (size_t i = 0; i < files.gl_pathc; i++) {
		FILE *file = fopen(files.gl_pathv[i], "rb");
		size_t bytes = file ? fread(data, 1, sizeof(data), file) : 0;

		if (!bytes) {
			printf("FAIL malloc_corpus_is_sound: got nothing from "
			       "%s, want an input\n", files.gl_pathv[i]);
			return 1;
		}
		fprintf(stderr, "%s\n", files.gl_pathv[i]);
		LLVMFuzzerTestOneInput(data, bytes);
		fclose(file);
	}
	globfree(&files);
	printf("PASS malloc_corpus_is_sound\n");
	return 0;
}
