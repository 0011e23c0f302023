#!/usr/bin/env bats
# The harness behind `make truth`: can it be believed? (tests/truth/README.md)

load helpers

setup() {
	export BUILD=$BATS_TEST_TMPDIR
}

# truth ARGUMENT...: the harness, on a part that the arguments name.
truth() {
	status=0
	output=$(TLSDIAG=${program:-$TLSDIAG} python3 -B tests/truth/truth.py --seed 1 "$@" 2>&1) || status=$?
}

# says TEXT: a program of one's own, that answers every command with that report.
says() {
	program=$BATS_TEST_TMPDIR/program
	printf '#!/bin/sh\ncat <<"END"\n%s\nEND\n' "$1" >"$program"
	chmod +x "$program"
}

@test "its arithmetic, its captures and its verdicts are right" {
	python3 -B tests/truth/selftest.py
}

@test "a damage that the program bears is counted as passed" {
	truth --only 'rules/chain-dates/*:wrapped-vlan'
	[ "$status" -eq 0 ]
	[ "${output##*$'\n'}" = '2 passed, 0 failed' ]
}

@test "a seed draws the same share each time" {
	truth --only 'wrapped-vlan' --share 1/40
	first=$(sed '/^[0-9]* s$/d' <<<"$output")
	truth --only 'wrapped-vlan' --share 1/40
	[ "$first" = "$(sed '/^[0-9]* s$/d' <<<"$output")" ]
	[[ $first == *'seed 1, share 1/40: '* ]]
}

@test "a program that calls every failure completed does not pass" {
	says '{"diagnoses": [], "handshakes": [{"client": {"port": 50001}, "outcome": "completed"}]}'
	truth --only '12-closes-at-hello:openssl'
	[ "$status" -eq 1 ]
	[[ $output == *'peer-closed: completed (OK)'* ]]
	[ "${output##*$'\n'}" = '0 passed, 1 failed' ]
}

@test "a program that accuses everybody does not pass" {
	says '{"diagnoses": [{"id": "weak-key", "severity": "error", "confidence": "certain"}], "handshakes": []}'
	truth --only 'rules/chain-dates/*:wrapped-vlan'
	[ "$status" -eq 1 ]
	[[ $output == *'healthy: weak-key (certain)'* ]]
	[ "${output##*$'\n'}" = '0 passed, 2 failed' ]
}

@test "a program that gives no report does not pass" {
	says 'Segmentation fault'
	truth --only 'rules/chain-dates/*:wrapped-vlan'
	[ "$status" -eq 1 ]
	[[ $output == *'bad JSON (broken)'* ]]
}
