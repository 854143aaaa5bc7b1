/*
 * Times between user memory and the kernel. See user_time.h.
 */
#include "user_time.h"

#include <uapi/errno.h>

#include "signal.h"
#include "timer.h"
#include "uaccess.h"

struct timespec ns_to_timespec(uint64_t ns)
{
	return (struct timespec){
		.tv_sec = (long)(ns / NSEC_PER_SEC),
		.tv_nsec = (long)(ns % NSEC_PER_SEC),
	};
}

int ns_from_user(vaddr_t user, uint64_t *ns)
{
	struct timespec time;
	int err = copy_from_user(&time, user, sizeof(time));

	if (err)
		return err;
	if (time.tv_sec < 0 || time.tv_nsec < 0 ||
	    time.tv_nsec >= (long)NSEC_PER_SEC)
		return -EINVAL;
	if (__builtin_mul_overflow((uint64_t)time.tv_sec, NSEC_PER_SEC, ns))
		*ns = UINT64_MAX;
	*ns = add_saturating(*ns, (uint64_t)time.tv_nsec);
	return 0;
}

int deadline_from_user(vaddr_t user, uint64_t *deadline_ns)
{
	uint64_t ns;
	int err = ns_from_user(user, &ns);

	if (!err)
		*deadline_ns = add_saturating(ktime_ns(), ns);
	return err;
}

uint64_t time_left(uint64_t deadline_ns)
{
	uint64_t now = ktime_ns();

	return deadline_ns > now ? deadline_ns - now : 0;
}

long put_time_left(vaddr_t user, uint64_t deadline_ns, long ret)
{
	struct timespec left = ns_to_timespec(time_left(deadline_ns));

	if (copy_to_user(user, &left, sizeof(left)) && ret == -ERESTARTNOHAND)
		return -EINTR;
	return ret;
}
