/*
 * The PS/2 keyboard behind the 8042 controller.
 *
 * The controller translates to scancode set 1: one byte when a key goes down,
 * the same with bit 7 set when it comes up, and a prefix 0xe0 for keys that the
 * first PCs did not have. Each key becomes what a serial terminal sends for it.
 */
#include "keyboard.h"

#include "arch.h"
#include "console.h"
#include "irq.h"

#define PORT_DATA 0x60
#define PORT_STATUS 0x64  /* read */
#define PORT_COMMAND 0x64 /* write */

#define STATUS_OUTPUT_FULL 0x01 /* a byte for us */
#define STATUS_INPUT_FULL 0x02  /* our last byte is not taken yet */
#define STATUS_NO_DEVICE 0xff   /* nothing drives the bus */

#define COMMAND_READ_CONFIG 0x20
#define COMMAND_WRITE_CONFIG 0x60
#define COMMAND_DISABLE_MOUSE 0xa7
#define COMMAND_ENABLE_KEYBOARD 0xae
#define CONFIG_KEYBOARD_IRQ 0x01
#define CONFIG_KEYBOARD_OFF 0x10
#define CONFIG_TRANSLATE 0x40
#define KEYBOARD_ENABLE_SCANNING 0xf4

#define WAIT_MAX_POLLS 10000

#define SCAN_RELEASED 0x80
#define SCAN_EXTENDED 0xe0
#define SCAN_CONTROL 0x1d
#define SCAN_LEFT_SHIFT 0x2a
#define SCAN_RIGHT_SHIFT 0x36
#define SCAN_ALT 0x38
#define SCAN_CAPS_LOCK 0x3a

#define BACKSPACE 0x7f
#define ESCAPE 0x1b
#define CONTROL_MASK 0x1f

static const char plain[] = {
	0, ESCAPE, '1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '-', '=',
	BACKSPACE, '\t', 'q', 'w', 'e', 'r', 't', 'y', 'u', 'i', 'o', 'p', '[',
	']', '\r', 0, 'a', 's', 'd', 'f', 'g', 'h', 'j', 'k', 'l', ';', '\'',
	'`', 0, '\\', 'z', 'x', 'c', 'v', 'b', 'n', 'm', ',', '.', '/', 0, '*',
	0, ' ',
};

static const char shifted[] = {
	0, ESCAPE, '!', '@', '#', '$', '%', '^', '&', '*', '(', ')', '_', '+',
	BACKSPACE, '\t', 'Q', 'W', 'E', 'R', 'T', 'Y', 'U', 'I', 'O', 'P', '{',
	'}', '\r', 0, 'A', 'S', 'D', 'F', 'G', 'H', 'J', 'K', 'L', ':', '"',
	'~', 0, '|', 'Z', 'X', 'C', 'V', 'B', 'N', 'M', '<', '>', '?', 0, '*',
	0, ' ',
};

/* Keys with an escape sequence; the keypad without Num Lock sends the same. */
#define FIRST_SEQUENCE_KEY 0x47

static const char *const sequences[] = {
	"\033[H", "\033[A", "\033[5~", "-", /* Home, up, page up, minus */
	"\033[D", NULL, "\033[C", "+",      /* left, (5), right, plus */
	"\033[F", "\033[B", "\033[6~",      /* End, down, page down */
	"\033[2~", "\033[3~",               /* Insert, Delete */
};

static bool shift, control, alt, caps_lock;
static bool extended; /* the last byte was the prefix */

/* ---- keys to bytes ---- */

static void send_text(const char *text)
{
	while (*text)
		console_input(*text++);
}

static void send_char(char c)
{
	if (control && c >= '@')
		c &= CONTROL_MASK;
	if (alt)
		console_input(ESCAPE);
	console_input(c);
}

static void key_down(uint8_t key)
{
	size_t sequence = (size_t)key - FIRST_SEQUENCE_KEY;
	char c;

	if (key >= FIRST_SEQUENCE_KEY && sequence < ARRAY_SIZE(sequences)) {
		if (sequences[sequence])
			send_text(sequences[sequence]);
		return;
	}
	if (key >= ARRAY_SIZE(plain))
		return;
	c = plain[key];
	if (shift != (caps_lock && c >= 'a' && c <= 'z'))
		c = shifted[key];
	if (c)
		send_char(c);
}

/* Shift and its like: remember their state. False: another key. */
static bool is_modifier(uint8_t key, bool down)
{
	switch (key) {
	case SCAN_LEFT_SHIFT:
	case SCAN_RIGHT_SHIFT:
		/* With the prefix it is not the key: see scancode(). */
		shift = down;
		return true;
	case SCAN_CONTROL:
		control = down;
		return true;
	case SCAN_ALT:
		alt = down;
		return true;
	case SCAN_CAPS_LOCK:
		if (down)
			caps_lock = !caps_lock;
		return true;
	default:
		return false;
	}
}

static void scancode(uint8_t code)
{
	uint8_t key = code & ~SCAN_RELEASED;
	bool down = !(code & SCAN_RELEASED);
	bool was_extended = extended;

	extended = code == SCAN_EXTENDED;
	if (extended)
		return;
	/* Some keys come wrapped in a shift with the prefix that nobody pressed. */
	if (was_extended &&
	    (key == SCAN_LEFT_SHIFT || key == SCAN_RIGHT_SHIFT))
		return;
	if (!is_modifier(key, down) && down)
		key_down(key);
}

static void keyboard_interrupt(struct trap_frame *frame)
{
	(void)frame;
	while (inb(PORT_STATUS) & STATUS_OUTPUT_FULL)
		scancode(inb(PORT_DATA));
}

/* ---- the controller ---- */

/* Wait until all of @bits are clear (@set false) or one is set. */
static bool wait_status(uint8_t bits, bool set)
{
	for (int polls = 0; polls < WAIT_MAX_POLLS; polls++)
		if (!!(inb(PORT_STATUS) & bits) == set)
			return true;
	return false;
}

static void send(uint16_t port, uint8_t byte)
{
	wait_status(STATUS_INPUT_FULL, false);
	outb(port, byte);
}

static void drop_pending_bytes(void)
{
	for (int i = 0; i < 16 && inb(PORT_STATUS) & STATUS_OUTPUT_FULL; i++)
		inb(PORT_DATA);
}

void keyboard_init(void)
{
	uint8_t config;

	if (inb(PORT_STATUS) == STATUS_NO_DEVICE)
		return;
	send(PORT_COMMAND, COMMAND_DISABLE_MOUSE);
	send(PORT_COMMAND, COMMAND_ENABLE_KEYBOARD);
	drop_pending_bytes();
	send(PORT_COMMAND, COMMAND_READ_CONFIG);
	if (!wait_status(STATUS_OUTPUT_FULL, true))
		return;
	config = inb(PORT_DATA);
	config |= CONFIG_KEYBOARD_IRQ | CONFIG_TRANSLATE;
	config &= (uint8_t)~CONFIG_KEYBOARD_OFF;
	send(PORT_COMMAND, COMMAND_WRITE_CONFIG);
	send(PORT_DATA, config);
	send(PORT_DATA, KEYBOARD_ENABLE_SCANNING);
	if (wait_status(STATUS_OUTPUT_FULL, true))
		inb(PORT_DATA); /* its acknowledgement, not a key */
	irq_register(IRQ_KEYBOARD, keyboard_interrupt);
}
