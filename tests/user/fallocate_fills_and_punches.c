/*
 * Databases reserve room in files and give it back by holes, also in files that
 * are mapped: fallocate(2), MADV_REMOVE, and lseek(2) that finds both.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "memory.h"

#define KEEP FALLOC_FL_KEEP_SIZE
#define PUNCH (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE)

static int fd;

static long allocate(int mode, long offset, long bytes)
{
	return sys(SYS_fallocate, fd, mode, offset, bytes);
}

static void check_size(long size, long pages)
{
	struct stat stat;

	CHECK_EQ(sys(SYS_fstat, fd, &stat), 0);
	CHECK_EQ(stat.st_size, size);
	CHECK_EQ(stat.st_blocks, pages * 8);
}

static void check_arguments(void)
{
	int ends[2];

	CHECK_EQ(sys(SYS_pipe, ends), 0);
	CHECK_EQ(allocate(0, -1, 1), -EINVAL);
	CHECK_EQ(allocate(0, 0, 0), -EINVAL);
	CHECK_EQ(allocate(0, 0, -1), -EINVAL);
	CHECK_EQ(allocate(FALLOC_FL_PUNCH_HOLE, 0, 1), -EOPNOTSUPP);
	CHECK_EQ(allocate(FALLOC_FL_ZERO_RANGE, 0, 1), -EOPNOTSUPP);
	CHECK_EQ(allocate(0, 0x7ffffffffffff000, 0x1000), -EFBIG);
	CHECK_EQ(sys(SYS_fallocate, 77, 0, 0, 1), -EBADF);
	CHECK_EQ(sys(SYS_fallocate, ends[0], 0, 0, 1), -EBADF);
	CHECK_EQ(sys(SYS_fallocate, ends[1], 0, 0, 1), -ESPIPE);
	CHECK_EQ(sys(SYS_fadvise64, ends[0], 0, 0, 0), -ESPIPE);
	CHECK_EQ(sys(SYS_fadvise64, fd, 0, 0, 9), -EINVAL);
	CHECK_EQ(sys(SYS_fadvise64, fd, 0, 0, POSIX_FADV_WILLNEED), 0);
	sys(SYS_close, ends[0]);
	sys(SYS_close, ends[1]);
}

static void check_allocate(void)
{
	CHECK_EQ(allocate(KEEP, 0, 2 * PAGE_SIZE), 0);
	check_size(0, 2);
	CHECK_EQ(allocate(0, PAGE_SIZE + 1, PAGE_SIZE), 0);
	check_size(2 * PAGE_SIZE + 1, 3);
	CHECK_EQ(sys(SYS_ftruncate, fd, 0), 0);
	check_size(0, 0);
}

static void check_punch(void)
{
	char *shared, *own;

	CHECK_EQ(allocate(0, 0, 6 * PAGE_SIZE), 0);
	shared = (char *)sys(SYS_mmap, 0, 6 * PAGE_SIZE, RW, MAP_SHARED, fd, 0);
	own = (char *)sys(SYS_mmap, 0, 6 * PAGE_SIZE, RW, MAP_PRIVATE, fd, 0);
	memset(shared, 'a', 6 * PAGE_SIZE);
	own[2 * PAGE_SIZE] = 'c';
	CHECK_EQ(own[PAGE_SIZE], 'a');
	CHECK_EQ(allocate(PUNCH, PAGE_SIZE - 1, 2 * PAGE_SIZE + 2), 0);
	check_size(6 * PAGE_SIZE, 4);
	CHECK_EQ(shared[PAGE_SIZE - 2], 'a');
	CHECK_EQ(shared[PAGE_SIZE - 1], 0);
	CHECK_EQ(shared[PAGE_SIZE], 0);
	CHECK_EQ(shared[3 * PAGE_SIZE], 0);
	CHECK_EQ(shared[3 * PAGE_SIZE + 1], 'a');
	CHECK_EQ(own[PAGE_SIZE], 0);
	CHECK_EQ(own[2 * PAGE_SIZE], 'c'); /* a copy is no page of the file */
	CHECK_EQ(allocate(PUNCH, 4 * PAGE_SIZE + 10, 10), 0);
	CHECK_EQ(shared[4 * PAGE_SIZE + 9], 'a');
	CHECK_EQ(shared[4 * PAGE_SIZE + 10], 0);
	CHECK_EQ(shared[4 * PAGE_SIZE + 20], 'a');
	CHECK_EQ(sys(SYS_madvise, shared + 4 * PAGE_SIZE, PAGE_SIZE,
		     MADV_REMOVE), 0);
	CHECK_EQ(shared[4 * PAGE_SIZE], 0);
	CHECK_EQ(shared[5 * PAGE_SIZE], 'a');
	CHECK_EQ(sys(SYS_madvise, own, PAGE_SIZE, MADV_REMOVE), -EACCES);
	CHECK_EQ(sys(SYS_madvise, map_pages(1, RW), PAGE_SIZE, MADV_REMOVE),
		 -EINVAL);
}

