/*
 * System calls about the machine: its name, its memory, random bytes, the end.
 */
#include <uapi/errno.h>
#include <uapi/random.h>
#include <uapi/reboot.h>
#include <uapi/sysinfo.h>
#include <uapi/utsname.h>

#include "arch.h"
#include "cred.h"
#include "ledger.h"
#include "power.h"
#include "random.h"
#include "swap.h"
#include "syscall.h"
#include "system_name.h"
#include "task.h"
#include "timer.h"
#include "uaccess.h"

/* Linux hands out no more than this at once. */
#define RANDOM_MAX_BYTES 0x1ffffffUL
#define RANDOM_CHUNK_BYTES 256

/*
 * The name is that of the system whose ABI this is: programs, glibc's start-up
 * code among them, refuse to run on what they do not know or think too old.
 */
const struct utsname system_name = {
	.sysname = "Linux",
	.nodename = "faultline",
	.release = "6.1.0-faultline",
	.version = "#1 Faultline",
	.machine = "x86_64",
	.domainname = "(none)",
};

long sys_uname(vaddr_t user)
{
	return copy_to_user(user, &system_name, sizeof(system_name));
}

long sys_sysinfo(vaddr_t user)
{
	struct sysinfo info = {
		.uptime = (long)(ktime_ns() / NSEC_PER_SEC),
		.totalram = ledger.total * PAGE_SIZE,
		.freeram = ledger.frames[FRAME_FREE] * PAGE_SIZE,
		.totalswap = swap_total_pages() * PAGE_SIZE,
		.freeswap = swap_free_pages() * PAGE_SIZE,
		.procs = (unsigned short)task_count(),
		.mem_unit = 1,
	};

	return copy_to_user(user, &info, sizeof(info));
}

/* Up to a fault the bytes are handed out: their number, -EFAULT if none. */
long sys_getrandom(vaddr_t to, size_t bytes, unsigned int flags)
{
	char chunk[RANDOM_CHUNK_BYTES];
	size_t done = 0;

	if (flags & ~(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE) ||
	    (flags & GRND_RANDOM && flags & GRND_INSECURE))
		return -EINVAL;
	if (bytes > RANDOM_MAX_BYTES)
		bytes = RANDOM_MAX_BYTES;
	while (done < bytes && !signal_fatal_pending()) {
		size_t n = bytes - done < sizeof(chunk) ? bytes - done
							: sizeof(chunk);
		size_t left;

		random_bytes(chunk, n);
		left = copy_to_user_partial(to + done, chunk, n);
		done += n - left;
		if (left)
			return done ? (long)done : -EFAULT;
	}
	return (long)done;
}

static bool reboot_magic_ok(uint32_t magic1, uint32_t magic2)
{
	return magic1 == LINUX_REBOOT_MAGIC1 &&
	       (magic2 == LINUX_REBOOT_MAGIC2 ||
		magic2 == LINUX_REBOOT_MAGIC2A ||
		magic2 == LINUX_REBOOT_MAGIC2B ||
		magic2 == LINUX_REBOOT_MAGIC2C);
}

#define PERSONALITY_QUERY 0xffffffffu

/*
 * personality(2): the old one. Only ADDR_NO_RANDOMIZE means something here; the
 * rest is kept for whoever asks.
 */
long sys_personality(uint32_t personality)
{
	uint32_t old = current->personality;

	if (personality != PERSONALITY_QUERY)
		current->personality = personality;
	return old;
}

long sys_reboot(uint32_t magic1, uint32_t magic2, uint32_t cmd)
{
	if (!capable(CAP_SYS_BOOT))
		return -EPERM;
	if (!reboot_magic_ok(magic1, magic2))
		return -EINVAL;
	switch (cmd) {
	case LINUX_REBOOT_CMD_CAD_ON:
	case LINUX_REBOOT_CMD_CAD_OFF:
		return 0; /* what Ctrl-Alt-Del does: nothing, either way */
	case LINUX_REBOOT_CMD_RESTART:
	case LINUX_REBOOT_CMD_RESTART2:
		power_reboot();
	case LINUX_REBOOT_CMD_HALT:
	case LINUX_REBOOT_CMD_POWER_OFF:
		power_off();
	default:
		return -EINVAL;
	}
}
