#!/bin/sh
# Diagnoses the bundled forum capture: two clients refuse one device, for one reason.
#
#   tools/demo.sh PROGRAM
#
# A problem found is what the demo is about, so the program's exit status 1 is success here.
set -eu

program=$1
capture=fixtures/forum/forum.pcap
for file in "$program" "$capture" fixtures/forum/ca.pem; do
	[ -r "$file" ] || {
		echo "demo: '$file' is not there" >&2
		exit 1
	}
done

echo
echo "\$ $program pcap $capture --ca fixtures/forum/ca.pem"
status=0
"$program" pcap "$capture" --ca fixtures/forum/ca.pem || status=$?
echo
case $status in
1) echo "Exit status 1, as expected: a problem was found. Try it on a capture of your own." ;;
*)
	echo "demo: expected exit status 1 (a problem found), got $status" >&2
	exit 1
	;;
esac
