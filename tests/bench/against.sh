#!/usr/bin/env bash
# `make bench-against BASE=...`: how much more or less work a program does than another one, say that
# of before a change. BUILD is the folder of the program.
#
# What is counted are the instructions that each runs, by Valgrind: the same from run to run but for
# a few in ten thousand, whatever else the machine does, where seconds differ by more than a change
# that one wants to see. It counts no waiting and no work of the kernel. The captures are small ones
# of `make bench`, without verification, whose cost would hide all else; that one is seen with fixtures.
# Exit status 1: somewhere it is more than MOST percent (default 3) more.
set -eu
cd "$(dirname "$0")/../.."
new=${BUILD:-build}/tlsdiag
base=${BASE:?names the other program}
most=${MOST:-3}
folder=build/bench
# shellcheck source=tests/bench/captures.sh
. tests/bench/captures.sh

# instructions PROGRAM ARGUMENT...: of all its threads. Outside the sandbox, which knows no Valgrind.
instructions() {
	local program=$1
	shift
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" pcap --no-sandbox "$@" \
		2>&1 >/dev/null </dev/null | sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

# compare NAME ARGUMENT...
compare() {
	local name=$1 was is
	shift
	was=$(instructions "$base" "$@")
	is=$(instructions "$new" "$@")
	awk -v name="$name" -v was="${was:-0}" -v is="${is:-0}" -v most="$most" 'BEGIN {
		if (was == 0 || is == 0) {
			printf "  %-24s did not run\n", name
			exit 1
		}
		more = 100 * (is / was - 1)
		printf "  %-24s %9.1f million, was %9.1f  %+6.2f %%%s\n", name, is / 1e6, was / 1e6, more,
			(more > most) ? "  MORE THAN " most " %" : ""
		exit (more > most)
	}' || status=1
}

mkdir -p "$folder"
status=0
for kind in hs:0 mix:32; do
	capture=$folder/${kind%:*}-slice.pcap
	make_capture "$capture" 4 "${kind#*:}"
	compare "${kind%:*}, text" --verify=none "$capture"
	compare "${kind%:*}, --json" --verify=none --json "$capture"
done
compare 'forum, verified' --verify=all --deep 0 fixtures/forum/forum.pcap
compare 'dhe, verified' --verify=all --deep 0 fixtures/healthy/dhe/*.pcap*
exit $status
