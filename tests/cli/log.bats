#!/usr/bin/env bats
# Logs: what they are taken for, where evidence stands in them, and what is kept out of reports and copies.

load helpers
bats_require_minimum_version 1.5.0

logs=fixtures/log

@test "a log is recognised, and its evidence is lines" {
	run -1 "$TLSDIAG" log --json "$logs/untrusted.log"
	jq -e '.input.kind == "log" and .input.formats[0].name == "mbedtls"' <<<"$output"
	jq -e '.handshakes[0].checks[] | select(.id == "no-fatal-alert") | .status == "fail" and .evidence[0].line > 0' <<<"$output"
	jq -e '.diagnoses[0].proof | map(.line // 0) | max > 0' <<<"$output"
	jq -e '.handshakes[0] | has("first_line") and (has("first_packet") | not)' <<<"$output"
	jq -e '[.. | objects | select(has("packet"))] == []' <<<"$output"
}

@test "no report of a log speaks of packets, captures or unknown addresses" {
	run -1 "$TLSDIAG" log "$logs/untrusted.log"
	[[ $output == *"L"* && $output != *"0.0.0.0"* && $output != *" #"[0-9]* ]]
	[[ $output == *"Read as mbedTLS debug output"* ]]
}

@test "standard input is read, and CRLF changes nothing" {
	"$TLSDIAG" log --json - <"$logs/untrusted.log" | jq 'del(.input)' >"$BATS_TEST_TMPDIR/a" || true
	sed 's/$/\r/' "$logs/untrusted.log" | "$TLSDIAG" log --json - | jq 'del(.input)' >"$BATS_TEST_TMPDIR/b" || true
	cmp "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/b"
}

@test "prose alone is nothing to judge" {
	run -4 "$TLSDIAG" log - <<<"It does not work. What can I do?"
	[[ $output == *"none of which tells of a TLS handshake"* ]]
}

@test "an unknown format is refused, and the known ones are named" {
	run -2 "$TLSDIAG" log --format noodles "$logs/untrusted.log"
	[[ $output == *"mbedtls"* ]]
}

@test "a redacted copy gives the same diagnosis, and has no secret" {
	local copy=$BATS_TEST_TMPDIR/copy.log
	# Only the secrets prove that the Finished are right.
	local same='[.diagnoses, (.handshakes[] | del(.decryption, (.checks[] | select(.id == "finished-accepted").message)))]'

	"$TLSDIAG" log --json --redact "$copy" "$logs/well.log" | jq "$same" >"$BATS_TEST_TMPDIR/a"
	"$TLSDIAG" log --json "$copy" | jq "$same" >"$BATS_TEST_TMPDIR/b"
	cmp "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/b"
	[ "$(stat -c %a "$copy")" = 600 ]
	grep -A1 "'premaster secret'" "$copy" | grep -q '0000:  xx xx xx xx xx xx xx xx'
	for secret in "'premaster secret'" "'master secret'" "'key block'"; do
		row=$(grep -A1 "$secret" "$logs/well.log" | sed -n '2s/.*0000:  \(.\{23\}\).*/\1/p')
		[ -n "$row" ]
		[ "$(grep -c "$row" "$copy")" -eq 0 ]
	done
}

