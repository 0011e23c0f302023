#!/usr/bin/env bats
# A dissection that has all bytes, and a dump of the frames, say what the capture they were made from says.

bats_require_minimum_version 1.5.0
load helpers

# What is judged, without what differs by nature: packets, times, names of files.
judged() {
	jq -S '[[.handshakes[] | {outcome, suite: .cipher_suite, checks: [.checks[] | {id, status}]}],
		[.diagnoses[] | {id, confidence}]]'
}

same_as_capture() {
	local folder=$1 form capture expected got
	capture=fixtures/$folder/capture.pcap
	expected=$(tlsdiag pcap --at 2026-01-01 --json "$capture" | judged) || :
	[ -n "$expected" ]
	for form in '-x' '-T json' '-T jsonraw' '-T ek' '-T pdml'; do
		# shellcheck disable=SC2086 # an option and its value
		tshark -r "$capture" $form >"$BATS_TEST_TMPDIR/dissection" 2>/dev/null
		got=$(tlsdiag log --at 2026-01-01 --json "$BATS_TEST_TMPDIR/dissection" | judged) || :
		[ "$got" = "$expected" ] || {
			diff <(echo "$expected") <(echo "$got") || :
			echo "$folder, tshark $form"
			return 1
		}
	done
}

@test "a healthy handshake with client authentication" {
	same_as_capture healthy/mutual
}

@test "a handshake that fails by its signature" {
	same_as_capture rules/wrong-private-key/fail
}
