/*
 * The line discipline: from keys to lines.
 *
 * The console gives raw bytes. In canonical mode they collect in a line that can
 * be edited, and a reader gets it when it is complete; in raw mode they pass
 * through. The work is done by whoever reads, so that is when keys are echoed.
 *
 *	line   | h | e | l | l | o | \n |
 *	         ^read_at               ^line_bytes      complete: readable
 */
#include "tty.h"

#include <uapi/errno.h>
#include <uapi/termios.h>

#include "console.h"
#include "file.h"
#include "lock.h"
#include "sched.h"
#include "signal.h"
#include "string.h"
#include "task.h"
#include "timer.h"
#include "uaccess.h"

#define LINE_BYTES 4096 /* with its newline; keys beyond it are not taken */
#define WRITE_CHUNK_BYTES 256
#define CTRL(c) ((c) & 0x1f)
#define DELETE 0x7f
#define DISABLED 0 /* of a control character, _POSIX_VDISABLE */

static const struct termios default_termios = {
	.c_iflag = ICRNL | IXON | IUTF8,
	.c_oflag = OPOST | ONLCR,
	.c_cflag = B38400 | CS8 | CREAD | HUPCL,
	.c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE |
		   IEXTEN,
	.c_cc = {
		[VINTR] = CTRL('C'),
		[VQUIT] = CTRL('\\'),
		[VERASE] = DELETE,
		[VKILL] = CTRL('U'),
		[VEOF] = CTRL('D'),
		[VMIN] = 1,
		[VSTART] = CTRL('Q'),
		[VSTOP] = CTRL('S'),
		[VSUSP] = CTRL('Z'),
		[VREPRINT] = CTRL('R'),
		[VDISCARD] = CTRL('O'),
		[VWERASE] = CTRL('W'),
		[VLNEXT] = CTRL('V'),
	},
};

static const struct winsize default_size = { .ws_row = 25, .ws_col = 80 };

/* Nobody sleeps with the lock; it guards all of it. */
static struct {
	struct spinlock lock;
	struct termios termios;
	struct winsize size;
	pid_t foreground;
	size_t line_bytes, read_at;
	bool complete;
	char line[LINE_BYTES];
} tty = { .lock = SPINLOCK_INIT(RANK_TTY), .termios = default_termios, .size = default_size };

static bool local(tcflag_t flag)
{
	return tty.termios.c_lflag & flag;
}

static bool is_control_char(char c, int which)
{
	cc_t wanted = tty.termios.c_cc[which];

	return wanted != DISABLED && (cc_t)c == wanted;
}

/* ---- echo ---- */

static bool is_control(char c)
{
	return (uint8_t)c < ' ' || c == DELETE;
}

/* A byte of a UTF-8 sequence that is not its first: no column of its own. */
static bool is_continuation(char c)
{
	return ((uint8_t)c & 0xc0) == 0x80;
}

static void echo(char c)
{
	char caret[2] = { '^', (char)(c ^ 0x40) };

	if (!local(ECHO) && !(c == '\n' && local(ECHONL)))
		return;
	if (is_control(c) && c != '\n' && c != '\t' && local(ECHOCTL))
		console_write(caret, sizeof(caret));
	else
		console_write(&c, 1);
}

static void echo_erased(char c)
{
	if (!local(ECHO) || !local(ECHOE) || is_continuation(c))
		return;
	if (is_control(c) && c != '\t' && local(ECHOCTL))
		console_write("\b\b  \b\b", 6);
	else
		console_write("\b \b", 3);
}

/* ---- editing a line; the caller holds tty.lock ---- */

/* Remove the last character, all bytes of it. */
static void erase_char(void)
{
	char c;

	do {
		if (!tty.line_bytes)
			return;
		c = tty.line[--tty.line_bytes];
		echo_erased(c);
	} while (is_continuation(c));
}

static char last_char(void)
{
	return tty.line[tty.line_bytes - 1];
}

static void erase_word(void)
{
	while (tty.line_bytes && last_char() == ' ')
		erase_char();
	while (tty.line_bytes && last_char() != ' ')
		erase_char();
}

static void erase_line(void)
{
	while (tty.line_bytes)
		erase_char();
}

static void append(char c)
{
	if (tty.line_bytes == LINE_BYTES - (c != '\n'))
		return;
	tty.line[tty.line_bytes++] = c;
	echo(c);
	if (c == '\n' || is_control_char(c, VEOL))
		tty.complete = true;
}

