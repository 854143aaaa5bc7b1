# Make a trace smaller: the first `ops` calls, blocks named by small numbers.
#
#	awk -v ops=4000 -f cut-trace.awk <trace >shorter
#
# A freed block's number is given to the next one. What was allocated before
# the recording began has no number, and its calls are left out.

NR == 1 {
	print
	next
}

nr_ops++ >= ops {
	exit
}

function new_name(mem) {
	name[mem] = nr_unused ? unused[nr_unused--] : ++nr_names
	return sprintf("%x", name[mem])
}

$1 == "a" {
	print "a", new_name($2), $3
}

$1 == "m" {
	print "m", new_name($2), $3, $4
}

$1 == "r" && $2 in name {
	number = name[$2]
	delete name[$2]
	name[$4] = number
	printf "r %x %s %x\n", number, $3, number
}

$1 == "f" && $2 in name {
	unused[++nr_unused] = name[$2]
	printf "f %x\n", name[$2]
	delete name[$2]
}
