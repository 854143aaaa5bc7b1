/*
 * Several processes log into one pipe: up to PIPE_BUF (4096) bytes their lines
 * may not be torn, whoever is preempted.
 */
#include "check.h"

#define NR_WRITERS 4
#define NR_RECORDS 200
#define RECORD_BYTES 3000	/* no divisor of the pipe's size */

static void write_records(int fd, int writer)
{
	char record[RECORD_BYTES];

	memset(record, 'a' + writer, sizeof(record));
	for (int i = 0; i < NR_RECORDS; i++)
		CHECK_EQ(sys(SYS_write, fd, record, sizeof(record)),
			 sizeof(record));
}

static void read_record(int fd, char *record)
{
	long have = 0, n;

	while (have < RECORD_BYTES) {
		n = sys(SYS_read, fd, record + have, RECORD_BYTES - have);
		CHECK(n > 0);
		have += n;
	}
}

int main(void)
{
	int nr_of[NR_WRITERS] = { 0 };
	char record[RECORD_BYTES];
	pid_t pids[NR_WRITERS];
	int fds[2];

	CHECK_EQ(sys(SYS_pipe, fds), 0);
	for (int i = 0; i < NR_WRITERS; i++) {
		pids[i] = check_fork();
		if (pids[i] == 0) {
			write_records(fds[1], i);
			_exit(0);
		}
	}
	sys(SYS_close, fds[1]);
	for (int i = 0; i < NR_WRITERS * NR_RECORDS; i++) {
		read_record(fds[0], record);
		nr_of[record[0] - 'a']++;
		for (int j = 1; j < RECORD_BYTES; j++)
			CHECK_EQ(record[j], record[0]);
	}
	CHECK_EQ(sys(SYS_read, fds[0], record, 1), 0);
	for (int i = 0; i < NR_WRITERS; i++) {
		CHECK_EQ(nr_of[i], NR_RECORDS);
		check_child(pids[i]);
	}
	return check_passed();
}