static void edit(char c)
{
	if (is_control_char(c, VERASE) || c == '\b')
		erase_char();
	else if (is_control_char(c, VKILL))
		erase_line();
	else if (is_control_char(c, VWERASE))
		erase_word();
	else if (is_control_char(c, VEOF))
		tty.complete = true;
	else
		append(c);
}

/* What the input flags make of a key; false: nothing. */
static bool translate(char *c)
{
	tcflag_t flags = tty.termios.c_iflag;

	if (*c == '\r') {
		if (flags & IGNCR)
			return false;
		if (flags & ICRNL)
			*c = '\n';
	} else if (*c == '\n' && flags & INLCR) {
		*c = '\r';
	}
	return true;
}

/* The signal that a key means, or 0. It goes to the task that reads. */
static int signal_of(char c)
{
	if (!local(ISIG))
		return 0;
	if (is_control_char(c, VINTR))
		return SIGINT;
	return is_control_char(c, VQUIT) ? SIGQUIT : 0;
}

/* ---- read ---- */

/* One key into the line. 0, or -ERESTARTSYS: a signal that is not ignored. */
static int take_key(char c)
{
	int sig;

	spin_lock(&tty.lock);
	sig = signal_of(c);
	if (sig) {
		echo(c);
		tty.line_bytes = 0;
	} else if (translate(&c)) {
		edit(c);
	}
	spin_unlock(&tty.lock);
	if (!sig)
		return 0;
	signal_send(current, sig);
	return signal_pending() ? -ERESTARTSYS : 0;
}

/* Sleep for keys until the line is complete. End of file completes it too. */
static int complete_line(bool nonblocking)
{
	while (!tty.complete) {
		ssize_t n;
		char c;
		int err;

		if (nonblocking && !console_input_ready())
			return -EAGAIN;
		n = console_read(&c, 1);
		if (n < 0)
			return (int)n;
		if (n == 0) {
			tty.complete = true;
			break;
		}
		err = take_key(c);
		if (err)
			return err;
	}
	return 0;
}

/* Move up to @n bytes of the complete line to @to; its last one ends it. */
static size_t take_line(char *to, size_t n)
{
	size_t left;

	spin_lock(&tty.lock);
	left = tty.line_bytes - tty.read_at;
	if (n > left)
		n = left;
	memcpy(to, tty.line + tty.read_at, n);
	tty.read_at += n;
	if (tty.read_at == tty.line_bytes) {
		tty.read_at = tty.line_bytes = 0;
		tty.complete = false;
	}
	spin_unlock(&tty.lock);
	return n;
}

static ssize_t read_line(struct io_buf *to)
{
	char chunk[WRITE_CHUNK_BYTES];
	size_t done = 0;

	do {
		size_t n = to->bytes < sizeof(chunk) ? to->bytes
						     : sizeof(chunk);

		n = take_line(chunk, n);
		if (io_put(to, chunk, n) < n)
			return done ? (ssize_t)done : -EFAULT;
		done += n;
	} while (to->bytes && tty.complete);
	return (ssize_t)done;
}

/*
 * Raw mode with VMIN 0: wait at most VTIME tenths of a second for the first key.
 * The console has no timed wait, so look every few ticks.
 */
static bool wait_for_key(void)
{
	uint64_t end = ktime_ns() + tty.termios.c_cc[VTIME] *
					    (NSEC_PER_SEC / 10);

	while (!console_input_ready()) {
		uint64_t now = ktime_ns();

		if (now >= end || sched_sleep_until(now + 5 * NSEC_PER_TICK))
			return false;
	}
	return true;
}

static ssize_t read_raw(struct io_buf *to, bool nonblocking)
{
	char chunk[WRITE_CHUNK_BYTES];
	size_t limit = to->bytes < sizeof(chunk) ? to->bytes : sizeof(chunk);
	size_t kept = 0;
	ssize_t n;

	if (nonblocking && !console_input_ready())
		return -EAGAIN;
	if (!nonblocking && !tty.termios.c_cc[VMIN] && !wait_for_key())
		return 0;
	n = console_read(chunk, limit);
	for (ssize_t i = 0; i < n; i++) {
		int sig = signal_of(chunk[i]);

		if (sig)
			signal_send(current, sig);
		else if (translate(&chunk[i]))
			chunk[kept++] = chunk[i];
	}
	for (size_t i = 0; i < kept; i++)
		echo(chunk[i]);
	if (n <= 0)
		return n;
	if (!kept) /* only signals; if nobody heeds them, the wait goes on */
		return signal_pending() ? -ERESTARTSYS
					: read_raw(to, nonblocking);
	return io_put(to, chunk, kept) == kept ? (ssize_t)kept : -EFAULT;
}

