#!/usr/bin/env bash
# `make bench`: makes the captures once, then measures. BUILD is the folder of the program.
#
#: BENCH_MIB=500       how large the captures are
set -eu

build=${BUILD:-build}
folder=build/bench
mib=${BENCH_MIB:-500}
cd "$(dirname "$0")/../.."
here=tests/bench
# shellcheck source=tests/bench/captures.sh
. $here/captures.sh

for tool in openssl gnutls-serv gnutls-cli tshark python3; do
	command -v "$tool" >/dev/null 2>&1 || {
		echo "bench: $tool is missing; 'sh tools/setup.sh test' installs it" >&2
		exit 2
	}
done

mkdir -p "$folder"
# A large one of each kind, and a small one for what is too slow for it.
for kind in hs:0 mix:32; do
	make_capture "$folder/${kind%:*}.pcap" "$mib" "${kind#*:}"
	make_capture "$folder/${kind%:*}-slice.pcap" 4 "${kind#*:}"
done
"${CC:-cc}" -O2 -D_DEFAULT_SOURCE -o "$folder/floor" "$here/floor.c" -lpcap
missed=0
python3 "$here/probe.py" "$build/tlsdiag" || missed=1
"${CC:-cc}" -O2 -o "$folder/bytes" "$here/bytes.c"
echo "logs:"
python3 "$here/logs.py" "$build/tlsdiag" "$folder/bytes" "$folder" || missed=1
python3 "$here/measure.py" "$build/tlsdiag" "$folder/floor" "$folder" || missed=1
exit $missed
