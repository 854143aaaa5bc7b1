/*
 * guest-only: the test writes to a whole disk, which must be the guest's own.
 * A disk that loses a byte, or puts it elsewhere, ruins whatever is kept on it:
 * swapped pages come back as somebody else's. Reads and writes of every size at
 * every place must agree with a model, and neither may cross the disk's end.
 */
// guest: SWAP=4M TIMEOUT=120
#include <fcntl.h>
#include <stdlib.h>

#include "memory.h"

#define DISK "/dev/vda"
#define DISK_BYTES (4L << 20)
#define MAX_BYTES (40 * PAGE_SIZE)
#define ROUNDS 300

static unsigned char model[DISK_BYTES], buffer[MAX_BYTES];
static int disk;

static unsigned int next_random(void)
{
	static unsigned int state = 12345;

	state = state * 1103515245u + 12345u;
	return state >> 8;
}

static void read_whole(void)
{
	CHECK_EQ(sys(SYS_lseek, disk, 0, SEEK_SET), 0);
	for (long at = 0; at < DISK_BYTES; at += 65536)
		CHECK_EQ(sys(SYS_read, disk, model + at, 65536), 65536);
	CHECK_EQ(sys(SYS_read, disk, buffer, 1), 0);
}

static void write_somewhere(long at, long bytes)
{
	for (long i = 0; i < bytes; i++)
		model[at + i] = (unsigned char)next_random();
	CHECK_EQ(sys(SYS_pwrite64, disk, model + at, bytes, at), bytes);
}

static void read_somewhere(long at, long bytes)
{
	CHECK_EQ(sys(SYS_pread64, disk, buffer, bytes, at), bytes);
	CHECK(memcmp(buffer, model + at, (size_t)bytes) == 0);
}

static void compare_whole(void)
{
	for (long at = 0; at < DISK_BYTES; at += (long)MAX_BYTES) {
		long left = DISK_BYTES - at;

		read_somewhere(at, left < (long)MAX_BYTES ? left
							  : (long)MAX_BYTES);
	}
}

static void end_is_the_end(void)
{
	CHECK_EQ(sys(SYS_lseek, disk, 0, SEEK_END), DISK_BYTES);
	CHECK_EQ(sys(SYS_read, disk, buffer, 100), 0);
	CHECK_EQ(sys(SYS_write, disk, buffer, 100), -ENOSPC);
	CHECK_EQ(sys(SYS_pread64, disk, buffer, 100, DISK_BYTES - 10), 10);
	memcpy(buffer, model + DISK_BYTES - 10, 10);
	CHECK_EQ(sys(SYS_pwrite64, disk, buffer, 100, DISK_BYTES - 10), 10);
	CHECK_EQ(sys(SYS_pread64, disk, KERNEL_ADDR, 100, 0), -EFAULT);
}

int main(void)
{
	disk = open(DISK, O_RDWR);
	CHECK(disk >= 0);
	read_whole();
	/* The header that the build machine has written. */
	CHECK(memcmp(model + PAGE_SIZE - 10, "SWAPSPACE2", 10) == 0);

	for (int i = 0; i < ROUNDS; i++) {
		long at = next_random() % DISK_BYTES;
		long bytes = 1 + next_random() % MAX_BYTES;

		if (bytes > DISK_BYTES - at)
			bytes = DISK_BYTES - at;
		if (i % 2)
			read_somewhere(at, bytes);
		else
			write_somewhere(at, bytes);
	}
	compare_whole();
	end_is_the_end();
	compare_whole();
	CHECK_EQ(open("/dev/sr0", O_RDWR), -1);
	CHECK_EQ(errno, EROFS);
	return check_passed();
}
