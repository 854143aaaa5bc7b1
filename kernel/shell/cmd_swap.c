/*
 * Swap areas: swapon, swapoff.
 */
#include "commands.h"

#include "arch.h"
#include "swap.h"

/* The table of swapon --show. */
static int show(struct shell_io *io)
{
	struct swap_info area;
	bool header = false;

	for (unsigned int i = 0; i < SWAP_AREAS_MAX; i++) {
		if (!swap_area_info(i, &area))
			continue;
		if (!header)
			shell_printf(io, "%-16s %-9s %10s %10s %4s\n", "NAME",
				     "TYPE", "SIZE", "USED", "PRIO");
		header = true;
		shell_printf(io, "%-16s %-9s %9luK %9luK %4d\n", area.path,
			     "partition", area.pages * (PAGE_SIZE / 1024),
			     area.used * (PAGE_SIZE / 1024), area.priority);
	}
	return EXIT_OK;
}

int cmd_swapon(struct shell_io *io, int argc, char **argv)
{
	struct options options = { 0 };
	uint64_t priority = 0;
	int letter, err, flags = 0;

	while ((letter = option_next(&options, io, argc, argv, "p:s"))) {
		if (letter < 0)
			return EXIT_FAILED;
		if (letter == 's')
			return show(io);
		if (!parse_number(options.value, &priority) ||
		    priority > SWAP_FLAG_PRIO_MASK)
			return shell_usage_error(io, argv,
						 "'%s' is not a priority",
						 options.value);
		flags = SWAP_FLAG_PREFER | (int)priority;
	}
	if (options.index == argc)
		return show(io);
	for (int i = options.index; i < argc; i++) {
		err = swap_on(argv[i], flags);
		if (err)
			return shell_error(io, argv, "%s: %s", argv[i],
					   error_text(err));
	}
	return EXIT_OK;
}

int cmd_swapoff(struct shell_io *io, int argc, char **argv)
{
	if (argc < 2)
		return shell_usage_error(io, argv, "which one?");
	for (int i = 1; i < argc; i++) {
		int err = swap_off(argv[i]);

		if (err)
			return shell_error(io, argv, "%s: %s", argv[i],
					   error_text(err));
	}
	return EXIT_OK;
}
