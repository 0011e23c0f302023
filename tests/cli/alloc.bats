#!/usr/bin/env bats
# Every command with requests for memory refused: see tests/alloc/sweep.py for what must hold. `make
# alloc-sweep` tries them all; here it is a part.

bats_require_minimum_version 1.5.0
load helpers
load ../live/servers

# All of it takes longer than servers live otherwise.
# shellcheck disable=SC2034
[ "${ALLOC_SWEEP-}" != full ] || LIVE_SECONDS=7200

setup_file() {
	[ -e "$(dirname "$TLSDIAG")/tests/alloc/failing.so" ] || return 0
	live_open
	live_openssl openssl good
	live_openssl expired expired -tls1_2
}

teardown_file() {
	live_close
}

setup() {
	[ -e "$(dirname "$TLSDIAG")/tests/alloc/failing.so" ] ||
		skip 'sanitizers have an allocator of their own'
}

# sweep ARGUMENT...: of the program under test
sweep() {
	python3 tests/alloc/sweep.py -- "$TLSDIAG" "$@"
}

@test "pcap: text of a failure" {
	sweep pcap --deep 0 fixtures/forum/forum.pcap --ca fixtures/forum/ca.pem
}

@test "pcap: text with forensics" {
	sweep pcap --deep 0.05 fixtures/forum/forum.pcap
}

@test "pcap: JSON of a failure" {
	sweep pcap --json --deep 0 fixtures/forum/forum.pcap
}

@test "pcap: JSON of what is well" {
	sweep pcap --json fixtures/healthy/ecdsa/capture.pcap fixtures/healthy/dhe/capture.pcap
}

@test "pcap: NDJSON, with a filter" {
	sweep pcap --ndjson --filter tcp --deep 0 fixtures/forum/forum.pcap
}

@test "pcap: JUnit and SARIF" {
	python3 tests/alloc/sweep.py --outputs tls.xml tls.sarif -- "$TLSDIAG" pcap --deep 0 \
		--junit tls.xml --sarif tls.sarif fixtures/forum/forum.pcap
}

@test "check: text and JSON" {
	local -a files=(--cert "$CERTS/good.pem" --key "$CERTS/stray.key" --ca "$CERTS/root.pem"
		--name elsewhere.example)
	sweep check "${files[@]}"
	sweep check --json "${files[@]}"
}

@test "check: what is well" {
	sweep check --json --cert "$CERTS/rsa-chain.pem" --key "$CERTS/rsa.key" \
		--ca "$CERTS/root.pem" --name localhost
}

@test "probe: a good server, and one that is refused" {
	sweep probe --json --attempts 1 --ca "$CERTS/root.pem" "localhost:$(live_port openssl)"
	sweep probe --json --attempts 1 --deep 0 --ca "$CERTS/root.pem" \
		"localhost:$(live_port expired)"
}

@test "probe: two targets side by side, as text" {
	sweep probe --attempts 1 --deep 0 --ca "$CERTS/root.pem" --expect "days-left>=1" \
		"localhost:$(live_port openssl)" "127.0.0.1:$(live_port expired)"
}

@test "probe: questions, as text and as JSON" {
	sweep probe --enumerate --json --budget 3 "localhost:$(live_port openssl)"
	sweep probe --isolate "localhost:$(live_port openssl)"
}

@test "replay: the hello of a capture" {
	sweep replay --json fixtures/forum/forum.pcap "localhost:$(live_port openssl)"
}

@test "look-ups" {
	sweep strerror -0x4e00
	sweep strerror --json -0x4290
	sweep alert 47
	sweep explain ec-arithmetic-broken
}

@test "config: a header, a mail, options, and the two files of 4.x" {
	sweep config fixtures/config/forum/config.h
	sweep config fixtures/config/post/mail.txt
	sweep config --json fixtures/config/esp-idf/sdkconfig
	sweep config fixtures/config/four/mbedtls_config.h fixtures/config/four/psa/crypto_config.h
}
