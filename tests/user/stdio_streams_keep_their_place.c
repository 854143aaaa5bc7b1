/* A program that mixes reading, writing and seeking would corrupt its file. */
#include <stdlib.h>

#include "check.h"

#define PATH "/tmp/stdio_file"

static void write_and_append(void)
{
	FILE *file = fopen(PATH, "w");

	CHECK(file != NULL);
	CHECK_EQ(fprintf(file, "line %d\n", 1), 7);
	CHECK(fputs("line 2\n", file) >= 0);
	CHECK_EQ(fputc('x', file), 'x');
	CHECK_EQ(ftell(file), 15);
	CHECK_EQ(fgetc(file), EOF);		/* not open for that */
	CHECK(ferror(file));
	CHECK_EQ(fclose(file), 0);
	file = fopen(PATH, "a");
	CHECK_EQ(fwrite("yz\n", 1, 3, file), 3);
	CHECK_EQ(fclose(file), 0);
}

static void read_back(void)
{
	FILE *file = fopen(PATH, "r");
	char *line = NULL;
	size_t size = 0;
	char buf[8];

	CHECK(fgets(buf, sizeof(buf), file) == buf);
	CHECK_STR(buf, "line 1\n");
	CHECK(fgets(buf, 4, file) == buf);	/* cut: the rest stays */
	CHECK_STR(buf, "lin");
	CHECK_EQ(ungetc('X', file), 'X');
	CHECK_EQ(getline(&line, &size, file), 5);
	CHECK_STR(line, "Xe 2\n");
	CHECK_EQ(getline(&line, &size, file), 4);
	CHECK_STR(line, "xyz\n");
	CHECK_EQ(getline(&line, &size, file), -1);
	CHECK(feof(file) && !ferror(file));
	rewind(file);
	CHECK(!feof(file));
	CHECK_EQ(fgetc(file), 'l');
	CHECK_EQ(fclose(file), 0);
	free(line);
}

static void change_in_the_middle(void)
{
	FILE *file = fopen(PATH, "r+");
	char buf[32];
	int n = 0;

	CHECK_EQ(fscanf(file, "line %d", &n), 1);
	CHECK_EQ(n, 1);
	CHECK_EQ(fseek(file, -1, SEEK_CUR), 0);
	CHECK_EQ(fputc('7', file), '7');
	CHECK_EQ(fflush(file), 0);
	CHECK_EQ(ftell(file), 6);
	CHECK_EQ(fseek(file, 0, SEEK_SET), 0);
	CHECK_EQ(fread(buf, 1, sizeof(buf), file), 18);
	CHECK(memcmp(buf, "line 7\nline 2\nxyz\n", 18) == 0);
	CHECK_EQ(fclose(file), 0);
}

/* Larger than any buffer, so that parts of it bypass the stream's. */
static void pass_large_blocks(void)
{
	static char out[10000], in[10000];
	FILE *file = fopen(PATH, "w+");

	for (size_t i = 0; i < sizeof(out); i++)
		out[i] = (char)(i * 7);
	CHECK_EQ(fputc('!', file), '!');
	CHECK_EQ(fwrite(out, 100, 100, file), 100);
	CHECK_EQ(fseek(file, 1, SEEK_SET), 0);
	CHECK_EQ(fread(in, 1000, 10, file), 10);
	CHECK(memcmp(in, out, sizeof(in)) == 0);
	CHECK_EQ(fread(in, 1, 1, file), 0);
	CHECK(feof(file));
	CHECK_EQ(fclose(file), 0);
}

static void report_failures(void)
{
	FILE *file;

	CHECK(fopen("/tmp/no/such", "r") == NULL);
	CHECK_EQ(errno, ENOENT);
	CHECK(fopen(PATH, "q") == NULL);
	CHECK_EQ(errno, EINVAL);
	CHECK(fopen(PATH, "wx") == NULL);
	CHECK_EQ(errno, EEXIST);
	CHECK(fdopen(99, "r") == NULL);
	CHECK_EQ(errno, EBADF);
	file = fopen(PATH, "w");
	CHECK_EQ(close(fileno(file)), 0);
	CHECK_EQ(fputs("lost", file) >= 0, 1);	/* buffered: not known yet */
	CHECK_EQ(fflush(file), EOF);
	CHECK(ferror(file));
	CHECK_EQ(fclose(file), EOF);
}

int main(void)
{
	write_and_append();
	read_back();
	change_in_the_middle();
	pass_large_blocks();
	report_failures();
	CHECK_EQ(remove(PATH), 0);
	return check_passed();
}
