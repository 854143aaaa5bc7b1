/*
 * The VMA tree agrees with a plain array of pages after any sequence of inserts,
 * removals, splits and resizes, and finds the same gaps. If it did not, mmap
 * would hand out addresses twice or call a full address space what is not.
 */
// build: tests/host/support/host.c kernel/mm/vma.c -Itests/host/support
#include <string.h>

#include "host.h"
#include "vma.h"

#define NR_PAGES 4096
#define BASE 0x10000UL

static struct vma_tree tree;
static unsigned char used[NR_PAGES]; /* the model: 1 where a VMA is */

static vaddr_t addr_of(size_t page)
{
	return BASE + page * PAGE_SIZE;
}

static size_t page_of(vaddr_t addr)
{
	return (addr - BASE) >> PAGE_SHIFT;
}

static bool model_free(size_t page, size_t nr)
{
	for (size_t i = page; i < page + nr; i++)
		if (i >= NR_PAGES || used[i])
			return false;
	return true;
}

static void model_set(size_t page, size_t nr, unsigned char value)
{
	memset(used + page, value, nr);
}

/* What vma_find_gap() must answer, by looking at every page. */
static vaddr_t model_gap(size_t nr, size_t low, size_t high)
{
	for (size_t page = high - nr + 1; page-- > low;)
		if (model_free(page, nr))
			return addr_of(page);
	return 0;
}

static struct vma *new_vma(size_t page, size_t nr)
{
	struct vma *vma = calloc(1, sizeof(*vma));

	vma->start = addr_of(page);
	vma->end = addr_of(page + nr);
	vma->flags = VM_READ | VM_WRITE;
	return vma;
}

/* ---- the operations, each on tree and model ---- */

static void op_insert(void)
{
	size_t nr = 1 + host_below(host_below(8) ? 4 : 64);
	size_t page = host_below(NR_PAGES - nr);

	if (!model_free(page, nr))
		return;
	model_set(page, nr, 1);
	vma_insert(&tree, new_vma(page, nr));
}

static struct vma *random_vma(void)
{
	return vma_find(&tree, addr_of(host_below(NR_PAGES)));
}

static void op_remove(void)
{
	struct vma *vma = random_vma();

	if (!vma)
		return;
	model_set(page_of(vma->start), page_of(vma->end) - page_of(vma->start),
		  0);
	vma_remove(&tree, vma);
	free(vma);
}

static void op_split(void)
{
	struct vma *vma = random_vma();
	size_t nr;
	struct vma *upper;

	if (!vma)
		return;
	nr = (vma->end - vma->start) >> PAGE_SHIFT;
	if (nr < 2)
		return;
	upper = malloc(sizeof(*upper));
	vma_split(&tree, vma, vma->start + (1 + host_below(nr - 1)) * PAGE_SIZE,
		  upper);
	CHECK(vma_can_merge(vma, upper));
	CHECK_EQ(vma->next == upper, 1);
}

static void op_resize(void)
{
	struct vma *vma = random_vma();
	size_t start, end;

	if (!vma)
		return;
	start = page_of(vma->start);
	end = page_of(vma->end);
	model_set(start, end - start, 0);
	if (host_below(2) && start > 0 && model_free(start - 1, 1))
		start--;
	else if (end - start > 1)
		start++;
	if (host_below(2) && end < NR_PAGES && model_free(end, 1))
		end++;
	else if (end - start > 1)
		end--;
	model_set(start, end - start, 1);
	vma_resize(&tree, vma, addr_of(start), addr_of(end));
}

/* ---- comparisons ---- */

static void compare_find(void)
{
	size_t page = host_below(NR_PAGES);
	struct vma *vma = vma_find(&tree, addr_of(page) + host_below(PAGE_SIZE));

	if (used[page]) {
		CHECK(vma && vma->start <= addr_of(page) &&
		      vma->end > addr_of(page));
		return;
	}
	while (page < NR_PAGES && !used[page])
		page++;
	if (page == NR_PAGES)
		CHECK(!vma);
	else
		CHECK(vma && vma->start == addr_of(page));
}

