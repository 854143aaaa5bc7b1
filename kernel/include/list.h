/*
 * A doubly linked list whose links live inside the listed structures.
 *
 * The head is a node too, so an empty list points at itself and no operation
 * has a special case:
 *
 *	head <-> first <-> second <-> head
 */
#pragma once

#include "types.h"

struct list_node {
	struct list_node *prev, *next;
};

static inline void list_init(struct list_node *head)
{
	head->prev = head->next = head;
}

static inline bool list_empty(const struct list_node *head)
{
	return head->next == head;
}

/* Put @node behind @where; with @where a head, @node becomes the first. */
static inline void list_insert_after(struct list_node *where,
				     struct list_node *node)
{
	node->prev = where;
	node->next = where->next;
	where->next->prev = node;
	where->next = node;
}

static inline void list_push_front(struct list_node *head,
				   struct list_node *node)
{
	list_insert_after(head, node);
}

static inline void list_push_back(struct list_node *head,
				  struct list_node *node)
{
	list_insert_after(head->prev, node);
}

/* Unlink @node; it points at itself afterwards, so a second remove is safe. */
static inline void list_remove(struct list_node *node)
{
	node->prev->next = node->next;
	node->next->prev = node->prev;
	list_init(node);
}

#define list_entry(node, type, member) container_of(node, type, member)

#define list_first_entry(head, type, member) \
	list_entry((head)->next, type, member)

#define list_for_each(pos, head, member)                                \
	for (pos = list_entry((head)->next, __typeof__(*pos), member);  \
	     &pos->member != (head);                                    \
	     pos = list_entry(pos->member.next, __typeof__(*pos), member))

/* As list_for_each; @pos may be removed inside, @tmp holds the next one. */
#define list_for_each_safe(pos, tmp, head, member)                          \
	for (pos = list_entry((head)->next, __typeof__(*pos), member),      \
	    tmp = list_entry(pos->member.next, __typeof__(*pos), member);   \
	     &pos->member != (head);                                        \
	     pos = tmp,                                                     \
	    tmp = list_entry(tmp->member.next, __typeof__(*pos), member))