@test "an anonymised copy gives the same diagnosis without the names, and what it leaves is told" {
	local log=$BATS_TEST_TMPDIR/x.log copy=$BATS_TEST_TMPDIR/copy.log

	cat >"$log" <<-'EOF'
		  . Connecting to tcp/plc7.acme.io/8883... ok
		ssl_tls.c:5804: |2| => handshake
		ssl_cli.c:0106: |3| client hello, adding server name extension: plc7.acme.io
		ssl_tls.c:2454: |3| subject name      : C=DE, O=Acme Plant, CN=plc7.acme.io
		ssl_tls.c:6000: |1| x509_verify_cert() returned -9984 (-0x2700)
		ssl_tls.c:6001: |1| ! Certificate verification flags 00000008
		ssl_tls.c:5804: |2| <= handshake
	EOF
	"$TLSDIAG" log --json --redact "$copy" --anonymise "$log" | jq '[.diagnoses[].id, (.handshakes[] | .checks)]' >"$BATS_TEST_TMPDIR/a"
	"$TLSDIAG" log --json "$copy" | jq '[.diagnoses[].id, (.handshakes[] | .checks)]' >"$BATS_TEST_TMPDIR/b"
	grep -q ca-not-trusted "$BATS_TEST_TMPDIR/a"
	cmp "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/b"
	run -1 grep -ci 'plc7\|acme' "$copy"
	run -1 --separate-stderr "$TLSDIAG" log --redact "$copy" --anonymise "$logs/untrusted.log"
	# shellcheck disable=SC2154 # set by run
	[[ $stderr == *"the copy has 1 certificate as bytes"* ]]
	run -2 "$TLSDIAG" log --anonymise "$log"
}

@test "secrets of a key log, beside a dump of frames or in it, open what it holds" {
	for fixture in tls12 tls13-other-key; do
		local dump=$BATS_TEST_TMPDIR/$fixture keyed=fixtures/keyed/$fixture

		tshark -r "$keyed/capture.pcap" -x >"$dump" 2>/dev/null
		cat "$keyed/keys.log" "$dump" >"$dump.both"
		"$TLSDIAG" pcap --json --ca "$keyed/ca.pem" --keylog "$keyed/keys.log" "$keyed/capture.pcap" |
			jq -c '[.diagnoses[].id], [.handshakes[].decryption]' >"$dump.pcap" || true
		grep -q '"state":"open"' "$dump.pcap"
		"$TLSDIAG" log --json --ca "$keyed/ca.pem" --keylog "$keyed/keys.log" "$dump" |
			jq -c '[.diagnoses[].id], [.handshakes[].decryption]' >"$dump.log" || true
		cmp "$dump.pcap" "$dump.log"
		"$TLSDIAG" log --json --ca "$keyed/ca.pem" "$dump.both" |
			jq -c '[.diagnoses[].id], [.handshakes[].decryption]' >"$dump.log" || true
		cmp "$dump.pcap" "$dump.log"
	done
}

@test "a log is not overwritten by its own copy" {
	cp "$logs/untrusted.log" "$BATS_TEST_TMPDIR/x.log"
	run -2 "$TLSDIAG" log --redact "$BATS_TEST_TMPDIR/x.log" "$BATS_TEST_TMPDIR/x.log"
	cmp "$logs/untrusted.log" "$BATS_TEST_TMPDIR/x.log"
}

@test "a compressed log says the same, from a file and from standard input" {
	local packed=$BATS_TEST_TMPDIR/x.log.gz

	gzip -c "$logs/untrusted.log" >"$packed"
	"$TLSDIAG" log --json "$logs/untrusted.log" | jq 'del(.input)' >"$BATS_TEST_TMPDIR/a" || true
	"$TLSDIAG" log --json "$packed" | jq 'del(.input)' >"$BATS_TEST_TMPDIR/b" || true
	cmp "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/b"
	"$TLSDIAG" log --json - <"$packed" | jq 'del(.input)' >"$BATS_TEST_TMPDIR/b" || true
	cmp "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/b"
}

@test "of a compressed log that breaks off what is there counts, and the break is told" {
	gzip -c "$logs/untrusted.log" | head -c 2000 >"$BATS_TEST_TMPDIR/cut.gz"
	run -3 "$TLSDIAG" log --json "$BATS_TEST_TMPDIR/cut.gz"
	[[ $output == *"its compressed data breaks off"* ]]
}

@test "a log that unpacks to far more than any log does is read no further" {
	head -c 200000000 /dev/zero | tr '\0' ' ' | gzip -9 >"$BATS_TEST_TMPDIR/bomb.gz"
	run -3 "$TLSDIAG" log "$BATS_TEST_TMPDIR/bomb.gz"
	[[ $output == *"it unpacks to more than '250' times its size"* ]]
}

