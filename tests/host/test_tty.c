/*
 * Keys become the lines that a program reads, and the echo that the typist sees,
 * as on Linux. If they did not, a typing mistake could not be taken back, or
 * Ctrl-D would not end a program's input.
 */
// build: -include tests/host/support/host_task.h tests/host/support/host.c kernel/dev/tty.c kernel/fs/io_buf.c -Itests/host/support
#define _ISOC11_SOURCE /* of the host only ISO C: POSIX types are the kernel's */
#include <stdlib.h>
#include <string.h>

#include <uapi/errno.h>
#include <uapi/termios.h>

#include "console.h"
#include "file.h"
#include "host.h"
#include "signal.h"
#include "task.h"
#include "timer.h"
#include "tty.h"
#include "uaccess.h"

#define CTRL(c) ((c) & 0x1f)

/* ---- the kernel around the code under test ---- */

struct task host_task = { .leader = &host_task };

static char keys[8192];  /* typed and not yet read */
static size_t nr_keys, next_key;
static char echoed[8192];
static size_t nr_echoed;
static int sent_signal;
static uint64_t now_ns;

void console_write(const char *buf, size_t n)
{
	memcpy(echoed + nr_echoed, buf, n);
	nr_echoed += n;
}

/* Without keys the typist has gone: end of file. */
ssize_t console_read(char *buf, size_t n)
{
	size_t left = nr_keys - next_key;

	if (n > left)
		n = left;
	memcpy(buf, keys + next_key, n);
	next_key += n;
	return (ssize_t)n;
}

bool console_input_ready(void)
{
	return next_key < nr_keys;
}

void console_flush_input(void)
{
	next_key = nr_keys;
}

void signal_send(struct task *task, int sig)
{
	CHECK(task == &host_task);
	sent_signal = sig;
}

/* Nobody ignores or blocks it. */
bool signal_pending(void)
{
	return sent_signal;
}

uint64_t ktime_ns(void)
{
	return now_ns;
}

int sched_sleep_until(uint64_t deadline_ns)
{
	now_ns = deadline_ns;
	return 0;
}

/* The test's own memory is the user's. */
size_t copy_to_user_partial(vaddr_t to, const void *from, size_t bytes)
{
	memcpy((void *)to, from, bytes);
	return 0;
}

size_t copy_from_user_partial(void *to, vaddr_t from, size_t bytes)
{
	memcpy(to, (void *)from, bytes);
	return 0;
}

int copy_to_user(vaddr_t to, const void *from, size_t bytes)
{
	memcpy((void *)to, from, bytes);
	return 0;
}

int copy_from_user(void *to, vaddr_t from, size_t bytes)
{
	memcpy(to, (void *)from, bytes);
	return 0;
}

/* ---- helpers ---- */

static struct file file = { .flags = O_RDWR };

static void type(const char *text, size_t n)
{
	memcpy(keys, text, n);
	nr_keys = n;
	next_key = 0;
	nr_echoed = 0;
}

static ssize_t read_some(char *buf, size_t n)
{
	struct io_buf to = io_buf_kernel(buf, n);
	loff_t pos = 0;

	return tty_file_ops.read(&file, &to, &pos);
}

static void check_bytes(const char *what, const char *typed, const char *got,
			size_t nr, const char *want)
{
	if (nr == strlen(want) && memcmp(got, want, nr) == 0)
		return;
	printf("typed \"%s\": %s \"%.*s\", want \"%s\"\n", typed, what, (int)nr,
	       got, want);
	host_failures++;
}

/* One read of @typed gives @line, and the screen shows @echo. */
static void check_line(const char *typed, const char *line, const char *echo)
{
	char buf[256];
	ssize_t n;

	tty_reset();
	type(typed, strlen(typed));
	n = read_some(buf, sizeof(buf));
	CHECK(n >= 0);
	check_bytes("read", typed, buf, (size_t)n, line);
	check_bytes("echoed", typed, echoed, nr_echoed, echo);
}

static struct termios get_settings(void)
{
	struct termios termios;

	CHECK_EQ(tty_file_ops.ioctl(&file, TCGETS, (vaddr_t)&termios), 0);
	return termios;
}

static void set_settings(const struct termios *termios)
{
	CHECK_EQ(tty_file_ops.ioctl(&file, TCSETS, (vaddr_t)termios), 0);
}

static void set_raw(unsigned char min, unsigned char time)
{
	struct termios termios = get_settings();

	termios.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
	termios.c_iflag &= ~(tcflag_t)ICRNL;
	termios.c_cc[VMIN] = min;
	termios.c_cc[VTIME] = time;
	set_settings(&termios);
}

/* ---- the tests ---- */

