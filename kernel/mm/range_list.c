/*
 * Sorted address ranges in an array. See range_list.h.
 */
#include "range_list.h"

/* Make room for (@add > 0) or drop (@add < 0) entries at @at. */
static bool shift(struct range_list *list, size_t at, int add)
{
	struct early_range *range = list->range;

	if (add > 0 && list->nr == RANGE_LIST_MAX)
		return false;
	if (add > 0) {
		for (size_t i = list->nr; i > at; i--)
			range[i] = range[i - 1];
		list->nr++;
	} else {
		list->nr--;
		for (size_t i = at; i < list->nr; i++)
			range[i] = range[i + 1];
	}
	return true;
}

bool range_list_add(struct range_list *list, paddr_t start, paddr_t end)
{
	struct early_range *range = list->range;
	size_t i = 0;

	while (i < list->nr && range[i].end < start)
		i++;
	if (i == list->nr || end < range[i].start) {
		if (!shift(list, i, 1))
			return false;
		range[i] = (struct early_range){ start, end };
		return true;
	}
	if (start < range[i].start)
		range[i].start = start;
	if (end > range[i].end)
		range[i].end = end;
	while (i + 1 < list->nr && range[i + 1].start <= range[i].end) {
		if (range[i + 1].end > range[i].end)
			range[i].end = range[i + 1].end;
		shift(list, i + 1, -1);
	}
	return true;
}

bool range_list_cut(struct range_list *list, paddr_t start, paddr_t end,
		    struct early_range *hit)
{
	struct early_range *range = list->range;
	size_t i = 0;

	while (i < list->nr && range[i].end <= start)
		i++;
	if (i == list->nr || range[i].start >= end)
		return false;
	hit->start = start > range[i].start ? start : range[i].start;
	hit->end = end < range[i].end ? end : range[i].end;
	if (hit->start == range[i].start && hit->end == range[i].end)
		return shift(list, i, -1);
	if (hit->start == range[i].start) {
		range[i].start = hit->end;
		return true;
	}
	if (hit->end < range[i].end) {
		if (!shift(list, i, 1))
			return false;
		range[i + 1].start = hit->end;
	}
	range[i].end = hit->start;
	return true;
}