@test "a large log is not taken apart for longer than it is read, unless --deep says so" {
	local big=$BATS_TEST_TMPDIR/big.log

	python3 - "$big" <<-'EOF'
		import sys
		sys.path.insert(0, 'tests/bench')
		import logs
		logs.make(sys.argv[1], lambda: logs.other_signatures(logs.text('agree/device-bad-signature.log'), 12), 40 << 20)
	EOF
	run -1 "$TLSDIAG" log --json "$big"
	jq -e '.input.limits[] | select(.id == "forensics")' <<<"$output"
	jq -e '.diagnoses[0].id == "ec-arithmetic-broken"' <<<"$output"
	run -1 "$TLSDIAG" log --json --deep 3600 "$big"
	jq -e '[.input.limits[]? | select(.id == "forensics")] == []' <<<"$output"
}

@test "what is given with a code and contradicts it is refused" {
	while IFS='|' read -r args words; do
		# shellcheck disable=SC2086 # several arguments
		run -2 "$TLSDIAG" log $args
		[[ $output == *"$words"* ]]
	done <<-'EOF'
		--code -0x2700 --alert-received 48|makes mbedTLS return -0x7780, not -0x2700
		--code -0x2700 --state SERVER_HELLO|no certificate has come yet
		--code -0x2700 --mbedtls banana|such as 3.6.3
		--code -0x2700 --mbedtls 3|such as 3.6.3
		--state 3 fixtures/log/untrusted.log|go with --code
	EOF
	run -1 "$TLSDIAG" log --code -0x7780 --alert-received 48 --role client --mbedtls 2.28
	run -1 "$TLSDIAG" log --code -0x2700 --state SERVER_CERTIFICATE
}

# What a report tells to put into the program is C that the library at hand takes: every expression that a piece of
# evidence is asked for with.
@test "the lines of C that a code asks for compile" {
	local c=$BATS_TEST_TMPDIR/ask.c flags
	local -a codes=(-0x2700 -0x7280 -0x7200 -0x7780 -0x7080 -0x7F00 -0x6C00 -0x4E00 -0x5D80)

	flags=$(grep -oE -- '(-I|-isystem )[^ ]*' "$BUILD/flags.txt" | tr '\n' ' ')
	{
		printf '#include <stdio.h>\n#include <string.h>\n'
		printf '#include "mbedtls/ssl.h"\n#include "mbedtls/debug.h"\n'
		printf '#include "mbedtls/platform_time.h"\n'
		printf 'void ask(mbedtls_ssl_context ssl)\n{\n'
		for code in "${codes[@]}"; do
			"$TLSDIAG" log --role client --code "$code" --json |
				jq -r '.diagnoses[]?.next_steps[]?' || true
		done >"$BATS_TEST_TMPDIR/steps"
		grep -oE 'printf\("%[^"]*", [^;,]*\)|mbedtls_[a-z_]*\([^()]*\)' "$BATS_TEST_TMPDIR/steps" |
			grep -v -e '()' -e '&conf' -e 'crt_parse' | sort -u >"$BATS_TEST_TMPDIR/lines"
		if grep -q MBEDTLS_PRIVATE /usr/include/mbedtls/*.h 2>/dev/null || [[ $flags == *3.6* ]]; then
			grep -v 'ssl\.state' "$BATS_TEST_TMPDIR/lines"
		else
			grep -v MBEDTLS_PRIVATE "$BATS_TEST_TMPDIR/lines"
		fi | sed 's/"NAME"/"x.example"/; s/^/\t/; s/$/;/'
		printf '}\n'
	} >"$c"
	grep -q get_verify_result "$c"
	grep -q state "$c"
	grep -q debug_set_threshold "$c"
	grep -q set_hostname "$c"
	# shellcheck disable=SC2086 # several options
	cc -Wall -Werror -Wno-unused-value $flags -c -o "$BATS_TEST_TMPDIR/ask.o" "$c" || (cat "$c" && false)
}
