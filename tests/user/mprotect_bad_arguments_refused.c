/* A program that seals its constants would believe it had. */
#include "memory.h"

int main(void)
{
	char *addr = map_pages(5, RW);

	CHECK_EQ(sys(SYS_mprotect, addr + 1, PAGE_SIZE, PROT_READ), -EINVAL);
	CHECK_EQ(sys(SYS_mprotect, addr, PAGE_SIZE, 0x40), -EINVAL);
	CHECK_EQ(sys(SYS_mprotect, addr, 0, PROT_NONE), 0);
	CHECK_EQ(probe(addr), CAN_BOTH);
	CHECK_EQ(sys(SYS_mprotect, addr, -1UL, PROT_READ), -ENOMEM);
	CHECK_EQ(sys(SYS_mprotect, addr, -PAGE_SIZE, PROT_READ), -ENOMEM);
	CHECK_EQ(sys(SYS_mprotect, USER_END, PAGE_SIZE, PROT_READ), -ENOMEM);

	/* A hole: what lies in front of it has changed already. */
	unmap_pages(addr + 2 * PAGE_SIZE, 1);
	CHECK_EQ(sys(SYS_mprotect, addr, 5 * PAGE_SIZE, PROT_READ), -ENOMEM);
	CHECK_EQ(probe(addr + 1 * PAGE_SIZE), CAN_READ);
	CHECK_EQ(probe(addr + 3 * PAGE_SIZE), CAN_BOTH);
	CHECK_EQ(sys(SYS_mprotect, addr + 2 * PAGE_SIZE, PAGE_SIZE, RW),
		 -ENOMEM);
	return check_passed();
}
