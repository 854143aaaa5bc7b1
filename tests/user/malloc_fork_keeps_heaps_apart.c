/* A child that allocates would corrupt its parent's heap. */
#include <malloc.h>
#include <stdlib.h>

#include "check.h"

#define NR_BLOCKS 200

static char *blocks[NR_BLOCKS];

static void fill_all(char value)
{
	for (int i = 0; i < NR_BLOCKS; i++)
		memset(blocks[i], value, 1000);
}

static void check_all(char value)
{
	for (int i = 0; i < NR_BLOCKS; i++)
		for (int j = 0; j < 1000; j += 37)
			CHECK_EQ(blocks[i][j], value);
}

static void churn_in_child(void)
{
	void *where;

	check_all('p');
	fill_all('c');
	for (int i = 0; i < NR_BLOCKS; i += 2) {
		free(blocks[i]);
		blocks[i] = malloc(1000 + (size_t)i * 10);
		memset(blocks[i], 'c', 1000);
	}
	check_all('c');
	CHECK(__heap_check(&where) == NULL);
}

int main(void)
{
	void *where;

	for (int i = 0; i < NR_BLOCKS; i++)
		CHECK((blocks[i] = malloc(1000)) != NULL);
	fill_all('p');
	for (int i = 0; i < 5; i++)
		CHECK_EQ(check_in_child(churn_in_child), EXITED(0));
	check_all('p');
	for (int i = 0; i < NR_BLOCKS; i++)
		free(blocks[i]);
	CHECK(__heap_check(&where) == NULL);
	return check_passed();
}