static void lines_can_be_edited(void)
{
	check_line("hello\r", "hello\n", "hello\n");
	check_line("hello\n", "hello\n", "hello\n");
	check_line("helo\x7flo\r", "hello\n", "helo\b \blo\n");
	check_line("\x7f\bx\r", "x\n", "x\n");
	check_line("wrong\025ok\r", "ok\n",
		   "wrong\b \b\b \b\b \b\b \b\b \bok\n");
	check_line("a bc \027d\r", "a d\n", "a bc \b \b\b \b\b \bd\n");
	check_line("\033[A\r", "\033[A\n", "^[[A\n");
	check_line("\033\x7f\r", "\n", "^[\b\b  \b\b\n");
	check_line("\303\251\x7f.\r", ".\n", "\303\251\b \b.\n"); /* e acute */
	check_line("\t\r", "\t\n", "\t\n");
	host_report("tty_lines_can_be_edited");
}

static void end_of_file_ends_the_read(void)
{
	check_line("\004", "", "");
	check_line("part\004", "part", "part");
	check_line("gone", "gone", "gone"); /* and nobody types any more */
	check_line("", "", "");
	host_report("tty_end_of_file_ends_the_read");
}

static void small_reads_take_a_line_in_pieces(void)
{
	char buf[8];

	tty_reset();
	type("hello\rx\r", 8);
	CHECK_EQ(read_some(buf, 0), 0);
	CHECK_EQ(read_some(buf, 4), 4);
	CHECK(memcmp(buf, "hell", 4) == 0);
	CHECK_EQ(read_some(buf, 8), 2);
	CHECK(memcmp(buf, "o\n", 2) == 0);
	CHECK_EQ(read_some(buf, 8), 2);
	CHECK(memcmp(buf, "x\n", 2) == 0);
	host_report("tty_small_reads_take_a_line_in_pieces");
}

static void overlong_lines_keep_their_end(void)
{
	static char typed[5001], line[5000];

	memset(typed, 'x', 5000);
	typed[5000] = '\r';
	tty_reset();
	type(typed, sizeof(typed));
	CHECK_EQ(read_some(line, sizeof(line)), 4096);
	CHECK(line[4095] == '\n' && line[4094] == 'x');
	host_report("tty_overlong_lines_keep_their_end");
}

static void interrupt_key_is_a_signal(void)
{
	char buf[8];

	tty_reset();
	type("abc\003d\r", 6);
	sent_signal = 0;
	CHECK_EQ(read_some(buf, sizeof(buf)), -ERESTARTSYS);
	CHECK_EQ(sent_signal, SIGINT);
	CHECK_EQ(read_some(buf, sizeof(buf)), 2); /* the line began anew */
	CHECK(memcmp(buf, "d\n", 2) == 0);
	CHECK(tty_signals_enabled());
	host_report("tty_interrupt_key_is_a_signal");
}

static void raw_mode_passes_every_key(void)
{
	char buf[8];

	tty_reset();
	set_raw(1, 0);
	CHECK(!tty_signals_enabled());
	type("\r\003\x7f\004", 4);
	sent_signal = 0;
	CHECK_EQ(read_some(buf, sizeof(buf)), 4);
	CHECK(memcmp(buf, "\r\003\x7f\004", 4) == 0);
	CHECK_EQ(sent_signal, 0);
	CHECK_EQ(nr_echoed, 0);
	tty_reset();
	check_line("x\r", "x\n", "x\n");
	host_report("tty_raw_mode_passes_every_key");
}

static void raw_mode_can_poll_and_time_out(void)
{
	char buf[8];

	tty_reset();
	set_raw(0, 0);
	type("", 0);
	now_ns = 0;
	CHECK_EQ(read_some(buf, sizeof(buf)), 0);
	CHECK_EQ(now_ns, 0);
	set_raw(0, 3);
	CHECK_EQ(read_some(buf, sizeof(buf)), 0);
	CHECK(now_ns >= 300000000 && now_ns < 320000000);
	host_report("tty_raw_mode_can_poll_and_time_out");
}

static void half_a_line_survives_the_switch_to_raw(void)
{
	char buf[8];

	tty_reset();
	file.flags |= O_NONBLOCK;
	type("ab", 2);
	CHECK_EQ(read_some(buf, sizeof(buf)), -EAGAIN);
	set_raw(1, 0);
	CHECK_EQ(read_some(buf, sizeof(buf)), 2);
	CHECK(memcmp(buf, "ab", 2) == 0);
	CHECK_EQ(read_some(buf, sizeof(buf)), -EAGAIN);
	file.flags &= ~(unsigned int)O_NONBLOCK;
	host_report("tty_half_a_line_survives_the_switch_to_raw");
}

int main(void)
{
	lines_can_be_edited();
	end_of_file_ends_the_read();
	small_reads_take_a_line_in_pieces();
	overlong_lines_keep_their_end();
	interrupt_key_is_a_signal();
	raw_mode_passes_every_key();
	raw_mode_can_poll_and_time_out();
	half_a_line_survives_the_switch_to_raw();
	return host_status();
}
