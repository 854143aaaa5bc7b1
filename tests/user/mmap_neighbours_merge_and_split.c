/*
 * Without merging, a growing heap of mappings would run into the limit of
 * VMAs; with wrong merging, pages would get their neighbour's rights. Drawn as
 * /proc/self/maps shows it: one letter a VMA, one character a page.
 */
#include "maps.h"

static char *area;

static void map(unsigned long page, unsigned long nr, int prot)
{
	map_fixed(area + page * PAGE_SIZE, nr, prot);
}

static void protect(unsigned long page, unsigned long nr, int prot)
{
	CHECK_EQ(sys(SYS_mprotect, area + page * PAGE_SIZE, nr * PAGE_SIZE,
		     prot), 0);
}

static void expect(const char *drawing)
{
	CHECK_STR(maps_draw(area, strlen(drawing)), drawing);
}

int main(void)
{
	area = map_pages(18, PROT_NONE) + 4 * PAGE_SIZE;
	unmap_pages(area, 10);
	expect("..........");

	map(0, 2, RW);
	map(4, 2, RW);
	expect("aa..bb....");
	map(2, 2, RW);			/* fills the gap: all one */
	expect("aaaaaa....");
	map(6, 2, PROT_READ);		/* other rights: a neighbour */
	expect("aaaaaabb..");

	protect(2, 2, PROT_READ);	/* in the middle: three of one */
	expect("aabbccdd..");
	protect(4, 2, PROT_READ);	/* like both neighbours: one of three */
	expect("aabbbbbb..");
	protect(0, 8, RW);
	expect("aaaaaaaa..");
	protect(3, 1, RW);		/* nothing changes, nothing is split */
	expect("aaaaaaaa..");

	unmap_pages(area + 3 * PAGE_SIZE, 2);
	expect("aaa..bbb..");
	map(1, 6, RW | PROT_EXEC);	/* over an end, a hole and a start */
	expect("abbbbbbc..");
	map(0, 10, RW);
	expect("aaaaaaaaaa");
	return check_passed();
}
