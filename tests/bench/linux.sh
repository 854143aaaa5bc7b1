#!/bin/sh
# Measure Linux with tests/bench/kernel.c: what linux-6.1.txt holds, anew.
#
#	make bench-kernel && sh tests/bench/linux.sh >tests/bench/linux-6.1.txt
#
# Debian's cloud kernel is downloaded once, into build/linux, and not installed.
set -e
cd "$(dirname "$0")/../.."
dir=build/linux
mkdir -p $dir/root
if ! ls $dir/kernel/boot/vmlinuz-* >/dev/null 2>&1; then
	package=$(apt-cache depends linux-image-cloud-amd64 |
		awk '/Depends: linux-image-6/ { print $2; exit }')
	(cd $dir && apt-get download "$package" >&2 && dpkg -x ./*.deb kernel)
fi
cp build/tests/bench/root/bin/kernel-bench $dir/root/init
python3 -B iso/cpio.py $dir/root $dir/initramfs.cpio
echo "# tests/bench/kernel.c on $(basename $dir/kernel/boot/vmlinuz-*), in QEMU with icount: operation, size, ticks."
qemu-system-x86_64 -accel tcg -icount shift=0,sleep=off -m 2560 -smp 1 \
	-kernel $dir/kernel/boot/vmlinuz-* -initrd $dir/initramfs.cpio \
	-append "console=ttyS0 quiet panic=-1 transparent_hugepage=madvise \
mitigations=off nopti nokaslr cgroup_disable=memory init_on_alloc=0" \
	-display none -serial stdio -monitor none -no-reboot </dev/null |
	tr -d '\r' | grep -E '^[a-zA-Z-]+ [0-9]+ [0-9]+$'
