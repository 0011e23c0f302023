#!/usr/bin/env bash
# `make bench-hostile`: adversaries by script, measured against real handshakes. BUILD is the folder
# of the program.
#
#: HOSTILE_MIB=32      how large the captures of adversaries are
set -eu

build=${BUILD:-build}
folder=build/bench
here=$(dirname "$0")

for tool in openssl gnutls-serv gnutls-cli python3; do
	command -v "$tool" >/dev/null 2>&1 || {
		echo "bench-hostile: $tool is missing; 'sh tools/setup.sh test' installs it" >&2
		exit 2
	}
done
mkdir -p "$folder"
if [ ! -e "$folder/hs.pcap" ]; then
	python3 "$here/make_capture.py" "$folder/hs.pcap.part" 64 --data 0
	mv "$folder/hs.pcap.part" "$folder/hs.pcap"
fi
python3 "$here/hostile.py" "$build/tlsdiag" "$folder" "${HOSTILE_MIB:-32}"
