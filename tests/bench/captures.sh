# Captures to measure on, made when they are missing or the maker is newer. Sourced by others.
# shellcheck shell=bash

# make_capture FILE MIB KIB: connections with that much application data each
make_capture() {
	local maker=tests/bench/make_capture.py

	if [ ! -e "$1" ] || [ "$maker" -nt "$1" ] || [ "$(stat -c %s "$1")" -lt $(($2 << 20)) ]; then
		python3 "$maker" "$1.part" "$2" --data "$3"
		mv "$1.part" "$1"
	fi
}
