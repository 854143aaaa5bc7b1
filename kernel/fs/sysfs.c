/*
 * /sys: the few settings that programs look for here, and not in /proc/sys.
 *
 *	/sys/kernel/mm/transparent_hugepage/   see thp.h
 */
#include <uapi/errno.h>

#include "arch.h"
#include "inode.h"
#include "proc_node.h"
#include "string.h"
#include "thp.h"

/* A choice is shown as all words, with the one that holds in brackets. */
static const char *const mode_names[] = {
	[THP_ALWAYS] = "always",
	[THP_MADVISE] = "madvise",
	[THP_NEVER] = "never",
};

static void format_enabled(struct proc_text *text, struct task *task)
{
	int mode = __atomic_load_n(&thp_mode, __ATOMIC_RELAXED);

	(void)task;
	for (int i = 0; i < (int)ARRAY_SIZE(mode_names); i++)
		proc_printf(text, i == mode ? "%s[%s]" : "%s%s", i ? " " : "",
			    mode_names[i]);
	proc_append(text, "\n", 1);
}

/* The word alone, or with the newline of echo behind it. */
static bool is_word(const char *text, size_t bytes, const char *word)
{
	if (bytes && text[bytes - 1] == '\n')
		bytes--;
	return bytes == strlen(word) && !memcmp(text, word, bytes);
}

static int write_enabled(struct task *task, const char *text, size_t bytes)
{
	(void)task;
	for (int i = 0; i < (int)ARRAY_SIZE(mode_names); i++) {
		if (!is_word(text, bytes, mode_names[i]))
			continue;
		__atomic_store_n(&thp_mode, i, __ATOMIC_RELAXED);
		return 0;
	}
	return -EINVAL;
}

static uint64_t get_page_size(void)
{
	return LARGE_PAGE_SIZE;
}

static const struct proc_entry thp_entries[] = {
	PROC_WRITABLE("enabled", format_enabled, write_enabled),
	{ .name = "hpage_pmd_size", .mode = S_IFREG | 0444,
	  .setting = &(const struct proc_setting){ .get = get_page_size } },
	{ .name = "use_zero_page", .mode = S_IFREG | 0644,
	  .setting = &(const struct proc_setting){
		  .value = &thp_use_zero_page, .min = 0, .max = 1 } },
};

/* ---- the directories ---- */

static const struct proc_dir thp_dir = {
	.entries = thp_entries,
	.nr = ARRAY_SIZE(thp_entries),
};

static const struct proc_entry mm_entries[] = {
	PROC_DIR("transparent_hugepage", &thp_dir),
};

static const struct proc_dir mm_dir = {
	.entries = mm_entries,
	.nr = ARRAY_SIZE(mm_entries),
};

static const struct proc_entry kernel_entries[] = {
	PROC_DIR("mm", &mm_dir),
};

static const struct proc_dir kernel_dir = {
	.entries = kernel_entries,
	.nr = ARRAY_SIZE(kernel_entries),
};

static const struct proc_entry root_entries[] = {
	PROC_DIR("kernel", &kernel_dir),
};

const struct proc_dir sysfs_root_dir = {
	.entries = root_entries,
	.nr = ARRAY_SIZE(root_entries),
};
