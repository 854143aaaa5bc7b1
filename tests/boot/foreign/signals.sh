# Traps, timeouts and jobs: a shell that lives on signals. Run on both sides.
exec 2>/dev/null	# where the shell says how its jobs ended
trap 'echo caught USR1' USR1
kill -USR1 $$
trap 'echo at exit' EXIT
(
	trap 'echo subshell caught TERM; exit 3' TERM
	kill -TERM $(sh -c 'echo $PPID')
	sleep 1
)
echo "subshell $?"
timeout 1 sleep 5
echo "timeout $?"
sleep 5 & p=$!; kill $p; wait $p; echo "killed $?"
sleep 3 & p=$!; kill -STOP $p; kill -CONT $p; kill -9 $p; wait $p
echo "stopped, continued, killed $?"
(sleep 1; kill -USR1 $$) & wait $!; echo "wait interrupted $?"
trap '' TERM; kill -TERM $$; echo ignored
sh -c 'kill -SEGV $$'; echo "faulted $?"
seq 1 5 | sort -r | tr '\n' ' '; echo
