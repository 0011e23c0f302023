#!/usr/bin/env bats
# Who refuses a certificate, as check says it, against what real verifiers did.

load helpers

@test "check agrees with what was measured, for a sample of chains" {
	run python3 tests/verifiers/agree.py "$TLSDIAG" data fixtures/verifiers
	expect_status 0
	expect_output 'chains without a difference'
}

# chain_of NAME: chain.pem and trust.pem of a sample.
chain_of() {
	python3 - "fixtures/verifiers/$1.json" "$BATS_TEST_TMPDIR" <<-'END'
		import base64, json, sys
		case = json.load(open(sys.argv[1]))
		for part in "chain", "trust":
		    with open("%s/%s.pem" % (sys.argv[2], part), "w") as out:
		        for der in case[part]:
		            text = base64.encodebytes(bytes.fromhex(der)).decode()
		            out.write("-----BEGIN CERTIFICATE-----\n%s-----END CERTIFICATE-----\n" % text)
	END
}

# checked NAME ARGUMENT...
checked() {
	chain_of "$1"
	run tlsdiag check --cert "$BATS_TEST_TMPDIR/chain.pem" --ca "$BATS_TEST_TMPDIR/trust.pem" \
		--name device.example --at 2026-11-30 "${@:2}"
}

@test "a certificate that nobody refuses is sound" {
	checked ok
	expect_status 0
	expect_output 'OK What was given is sound'
	expect_output 'none of the nine stacks measured'
}

@test "one that a stack refuses is not called sound, and who refuses it is named" {
	checked key_ed25519
	expect_status 0
	expect_output 'NOTE No check fails, but 3 of the nine stacks'
	expect_output 'an Ed25519 key: mbedTLS (42), NSS 3.110 (80'
	[[ $output != *'is sound'* ]]
}

@test "what a cause stands for is a warning, and fails with --fail-on warning" {
	checked serial_negative
	expect_status 0
	expect_output 'serial-number-invalid'
	expect_output 'Go 1.24.4 (42)'
	checked serial_negative --fail-on warning
	expect_status 1
}

@test "without --ca and --name it says what it took for granted" {
	chain_of serial_negative
	run tlsdiag check --cert "$BATS_TEST_TMPDIR/chain.pem"
	expect_output 'the root is'
	expect_output 'the name to fit'
}

@test "the JSON of it is as the schema says" {
	chain_of nc_permitted_ok
	tlsdiag check --json --cert "$BATS_TEST_TMPDIR/chain.pem" |
		python3 tests/schema/validate.py check_document
}

@test "a CA file by itself is not judged as a server's certificate" {
	run tlsdiag check fixtures/rules/ca-not-trusted/fail/ca.pem
	expect_status 0
	[[ $output != *'used as a server or client certificate'* ]]
	[[ $output != *'who refuses it'* ]]
}
