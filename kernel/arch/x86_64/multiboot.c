/*
 * The Multiboot2 boot information: a list of tags, each with its type and size.
 */
#include "arch.h"
#include "boot.h"
#include "memmap.h"
#include "panic.h"
#include "paging.h"
#include "string.h"

#define LOADER_MAGIC 0x36d76289u
#define TAG_ALIGN 8

enum tag_type {
	TAG_END = 0,
	TAG_CMDLINE = 1,
	TAG_MODULE = 3,
	TAG_MEMORY_MAP = 6,
	TAG_FRAMEBUFFER = 8,
};

struct tag {
	uint32_t type;
	uint32_t size; /* bytes, this header included, padding excluded */
	uint8_t data[];
};

struct tag_module {
	struct tag tag;
	uint32_t start, end;
	char cmdline[];
};

struct tag_memory_map {
	struct tag tag;
	uint32_t entry_size; /* at least sizeof(struct map_entry) */
	uint32_t entry_version;
	uint8_t entries[];
};

struct map_entry {
	uint64_t start, length;
	uint32_t type;
	uint32_t reserved;
};

#define MAP_TYPE_USABLE 1

struct tag_framebuffer {
	struct tag tag;
	uint64_t addr;
	uint32_t pitch, width, height;
	uint8_t bits_per_pixel;
	uint8_t type;
};

#define FRAMEBUFFER_RGB 1
#define FRAMEBUFFER_TEXT 2

#define MAX_MAP_ENTRIES 256

struct boot_info boot_info;

static void read_memory_map(const struct tag_memory_map *map)
{
	static struct memmap_entry entries[MAX_MAP_ENTRIES];
	const uint8_t *end = (const uint8_t *)map + map->tag.size;
	const uint8_t *at = map->entries;
	size_t nr = 0;

	KASSERT(map->entry_size >= sizeof(struct map_entry));
	for (; at + map->entry_size <= end; at += map->entry_size) {
		const struct map_entry *entry = (const struct map_entry *)at;

		if (nr == MAX_MAP_ENTRIES)
			panic("memory map: more than %d entries",
			      MAX_MAP_ENTRIES);
		entries[nr++] = (struct memmap_entry){
			.start = entry->start,
			.length = entry->length,
			.usable = entry->type == MAP_TYPE_USABLE,
		};
	}
	memmap_normalise(entries, nr, cpu_phys_limit(), &boot_info.usable);
}

/* The first module is the initramfs; others are not ours to know. */
static void read_module(const struct tag_module *module)
{
	if (boot_info.initramfs_end)
		return;
	boot_info.initramfs_start = module->start;
	boot_info.initramfs_end = module->end;
}

static void read_framebuffer(const struct tag_framebuffer *tag)
{
	struct boot_framebuffer *fb = &boot_info.framebuffer;

	fb->addr = tag->addr;
	fb->pitch_bytes = tag->pitch;
	fb->width = tag->width;
	fb->height = tag->height;
	fb->bits_per_pixel = tag->bits_per_pixel;
	if (tag->type == FRAMEBUFFER_TEXT)
		fb->kind = BOOT_DISPLAY_TEXT;
	else if (tag->type == FRAMEBUFFER_RGB)
		fb->kind = BOOT_DISPLAY_RGB;
}

static void read_tag(const struct tag *tag)
{
	switch (tag->type) {
	case TAG_CMDLINE:
		strlcpy(boot_info.cmdline, (const char *)tag->data,
			sizeof(boot_info.cmdline));
		break;
	case TAG_MODULE:
		read_module((const struct tag_module *)tag);
		break;
	case TAG_MEMORY_MAP:
		read_memory_map((const struct tag_memory_map *)tag);
		break;
	case TAG_FRAMEBUFFER:
		read_framebuffer((const struct tag_framebuffer *)tag);
		break;
	}
}

void boot_info_init(uint32_t magic, paddr_t mbi)
{
	/* total size, a reserved word, then the tags */
	const uint8_t *at = (const uint8_t *)phys_to_virt(mbi) + 8;

	if (magic != LOADER_MAGIC)
		panic("boot: magic %x is not Multiboot2's", magic);
	for (;;) {
		const struct tag *tag = (const struct tag *)at;

		if (tag->type == TAG_END)
			break;
		read_tag(tag);
		at += (tag->size + TAG_ALIGN - 1) & ~(TAG_ALIGN - 1u);
	}
	if (!boot_info.usable.nr)
		panic("boot: the memory map has no usable memory");
}
