/*
 * printk: one formatted message to the console, and into the log ring.
 */
#include "printk.h"

#include "console.h"
#include "lock.h"
#include "panic.h"
#include "string.h"

#define MESSAGE_MAX_BYTES 512 /* longer ones are cut */
#define LOG_BYTES 16384       /* a power of two */

/*
 * log_written counts every byte ever logged; the ring holds the last LOG_BYTES
 * of them, byte n at n % LOG_BYTES.
 */
static struct spinlock log_lock = SPINLOCK_INIT(RANK_CONSOLE); /* log_ring, log_written */
static char log_ring[LOG_BYTES];
static uint64_t log_written;

static void log_append(const char *text, size_t n)
{
	unsigned long irq_state = spin_lock_irqsave(&log_lock);

	for (size_t i = 0; i < n; i++)
		log_ring[log_written++ % LOG_BYTES] = text[i];
	spin_unlock_irqrestore(&log_lock, irq_state);
}

size_t printk_log_read(char *buf, size_t size)
{
	unsigned long irq_state = spin_lock_irqsave(&log_lock);
	size_t n = log_written < LOG_BYTES ? log_written : LOG_BYTES;

	if (n > size)
		n = size;
	for (size_t i = 0; i < n; i++)
		buf[i] = log_ring[(log_written - n + i) % LOG_BYTES];
	spin_unlock_irqrestore(&log_lock, irq_state);
	return n;
}

void vprintk(const char *fmt, va_list args)
{
	char text[MESSAGE_MAX_BYTES];
	size_t n = (size_t)vsnprintf(text, sizeof(text), fmt, args);

	if (n >= sizeof(text))
		n = sizeof(text) - 1;
	if (!panicking) /* its lock may be held by whom the panic stopped */
		log_append(text, n);
	console_write_message(text, n);
}

void printk(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vprintk(fmt, args);
	va_end(args);
}