static ssize_t tty_read(struct file *file, struct io_buf *to, loff_t *pos)
{
	bool nonblocking = file->flags & O_NONBLOCK;
	int err;

	(void)pos;
	if (!to->bytes)
		return 0;
	/* What was typed as a line is read first, also after a switch to raw. */
	if (local(ICANON) || tty.complete) {
		err = complete_line(nonblocking);
		return err ? err : read_line(to);
	}
	return read_raw(to, nonblocking);
}

/* ---- write ---- */

/* The console's devices add the carriage returns that they need. */
static ssize_t tty_write(struct file *file, struct io_buf *from, loff_t *pos)
{
	char chunk[WRITE_CHUNK_BYTES];
	size_t wanted = from->bytes;

	(void)file, (void)pos;
	while (from->bytes) {
		size_t n = from->bytes < sizeof(chunk) ? from->bytes
						       : sizeof(chunk);
		size_t copied = io_get(chunk, from, n);

		console_write(chunk, copied);
		if (copied < n)
			break;
	}
	if (from->bytes < wanted || !wanted)
		return (ssize_t)(wanted - from->bytes);
	return -EFAULT;
}

/* ---- settings ---- */

static void set_termios(const struct termios *termios)
{
	spin_lock(&tty.lock);
	/* Half a line is readable at once when lines are no more. */
	if (local(ICANON) && !(termios->c_lflag & ICANON))
		tty.complete = tty.line_bytes > tty.read_at;
	tty.termios = *termios;
	spin_unlock(&tty.lock);
}

static void flush_input(void)
{
	spin_lock(&tty.lock);
	tty.line_bytes = tty.read_at = 0;
	tty.complete = false;
	spin_unlock(&tty.lock);
	console_flush_input();
}

void tty_reset(void)
{
	spin_lock(&tty.lock);
	tty.termios = default_termios;
	tty.line_bytes = tty.read_at = 0;
	tty.complete = false;
	spin_unlock(&tty.lock);
}

bool tty_signals_enabled(void)
{
	return local(ISIG);
}

static long set_from_user(unsigned int request, vaddr_t arg)
{
	struct termios termios;
	int err = copy_from_user(&termios, arg, sizeof(termios));

	if (err)
		return err;
	if (request == TCSETSF)
		flush_input();
	set_termios(&termios);
	return 0;
}

static long unread_bytes(vaddr_t arg)
{
	int bytes = tty.complete ? (int)(tty.line_bytes - tty.read_at) : 0;

	return copy_to_user(arg, &bytes, sizeof(bytes));
}

static long put_pid(vaddr_t arg, pid_t pid)
{
	return copy_to_user(arg, &pid, sizeof(pid));
}

static long tty_ioctl(struct file *file, unsigned int request, vaddr_t arg)
{
	(void)file;
	switch (request) {
	case TCGETS:
		return copy_to_user(arg, &tty.termios, sizeof(tty.termios));
	case TCSETS:
	case TCSETSW:
	case TCSETSF:
		return set_from_user(request, arg);
	case TIOCGWINSZ:
		return copy_to_user(arg, &tty.size, sizeof(tty.size));
	case TIOCSWINSZ:
		return copy_from_user(&tty.size, arg, sizeof(tty.size));
	case TIOCGPGRP:
		return put_pid(arg, tty.foreground ? tty.foreground
						   : current->leader->pgid);
	case TIOCSPGRP:
		return copy_from_user(&tty.foreground, arg,
				      sizeof(tty.foreground));
	case TIOCGSID:
		return put_pid(arg, current->leader->sid);
	case TCFLSH:
		if (arg != TCOFLUSH)
			flush_input();
		return 0;
	case FIONREAD:
		return unread_bytes(arg);
	case TIOCSCTTY: /* every session has this terminal already */
	case TCSBRK:    /* output is never held back */
	case TCXONC:
		return 0;
	default:
		return -ENOTTY;
	}
}

const struct file_ops tty_file_ops = {
	.read = tty_read,
	.write = tty_write,
	.ioctl = tty_ioctl,
};
