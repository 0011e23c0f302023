#!/usr/bin/env bats
# What reports tell of hellos that few clients send.

load helpers

refusal=s:15030100020228
random=5f6d1f2a9c0b7e3344d18a6cbb02f7910e5dc3a8764f21e09b38aa17cc50e6d4

# report_of BYTES...: the report of a connection with them, in JSON into $report, and as text in $output.
report_of() {
	capture=$BATS_TEST_TMPDIR/talk.pcap report=$BATS_TEST_TMPDIR/report
	python3 tests/support/one_connection.py "$capture" "$@"
	tlsdiag pcap --json "$capture" >"$report" || [ $? -eq 1 ]
	python3 tests/schema/validate.py document <"$report"
	run tlsdiag pcap "$capture"
	expect_status 1
}

# hello SUITE: a ClientHello of TLS 1.2 in its record, with this one suite.
hello() {
	echo "c:160301002d010000290303${random}000002${1}0100"
}

@test "a hello in SSLv2 format: the suites of TLS among its cipher specs" {
	report_of "c:802b0103010012000000100700c000c02f00002f0100800300800000ff${random:0:32}" "$refusal"
	[ "$(jq -c '.handshakes[0].offered.cipher_suites' "$report")" = '["0xc02f","0x002f","0x00ff"]' ]
	[ "$(jq -c '.handshakes[0].offered.versions' "$report")" = '["TLS1.0"]' ]
	expect_output 'ClientHello in SSLv2 format, TLS 1.0, 6 suites, no SNI'
}

@test "a second hello that nobody asked for is told from one that is only sent again" {
	report_of "$(hello c02f)" "$(hello c02f)" "$refusal"
	expect_output 'unexpected-message, certain, fault of the client'
	expect_output 'ClientHello x the same hello once more, TLS 1.2, ECDHE_RSA_WITH_AES_128_GCM_SHA256'
	report_of "$(hello c02f)" "$(hello c030)" "$refusal"
	expect_output 'unexpected-message, certain, fault of the client'
	expect_output 'ClientHello x another hello in the same handshake, TLS 1.2, ECDHE_RSA_WITH_AES_256_GCM_SHA384'
}
