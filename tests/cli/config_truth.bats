#!/usr/bin/env bats
# A share of `make config-truth`: does tlsdiag config agree with the compiler, where a release's headers are here?

load helpers

# needs VERSION INCLUDE: the headers of exactly the release whose rules are data.
needs() {
	grep -qs "define MBEDTLS_VERSION_STRING  *\"$1\"" "$2"/mbedtls/version.h "$2"/mbedtls/build_info.h ||
		skip "no headers of mbedTLS $1 in $2"
}

# agrees VERSION=INCLUDE: configurations of that release with two to twelve things turned.
agrees() {
	run env TLSDIAG="${program:-$TLSDIAG}" python3 -B tests/config/truth.py --random 60 --seed 11 "$1"
}

# says TEXT: a program of one's own, that says the same of every configuration.
says() {
	program=$BATS_TEST_TMPDIR/program
	printf '#!/bin/sh\ncat <<"END"\n%s\nEND\n' "$1" >"$program"
	chmod +x "$program"
}

@test "what the compiler refuses of 2.28 is refused, by the same rules, and nothing else" {
	needs 2.28.3 /usr/include
	agrees 2.28=/usr/include
	expect_status 0
	[[ ${output##*$'\n'} == '60 configurations, '*', 0 wrong' ]]
}

@test "what the compiler refuses of 3.6 is refused, by the same rules, and nothing else" {
	needs 3.6.6 build/mbedtls-3.6/sdk/include
	agrees 3.6=build/mbedtls-3.6/sdk/include
	expect_status 0
	[[ ${output##*$'\n'} == '60 configurations, '*', 0 wrong' ]]
}

@test "a program that takes every configuration does not agree" {
	needs 2.28.3 /usr/include
	says '{"configs": [{"findings": []}]}'
	agrees 2.28=/usr/include
	expect_status 1
	[[ $output == *'does not compile ('*'and is told nothing'* ]]
}

@test "a program that refuses every configuration does not agree" {
	needs 2.28.3 /usr/include
	says '{"configs": [{"findings": [{"id": "config-missing-dependency", "severity": "error", "macro": "MBEDTLS_AES_C", "line": 1,
		"reason": "MBEDTLS_AES_C", "fix": ""}]}]}'
	agrees 2.28=/usr/include
	expect_status 1
	[[ $output == *'compiles, but is told config-missing-dependency'* ]]
	[[ $output == *'nothing is told of the rule about'* ]]
}

@test "flash is not measured where the compiler for it is missing" {
	python=$(command -v python3)
	run env PATH="$BATS_TEST_TMPDIR" "$python" -B tools/flash-measure.py 2.28.3=.
	expect_status 3
	[ "$output" = 'flash-measure: no arm-none-eabi-gcc here (Debian: gcc-arm-none-eabi)' ]
}
