/*
 * Databases keep their buffers in System V segments: each process that attaches
 * one sees the same bytes, and the memory goes when the last one has left.
 */
#include <uapi/shm.h>

#include "memory.h"

#define KEY 0x5eed1234

static long attached(long id)
{
	static struct shmid_ds ds;

	CHECK_EQ(sys(SYS_shmctl, id, IPC_STAT, &ds), 0);
	return (long)ds.shm_nattch;
}

static void check_errors(void)
{
	long id = sys(SYS_shmget, KEY, 5000, IPC_CREAT | IPC_EXCL | 0600);

	CHECK(id >= 0);
	CHECK_EQ(sys(SYS_shmget, KEY, 5000, IPC_CREAT | IPC_EXCL), -EEXIST);
	CHECK_EQ(sys(SYS_shmget, KEY, 5000, 0600), id);
	CHECK_EQ(sys(SYS_shmget, KEY, 0, 0), id);
	CHECK_EQ(sys(SYS_shmget, KEY, 5001, 0), -EINVAL);
	CHECK_EQ(sys(SYS_shmget, KEY + 1, 10, 0), -ENOENT);
	CHECK_EQ(sys(SYS_shmget, KEY + 1, 0, IPC_CREAT), -EINVAL);
	CHECK_EQ(sys(SYS_shmat, id, 1, 0), -EINVAL);
	CHECK_EQ(sys(SYS_shmat, id, 0, SHM_REMAP), -EINVAL);
	CHECK_EQ(sys(SYS_shmat, 0x7ffffff, 0, 0), -EINVAL);
	CHECK_EQ(sys(SYS_shmctl, id, 999, 0), -EINVAL);
	CHECK_EQ(sys(SYS_shmctl, id, IPC_STAT, KERNEL_ADDR), -EFAULT);
	CHECK_EQ(sys(SYS_shmctl, id, IPC_RMID, 0), 0);
	CHECK_EQ(sys(SYS_shmctl, id, IPC_RMID, 0), -EINVAL);
	CHECK_EQ(sys(SYS_shmget, KEY, 5000, 0), -ENOENT);
}

static void check_sharing(void)
{
	long id = sys(SYS_shmget, IPC_PRIVATE, 2 * PAGE_SIZE, IPC_CREAT | 0600);
	char *one = (char *)sys(SYS_shmat, id, 0, 0);
	char *other = (char *)sys(SYS_shmat, id, 0, SHM_RDONLY);
	pid_t pid;

	CHECK((long)one > 0 && (long)other > 0 && one != other);
	CHECK_EQ(attached(id), 2);
	one[PAGE_SIZE] = 'x';
	CHECK_EQ(other[PAGE_SIZE], 'x');
	CHECK_EQ(probe(other), CAN_READ);
	CHECK_EQ(sys(SYS_mprotect, other, PAGE_SIZE, RW), -EACCES);
	pid = check_fork();
	if (pid == 0) {
		CHECK_EQ(attached(id), 4);
		*one = 'c';
		_exit(0);
	}
	check_child(pid);
	CHECK_EQ(*other, 'c');
	CHECK_EQ(attached(id), 2);

	CHECK_EQ(sys(SYS_shmdt, one + PAGE_SIZE), -EINVAL);
	CHECK_EQ(sys(SYS_shmdt, one + 1), -EINVAL);
	CHECK_EQ(sys(SYS_shmdt, one), 0);
	CHECK_EQ(sys(SYS_shmdt, one), -EINVAL);
	CHECK_EQ(probe(one), NOTHING);
	CHECK_EQ(attached(id), 1);
	CHECK_EQ(sys(SYS_shmctl, id, IPC_RMID, 0), 0);
	CHECK_EQ(*other, 'c');		/* removed, but we are still there */
	CHECK_EQ(attached(id), 1);
	one = (char *)sys(SYS_shmat, id, 0, 0);	/* and so may others be */
	CHECK((long)one > 0);
	CHECK_EQ(*one, 'c');
	CHECK_EQ(attached(id), 2);
	CHECK_EQ(sys(SYS_shmctl, id, IPC_RMID, 0), 0);
	CHECK_EQ(sys(SYS_shmdt, one), 0);
	CHECK_EQ(sys(SYS_shmdt, other), 0);
	CHECK_EQ(sys(SYS_shmat, id, 0, 0), -EINVAL);
}

static void check_states(void)
{
	long id = sys(SYS_shmget, IPC_PRIVATE, PAGE_SIZE, 0640);
	struct shmid_ds ds;
	struct shminfo limits;

	CHECK_EQ(sys(SYS_shmctl, id, SHM_LOCK, 0), 0);
	CHECK_EQ(sys(SYS_shmctl, id, IPC_STAT, &ds), 0);
	CHECK_EQ(ds.shm_perm.mode, SHM_LOCKED | 0640);
	CHECK_EQ(sys(SYS_shmctl, id, SHM_UNLOCK, 0), 0);
	CHECK(sys(SYS_shmat, id, 0, 0) > 0);
	CHECK_EQ(sys(SYS_shmctl, id, IPC_RMID, 0), 0);
	CHECK_EQ(sys(SYS_shmctl, id, IPC_STAT, &ds), 0);
	CHECK_EQ(ds.shm_perm.mode, SHM_DEST | 0640);
	CHECK_EQ(ds.shm_perm.key, IPC_PRIVATE);
	CHECK(sys(SYS_shmctl, 0, IPC_INFO, &limits) >= 0);
	CHECK_EQ(limits.shmmni, 4096);
	/* What is still attached goes with us. */
}

static void check_places(void)
{
	long id = sys(SYS_shmget, IPC_PRIVATE, PAGE_SIZE, 0600);
	char *area = map_pages(3, RW);
	char *middle = area + PAGE_SIZE;

	CHECK_EQ(sys(SYS_shmat, id, middle, 0), -EINVAL);
	CHECK_EQ(sys(SYS_shmat, id, middle + 5, SHM_RND | SHM_REMAP), middle);
	*middle = 'm';
	unmap_pages(area, 3);
	CHECK_EQ(attached(id), 0);
	CHECK_EQ(sys(SYS_shmat, id, middle, SHM_RDONLY), middle);
	CHECK_EQ(*middle, 'm');
	CHECK_EQ(sys(SYS_shmdt, middle), 0);
	CHECK_EQ(sys(SYS_shmdt, (char *)&id - (long)&id % 4096), -EINVAL);
	CHECK_EQ(sys(SYS_shmctl, id, IPC_RMID, 0), 0);
}

int main(void)
{
	check_errors();
	check_sharing();
	check_places();
	check_states();
	return check_passed();
}
