#pragma once

/* shmget(2), shmat(2) and shmctl(2). */

#define IPC_PRIVATE 0
#define IPC_CREAT 01000
#define IPC_EXCL 02000
#define SHM_NORESERVE 010000 /* shmget: not promised at once */

#define IPC_RMID 0
#define IPC_SET 1
#define IPC_STAT 2
#define IPC_INFO 3
#define SHM_LOCK 11
#define SHM_UNLOCK 12
#define SHM_STAT 13
#define SHM_INFO 14
#define SHM_STAT_ANY 15

#define SHM_RDONLY 010000
#define SHM_RND 020000
#define SHM_REMAP 040000
#define SHM_EXEC 0100000

/* In shm_perm.mode: */
#define SHM_DEST 01000u   /* removed, gone with the last detach */
#define SHM_LOCKED 02000u /* SHM_LOCK */

struct ipc_perm {
	int key;
	unsigned int uid, gid, cuid, cgid, mode;
	unsigned short seq, pad;
	unsigned long unused[2];
};

struct shmid_ds {
	struct ipc_perm shm_perm;
	unsigned long shm_segsz;
	long shm_atime, shm_dtime, shm_ctime;
	int shm_cpid, shm_lpid;
	unsigned long shm_nattch;
	unsigned long unused[2];
};

/* IPC_INFO: the limits; SHM_INFO: what is in use, in pages. */
struct shminfo {
	unsigned long shmmax, shmmin, shmmni, shmseg, shmall;
	unsigned long unused[4];
};

struct shm_info {
	int used_ids;
	unsigned long shm_tot, shm_rss, shm_swp;
	unsigned long swap_attempts, swap_successes;
};
