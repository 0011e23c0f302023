#!/usr/bin/env bash
# `make bench`: makes the captures once, then measures. BUILD is the folder of the program.
#
#: BENCH_MIB=500       how large the captures are
set -eu

build=${BUILD:-build}
folder=build/bench
mib=${BENCH_MIB:-500}
here=$(dirname "$0")

for tool in openssl gnutls-serv gnutls-cli tshark python3; do
	command -v "$tool" >/dev/null 2>&1 || {
		echo "bench: $tool is missing; 'sh tools/setup.sh test' installs it" >&2
		exit 2
	}
done

# make_capture NAME KIB: a large one, and a small one for what is too slow for it
make_capture() {
	for part in "$1:$mib" "$1-slice:4"; do
		file=$folder/${part%:*}.pcap
		if [ ! -e "$file" ] || [ "$here/make_capture.py" -nt "$file" ] ||
			[ "$(stat -c %s "$file")" -lt $((${part#*:} << 20)) ]; then
			python3 "$here/make_capture.py" "$file.part" "${part#*:}" --data "$2"
			mv "$file.part" "$file"
		fi
	done
}

mkdir -p "$folder"
make_capture hs 0
make_capture mix 32
"${CC:-cc}" -O2 -D_DEFAULT_SOURCE -o "$folder/floor" "$here/floor.c" -lpcap
missed=0
python3 "$here/probe.py" "$build/tlsdiag" || missed=1
python3 "$here/measure.py" "$build/tlsdiag" "$folder/floor" "$folder" || missed=1
exit $missed
