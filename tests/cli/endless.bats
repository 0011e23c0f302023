#!/usr/bin/env bats
# `tlsdiag probe` and `replay` have an end, whatever the server does, and whatever this system lacks.

bats_require_minimum_version 1.5.0
load helpers
load ../live/servers
load ../live/probing

setup_file() {
	live_open
	live_gnutls gnutls good
	live_misbehave silent close-after-hello
	# A hello of TLS 1.2, which every version of mbedTLS can send.
	tlsdiag probe --json --attempts 1 --max-version TLS1.2 --ca "$CERTS/root.pem" \
		--write-pcap "$LIVE/good.pcap" "localhost:$(live_port gnutls)" >/dev/null
}

teardown_file() {
	live_close
}

@test "a server that never ends is left in time, in bounded memory, and with a true sentence" {
	status=0
	output=$(timeout 300 python3 tests/live/endure.py "$TLSDIAG" "$LIVE/good.pcap" \
		"$CERTS/good-chain.pem" "$CERTS/good.key") || status=$?
	[ "$(grep -c '^ok ' <<<"$output")" -ge 60 ] || echo "$output"
	grep -v '^ok ' <<<"$output"
	expect_status 0
}

@test "what was heard until then is in the report, in every form" {
	live_spawn endless python3 tests/live/endless.py warnings-after-hello drip-byte
	live_wait grep -q drip-byte "$LIVE/endless.log"
	while read -r mode port; do
		echo "$port" >"$LIVE/$mode.port"
	done <"$LIVE/endless.log"
	live warnings-after-hello --deadline 3
	expect_cause answer-endless
	fits_schema document
	expect_of '.handshakes[0].ending' cut-off
	expect_of '.handshakes[0].cut_off.by' warnings
	expect_of '.handshakes[0].cut_off.warnings > 32' true
	run tlsdiag probe --deadline 3 "localhost:$(live_port warnings-after-hello)"
	expect_output 'more of the same'
	expect_output 'this client: stopped listening after'
	[[ $output != *'the client closes'* ]]
	live drip-byte --deadline 3 --write-pcap "$BATS_TEST_TMPDIR/drip.pcap"
	expect_cause answer-too-slow
	expect_of '.handshakes[0].cut_off.by' time
	expect_of '.handshakes[0].cut_off.after_ms | . >= 2500 and . < 5000' true
	told pcap --json "$BATS_TEST_TMPDIR/drip.pcap"
	[ "$status" -le 4 ]
}

@test "a deadline is a number of seconds, more than none" {
	for seconds in 0 -1 x '' 1e9 nan; do
		for words in "probe --deadline=$seconds localhost" "replay --deadline=$seconds $LIVE/good.pcap localhost"; do
			# shellcheck disable=SC2086 # words
			run tlsdiag $words
			expect_status 2
			expect_output '--deadline takes seconds'
		done
	done
	live_run probe --ca "$CERTS/root.pem" --deadline 9.5 "localhost:$(live_port gnutls)"
	expect_well
}

@test "the deadline is for repeated handshakes together, and for each that is asked for" {
	live silent --timeout 20 --deadline 1
	expect_cause server-silent
	expect_of '.handshakes | length' 1
	live silent --timeout 20 --deadline 1 --attempts 2
	expect_of '.handshakes | length' 2
}

@test "few descriptors are met by fewer jobs, and every target is diagnosed" {
	local -a targets=()
	while [ "${#targets[@]}" -lt 64 ]; do
		targets+=("127.0.0.1:$(live_port close-after-hello)")
	done
	for limit in 12 16 40; do
		told_within "$limit" probe --json --attempts 1 --jobs 64 "${targets[@]}"
		expect_status 1
		expect_of '.summary.failed' 64
		expect_of '.input.problems | length' 0
		expect_of '[.diagnoses[].id] | unique | join(" ")' peer-closed
	done
}

@test "one descriptor is enough, and without any the target was not tried: nothing is said of it" {
	target=127.0.0.1:$(live_port close-after-hello)
	told_within 4 probe --json --attempts 1 "$target" "$target"
	expect_status 1
	expect_of '.summary.failed' 2
	told_within 4 probe --json --write-pcap "$BATS_TEST_TMPDIR/talk.pcap" "$target" "$target"
	expect_status 3
	expect_of '.summary.handshakes' 0
	expect_of '.diagnoses | length' 0
	expect_output "$target was not tried: this system has no more of what it takes: Too many open files"
}

# told_within N COMMAND...: as told, with so many open files at most; those of bats are not among them.
told_within() {
	local limit=$1
	shift
	report=$BATS_TEST_TMPDIR/report.json
	status=0
	timeout 60 python3 -c '
import os, resource, sys
os.closerange(3, 1024)
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
os.execv(sys.argv[2], sys.argv[2:])' "$limit" "$TLSDIAG" "$@" >"$report" 2>"$report.err" || status=$?
	output=$(cat "$report" "$report.err")
}
