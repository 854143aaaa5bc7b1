/*
 * kernel_main(): the order in which everything starts, and nothing else.
 */
#include "arch.h"
#include "block_file.h"
#include "boot.h"
#include "console.h"
#include "early.h"
#include "frame.h"
#include "fw_cfg.h"
#include "ide.h"
#include "initramfs.h"
#include "irq.h"
#include "iso9660.h"
#include "keyboard.h"
#include "kmalloc.h"
#include "mm.h"
#include "paging.h"
#include "panic.h"
#include "pci.h"
#include "percpu.h"
#include "printk.h"
#include "reclaim.h"
#include "sched.h"
#include "serial.h"
#include "shell.h"
#include "swap.h"
#include "task.h"
#include "timer.h"
#include "trap.h"
#include "vfs.h"
#include "virtio_blk.h"

/* From here on a mistake is reported: by a panic, on the serial port. */
static void start_reporting(void)
{
	cpu_init();
	console_init_early();
	trap_init();
	printk("Faultline\n");
}

static void start_memory(uint32_t magic, paddr_t mbi)
{
	const struct range_list *usable = &boot_info.usable;

	boot_info_init(magic, mbi);
	for (size_t i = 0; i < usable->nr; i++)
		early_add(usable->range[i].start, usable->range[i].end);
	early_reserve(image_to_phys(kernel_start), image_to_phys(kernel_end),
		      FRAME_KERNEL);
	early_reserve(boot_info.initramfs_start, boot_info.initramfs_end,
		      FRAME_INITRD);
	cpu_features_init();
	paging_init();
	console_init_screen(); /* maps the screen: only before frame_init() */
	frame_init();
	kmalloc_init();
	fault_init();
	reclaim_init();
}

static void start_tasks(void)
{
	task_init();
	sched_init();
	irq_init();
	timer_init();
}

static void start_disks(void)
{
	pci_init();
	ide_init();
	virtio_blk_init();
}

static void start_files(void)
{
	fw_cfg_init();
	vfs_init();
	initramfs_init();
	block_file_init();
	swap_init();
	iso9660_init();
}

static void start_shell(void)
{
	keyboard_init();
	serial_init_input();
	if (!kthread_create("sh", shell_main, NULL))
		panic("no memory for the shell");
}

_Noreturn void kernel_main(uint32_t magic, paddr_t mbi)
{
	start_reporting();
	start_memory(magic, mbi);
	start_tasks();
	start_disks();
	start_files();
	start_shell();
	printk("faultline: boot took %lu ticks\n", rdtsc() - boot_tsc_entry);
	sched_idle();
}
