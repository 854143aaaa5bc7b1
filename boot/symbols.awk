# Turn the sorted output of `nm -n` into the table that panic() names addresses
# from, as nasm source. Only code is listed: a backtrace holds nothing else.
#
#   ksym_count          u32, how many
#   ksym_addrs          u32 each, ascending: offset from the kernel's base
#   ksym_name_offsets   u32 each: where in ksym_names the name starts
#   ksym_names          the names, each ended by a NUL
#
# Without input it makes the empty table of the first link.

# The linker script's own symbols lie where the first function does.
$3 ~ /^(ksym_|kernel_start$|text_start$|text_end$)/ { next }

# Addresses are 0xffffffff8.......: awk's numbers are doubles and would round
# them, so only the last eight hex digits are used. Their top bit is the base.
$2 ~ /^[tTwW]$/ && $1 ~ /^ffffffff[89a-f]/ {
	name[n] = $3
	offset[n] = substr($1, 9)
	n++
}

END {
	print "\tsection .ksym progbits alloc noexec nowrite align=4"
	print "\tglobal ksym_count, ksym_addrs, ksym_name_offsets, ksym_names"
	print "ksym_count:\n\tdd " n + 0
	print "ksym_addrs:"
	for (i = 0; i < n; i++)
		print "\tdd 0x" offset[i] " - 0x80000000"
	print "ksym_name_offsets:"
	at = 0
	for (i = 0; i < n; i++) {
		print "\tdd " at
		at += length(name[i]) + 1
	}
	print "ksym_names:"
	for (i = 0; i < n; i++)
		print "\tdb \"" name[i] "\", 0"
	print "\tdb 0"
}
