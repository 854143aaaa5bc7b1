/* Handlers for exit() and quick_exit(). The first 32 need no memory. */
#include "exit.h"

#include <stdlib.h>
#include <unistd.h>

#define BLOCK_HANDLERS	32

struct handler_block {
	struct handler_block *older;	/* NULL: the first block */
	int n;				/* slots in use */
	void (*handler[BLOCK_HANDLERS])(void);
};

struct handler_list {
	struct handler_block first;
	struct handler_block *newest;	/* NULL: first */
};

static struct handler_list at_exit;
static struct handler_list at_quick;

static struct handler_block *newest_block(struct handler_list *list)
{
	return list->newest ? list->newest : &list->first;
}

static int add_handler(struct handler_list *list, void (*handler)(void))
{
	struct handler_block *block = newest_block(list);

	if (block->n == BLOCK_HANDLERS) {
		block = calloc(1, sizeof(*block));
		if (!block)
			return -1;
		block->older = newest_block(list);
		list->newest = block;
	}
	block->handler[block->n++] = handler;
	return 0;
}

/*
 * A handler may register another one or call exit() itself: each is taken off
 * before it is called, and the search starts anew after it.
 */
static void run_handlers(struct handler_list *list)
{
	struct handler_block *block;

	for (;;) {
		block = newest_block(list);
		while (block->n == 0 && block->older)
			block = block->older;
		if (block->n == 0)
			return;
		list->newest = block;
		block->handler[--block->n]();
	}
}

int atexit(void (*handler)(void))
{
	return add_handler(&at_exit, handler);
}

int at_quick_exit(void (*handler)(void))
{
	return add_handler(&at_quick, handler);
}

void __atexit_run(void)
{
	run_handlers(&at_exit);
}

_Noreturn void quick_exit(int status)
{
	run_handlers(&at_quick);
	_exit(status);
}
