#!/usr/bin/env bats
# What a limit makes the tool leave out is told in every form of report, and hides no failure.

load helpers

setup_file() {
	many=$BATS_FILE_TMPDIR/many.pcap
	export many
	python3 tests/support/many_servers.py fixtures/rules/alpn-mismatch/pass/capture.pcap \
		16390 fixtures/forum/forum.pcap >"$many"
}

told='7 handshakes were with servers that are only counted'

@test "more healthy servers than are listed hide no failing one" {
	run tlsdiag pcap --verify none "$many"
	[ "$status" = 1 ]
	output=$(echo "$output" | tr -s '[:space:]' ' ')
	[[ $output == *'at least 16,384 servers, 16,392 handshakes: 16,390 completed, 2 failed'* ]]
	[[ $output == *'192.0.2.254:4433'* ]]
	[[ $output == *"Left out: $told"* ]]
}

@test "every form of report tells what a limit left out" {
	local out=$BATS_TEST_TMPDIR

	run tlsdiag pcap --verify none --junit "$out/j.xml" --sarif "$out/s.sarif" "$many"
	[ "$status" = 1 ]
	grep -q "left out: $told" "$out/j.xml"
	grep -q "$told" "$out/s.sarif"
	for form in --json --ndjson; do
		tlsdiag pcap --verify none "$form" --only failed "$many" >"$out/j" || true
		tail -n 1 "$out/j" | grep -q '"id": \?"servers", \?"count": \?7, \?"text": \?"'"$told"
	done
	tlsdiag pcap --verify none --json --only failed "$many" |
		python3 tests/schema/validate.py document
}

@test "a limit that was not met is not spoken of" {
	run tlsdiag pcap --deep 0 fixtures/forum/forum.pcap
	[[ $output != *'Left out'* ]]
}
