#!/bin/sh
# Are the tools there? If not: install them with apt-get, or say what to type.
#
#   deps.sh GROUP...    groups: build boot debug uefi window test
#
# The makefile asks before every build, so the way through "all is there" only
# looks at files. Status 0: everything is there (now).

QEMU_OLDEST=6.1		# the first whose memory backend knows reserve=off

missing=

# One package's name in each world: Debian and Ubuntu, Fedora, Arch, Homebrew.
# A dash: it comes with another package of the same line.
package()
{
	missing="$missing$1 $2 $3 $4
"
}

has()
{
	command -v "$1" >/dev/null 2>&1
}

# Where the distributions keep GRUB's modules for one platform.
has_grub_modules()
{
	for dir in /usr/lib/grub /usr/share/grub /usr/lib/grub2 \
		/opt/homebrew/lib/*/grub /usr/local/lib/*/grub
	do
		[ -e "$dir/$1/multiboot2.mod" ] && return
	done
	return 1
}

check_build()
{
	has "${CROSS}gcc" || package gcc gcc gcc "${CROSS:-x86_64-elf-}gcc"
	has "${CROSS}ld" || package binutils binutils binutils x86_64-elf-binutils
	has nasm || package nasm nasm nasm nasm
	has awk || package mawk gawk gawk gawk
	[ -x /usr/bin/python3 ] || package python3 python3 python python
	# The ISO's makers: GRUB alone is not enough, and says so obscurely.
	has grub-mkrescue || has grub2-mkrescue || has "${CROSS}grub-mkrescue" ||
		package grub-common grub2-tools-extra grub x86_64-elf-grub
	has_grub_modules i386-pc ||
		package grub-pc-bin grub2-pc-modules grub i386-elf-grub
	has_grub_modules x86_64-efi ||
		package grub-efi-amd64-bin grub2-efi-x64-modules grub x86_64-elf-grub
	has xorriso || package xorriso xorriso libisoburn xorriso
	has mformat || package mtools mtools mtools mtools
}

check_boot()
{
	has qemu-system-x86_64 ||
		package qemu-system-x86 qemu-system-x86-core qemu-system-x86 qemu
	# `make guest` compiles a few lines for the build machine itself.
	[ -e /usr/include/stdio.h ] || [ "$(uname)" = Darwin ] ||
		package libc6-dev glibc-devel glibc -
}

check_debug()
{
	has gdb || package gdb gdb gdb x86_64-elf-gdb
}

check_uefi()
{
	for file in /usr/share/OVMF/OVMF_CODE*.fd \
		/usr/share/edk2/ovmf/OVMF_CODE.fd \
		/usr/share/edk2/x64/OVMF_CODE.4m.fd \
		/opt/homebrew/share/qemu/edk2-x86_64-code.fd \
		/usr/local/share/qemu/edk2-x86_64-code.fd
	do
		[ -e "$file" ] && return
	done
	package ovmf edk2-ovmf edk2-ovmf qemu
}

check_window()
{
	has qemu-system-x86_64 && qemu-system-x86_64 -display help |
		grep -Eq 'gtk|sdl|cocoa' && return
	package qemu-system-gui qemu-ui-gtk qemu-ui-gtk qemu
}

check_test()
{
	check_uefi
	check_debug
	has musl-gcc || package musl-tools musl-gcc musl -
	has busybox || package busybox-static busybox busybox -
}

# An old QEMU is no package to add but a distribution to leave.
check_qemu_version()
{
	has qemu-system-x86_64 || return 0
	version=$(qemu-system-x86_64 --version |
		sed -n 's/.*version \([0-9]*\.[0-9]*\).*/\1/p')
	oldest=$(printf '%s\n%s\n' "$version" "$QEMU_OLDEST" | sort -V | head -n 1)
	[ "$oldest" = "$QEMU_OLDEST" ] && return
	echo "QEMU is $version; Faultline needs $QEMU_OLDEST or newer." >&2
	return 1
}

column()
{
	printf '%s' "$missing" | awk -v n="$1" '$n != "-" && !seen[$n]++ {
		printf "%s%s", sep, $n; sep = " " }'
}

install_with_apt()
{
	packages=$(column 1)
	as_root=
	if [ "$(id -u)" != 0 ]; then
		as_root=sudo
		has sudo || tell "apt-get install $packages    (as root)"
	fi
	echo "Installing: $packages" >&2
	apt="$as_root env DEBIAN_FRONTEND=noninteractive apt-get"
	# Fresh machines have no package lists, old ones stale lists.
	# shellcheck disable=SC2086	# words on purpose
	{
		apt-cache show $packages >/dev/null 2>&1 &&
			$apt install -y --no-install-recommends $packages ||
			{ $apt update && $apt install -y \
				--no-install-recommends $packages; }
	} >&2 || tell "${as_root:+$as_root }apt-get install $packages"
}

tell()
{
	echo "Some tools are missing. Type this, then try again:" >&2
	echo "    $1" >&2
	exit 1
}

for group; do
	"check_$group"
done

if [ -n "$missing" ]; then
	if has apt-get; then
		install_with_apt
	elif has dnf; then
		tell "sudo dnf install $(column 2)"
	elif has pacman; then
		tell "sudo pacman -S --needed $(column 3)"
	elif [ "$(uname)" = Darwin ]; then
		tell "brew install $(column 4) && export CROSS=x86_64-elf-"
	else
		tell "install these, by your system's names: $(column 1)"
	fi
fi

case " $* " in
*" boot "*) check_qemu_version ;;
esac