/* What is only reserved is a hole, for lseek and mincore, until it is used. */
static void check_reserved(void)
{
	unsigned char there[4];
	char *shared;

	CHECK_EQ(sys(SYS_ftruncate, fd, 0), 0);
	CHECK_EQ(allocate(0, 0, 4 * PAGE_SIZE), 0);
	CHECK_EQ(sys(SYS_lseek, fd, 0, SEEK_DATA), -ENXIO);
	CHECK_EQ(sys(SYS_pwrite64, fd, "x", 1, PAGE_SIZE), 1);
	CHECK_EQ(sys(SYS_lseek, fd, 0, SEEK_DATA), PAGE_SIZE);
	shared = (char *)sys(SYS_mmap, 0, 4 * PAGE_SIZE, RW, MAP_SHARED, fd, 0);
	CHECK_EQ(sys(SYS_mincore, shared, 4 * PAGE_SIZE, there), 0);
	CHECK(!(there[0] & 1) && there[1] & 1 && !(there[2] & 1));
	CHECK_EQ(allocate(0, 2 * PAGE_SIZE, 1), 0); /* the second time */
	CHECK_EQ(sys(SYS_mincore, shared, 4 * PAGE_SIZE, there), 0);
	CHECK(there[2] & 1 && !(there[3] & 1));
}

/* Room behind the end of the file is no part of it, for mappings neither. */
static void check_behind_end(void)
{
	char *shared = (char *)sys(SYS_mmap, 0, 4 * PAGE_SIZE, RW, MAP_SHARED,
				   fd, 0);

	CHECK_EQ(sys(SYS_ftruncate, fd, 0), 0);
	CHECK_EQ(sys(SYS_pwrite64, fd, "x", 1, 0), 1);
	CHECK_EQ(allocate(KEEP, 0, 4 * PAGE_SIZE), 0);
	CHECK_EQ(allocate(KEEP, 0, 4 * PAGE_SIZE), 0);
	CHECK_EQ(*(volatile char *)shared, 'x');
	CHECK_EQ(probe(shared), CAN_BOTH);
	CHECK_EQ(probe(shared + PAGE_SIZE), NOTHING);
}

static void check_seek(void)
{
	CHECK_EQ(sys(SYS_ftruncate, fd, 0), 0);
	CHECK_EQ(sys(SYS_lseek, fd, 0, SEEK_DATA), -ENXIO);
	CHECK_EQ(sys(SYS_ftruncate, fd, 10 * PAGE_SIZE), 0);
	CHECK_EQ(sys(SYS_lseek, fd, 0, SEEK_DATA), -ENXIO);
	CHECK_EQ(sys(SYS_pwrite64, fd, "x", 1, 3 * PAGE_SIZE + 5), 1);
	CHECK_EQ(sys(SYS_pwrite64, fd, "x", 1, 9 * PAGE_SIZE), 1);
	CHECK_EQ(sys(SYS_lseek, fd, 7, SEEK_DATA), 3 * PAGE_SIZE);
	CHECK_EQ(sys(SYS_lseek, fd, 3 * PAGE_SIZE + 9, SEEK_DATA),
		 3 * PAGE_SIZE + 9);
	CHECK_EQ(sys(SYS_lseek, fd, 7, SEEK_HOLE), 7);
	CHECK_EQ(sys(SYS_lseek, fd, 3 * PAGE_SIZE, SEEK_HOLE), 4 * PAGE_SIZE);
	CHECK_EQ(sys(SYS_lseek, fd, 9 * PAGE_SIZE, SEEK_HOLE), 10 * PAGE_SIZE);
	CHECK_EQ(sys(SYS_lseek, fd, 10 * PAGE_SIZE, SEEK_HOLE), -ENXIO);
	CHECK_EQ(sys(SYS_lseek, fd, -1, SEEK_HOLE), -ENXIO);
}

int main(void)
{
	fd = (int)sys(SYS_memfd_create, "room", 0);
	check_arguments();
	check_allocate();
	check_punch();
	check_reserved();
	check_behind_end();
	check_seek();
	return check_passed();
}
