#!/usr/bin/env bats
# What every command promises about its streams.

load helpers

@test "a full disk under standard output is an error, not silence" {
	run bash -c '"$TLSDIAG" --help >/dev/full'
	[ "$status" -ne 0 ]
	[ -n "$output" ]
}

@test "a closed pipe ends the program without a complaint" {
	run bash -c '{ timeout 20 "$TLSDIAG" --help 2>&3 | true; } 3>&1'
	[ -z "$output" ]
}
