#!/bin/sh
# Make one image that boots under BIOS and UEFI, with GRUB and what FOLDER holds.
#
#   mkiso.sh FOLDER IMAGE

set -e
folder=$1
image=$2
new=$image.$$

mkrescue=$(command -v grub-mkrescue || command -v grub2-mkrescue ||
	command -v "${CROSS}grub-mkrescue")

# What grub.cfg uses and nothing more: under emulation, reading a megabyte of
# modules from a CD through the BIOS takes longer than booting the kernel.
modules="multiboot2 normal serial terminal iso9660"

# The programs behind grub-mkrescue talk a lot when all is well; when it is
# not, their own words are what the user needs. A machine may be running from
# the old image: it keeps that file, the new one only takes over the name.
if ! SOURCE_DATE_EPOCH=0 "$mkrescue" --output="$new" \
	--install-modules="$modules" --locales= --themes= --fonts= \
	"$folder" >"$new.log" 2>&1
then
	cat "$new.log" >&2
	rm -f "$new" "$new.log"
	exit 1
fi
mv "$new" "$image"
rm -f "$new.log"
