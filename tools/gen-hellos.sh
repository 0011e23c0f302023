#!/bin/sh
# Prints the recorded ClientHellos in a folder as C: an array of bytes for each, and the table of all.
#
#   tools/gen-hellos.sh data/hellos > hellos.inc
#
# A file NAME.hex has its title in the first line, how it was recorded in the second, and the records in
# hexadecimal below. POSIX sh and awk, and sort by version as GNU and BSD have it.
# shellcheck disable=SC2016  # the dollar signs belong to awk
set -eu

if [ $# -ne 1 ] || [ ! -d "$1" ]; then
	echo "usage: $0 FOLDER" >&2
	exit 2
fi
LC_ALL=C
export LC_ALL

# In the order of their versions, so that of one stack the newest is the last.
names() {
	for file in "$1"/*.hex; do
		file=${file##*/}
		echo "${file%.hex}"
	done | sort -t - -k 1,1 -k 2,2V
}

n=0
for name in $(names "$1"); do
	printf 'static const uint8_t hello_%d[] = {' "$n"
	awk '!/^#/ { gsub(/../, "0x&,"); print "\t" $0 }' "$1/$name.hex"
	printf '};\n'
	n=$((n + 1))
done
printf 'static const struct hello_profile profiles[] = {\n'
n=0
for name in $(names "$1"); do
	awk -v name="$name" -v n="$n" 'NR == 1 {
		sub(/^# /, "")
		printf "\t{ \"%s\", \"%s\", { hello_%d, sizeof hello_%d } },\n", name, $0, n, n
		exit
	}' "$1/$name.hex"
	n=$((n + 1))
done
printf '};\n'