static void compare_gap(void)
{
	size_t nr = 1 + host_below(host_below(4) ? 6 : 200);
	size_t low = host_below(NR_PAGES / 2);
	size_t high = low + nr + host_below(NR_PAGES - low - nr);

	CHECK_EQ(vma_find_gap(&tree, nr * PAGE_SIZE, addr_of(low),
			      addr_of(high)),
		 model_gap(nr, low, high));
}

static void compare_all(void)
{
	unsigned char seen[NR_PAGES] = { 0 };

	vma_validate(&tree);
	for (struct vma *vma = tree.first; vma; vma = vma->next)
		memset(seen + page_of(vma->start), 1,
		       page_of(vma->end) - page_of(vma->start));
	CHECK(!memcmp(seen, used, NR_PAGES));
}

static void test_random(void)
{
	static void (*const ops[])(void) = { op_insert, op_insert, op_insert,
					     op_remove, op_split,  op_resize };

	for (int step = 0; step < 60000 && !host_failures; step++) {
		ops[host_below(ARRAY_SIZE(ops))]();
		compare_find();
		compare_gap();
		if (step % 50 == 0)
			compare_all();
	}
	while (tree.first) {
		struct vma *vma = tree.first;

		vma_remove(&tree, vma);
		free(vma);
	}
	memset(used, 0, sizeof(used));
	vma_validate(&tree);
	host_report("vma_random_operations_match_array");
}

/* "AA.BB": letters are VMAs, dots are holes; what tests draw and compare. */
static void draw(char *picture)
{
	char name = 'A';

	memset(picture, '.', 8);
	picture[8] = 0;
	for (struct vma *vma = tree.first; vma; vma = vma->next, name++)
		memset(picture + page_of(vma->start), name,
		       page_of(vma->end) - page_of(vma->start));
}

static void test_split_picture(void)
{
	struct vma *vma = new_vma(1, 6), *upper = malloc(sizeof(*upper));
	char picture[9];

	vma_insert(&tree, vma);
	vma_split(&tree, vma, addr_of(3), upper);
	draw(picture);
	CHECK(!strcmp(picture, ".AABBBB."));
	vma_remove(&tree, upper);
	draw(picture);
	CHECK(!strcmp(picture, ".AA....."));
	free(upper);
	vma_remove(&tree, vma);
	free(vma);
	host_report("vma_split_keeps_order");
}

/* A growing stack keeps its guard gap free of new mappings. */
static void test_stack_gap(void)
{
	struct vma *stack = new_vma(1000, 10);

	stack->flags |= VM_GROWSDOWN;
	vma_insert(&tree, stack);
	CHECK_EQ(vma_find_gap(&tree, PAGE_SIZE, addr_of(0), addr_of(1010)),
		 addr_of(1000) - STACK_GUARD_GAP_BYTES - PAGE_SIZE);
	vma_remove(&tree, stack);
	free(stack);
	host_report("vma_gap_respects_stack_guard");
}

static void test_file_merge(void)
{
	struct file *file = (struct file *)&tree;
	struct vma left = { .start = 0x1000, .end = 0x3000, .file = file,
			    .file_page = 5, .flags = VM_READ };
	struct vma right = { .start = 0x3000, .end = 0x4000, .file = file,
			     .file_page = 7, .flags = VM_READ };

	CHECK(vma_can_merge(&left, &right));
	right.file_page = 8;
	CHECK(!vma_can_merge(&left, &right));
	right.file_page = 7;
	right.flags |= VM_WRITE;
	CHECK(!vma_can_merge(&left, &right));
	right.flags = VM_READ;
	right.file = NULL;
	CHECK(!vma_can_merge(&left, &right));
	host_report("vma_merge_needs_consecutive_file_pages");
}

int main(void)
{
	host_seed();
	test_split_picture();
	test_stack_gap();
	test_file_merge();
	test_random();
	return host_status();
}
