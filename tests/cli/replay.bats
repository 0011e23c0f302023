#!/usr/bin/env bats
# `tlsdiag replay`: a captured hello, sent again to servers that others wrote, and to worse.

bats_require_minimum_version 1.5.0
load helpers
load ../live/servers
load ../live/probing

setup_file() {
	live_open
	live_openssl openssl good
	live_gnutls gnutls good
	live_openssl rsa rsa
	live_openssl expired expired -tls1_2
	live_openssl p256 good -groups P-256 -tls1_2
	live_openssl tls13 good -tls1_3
	live_openssl mutual good -Verify 1 -verify_return_error -CAfile "$CERTS/root.pem"
	live_misbehave silent close-after-hello reset-after-hello http ssh garbage half-record-close \
		alert-after-hello dribble:openssl starttls-smtp:openssl refuse-smtp proxy:openssl
	# A hello of our own that every good server answers, and one that asks for too much.
	hello_of openssl good.pcap
	hello_of p256 odd.pcap --groups secp521r1
	have_mbedtls_server || return 0
	live_mbedtls mbedtls good
	live_mbedtls stray good key_file="$CERTS/stray.key"
	hello_of stray stray.pcap
}

teardown_file() {
	live_close
}

setup() {
	good=$LIVE/good.pcap
	odd=$LIVE/odd.pcap
}

# hello_of NAME FILE [OPTION]...: the capture of a probe with TLS 1.2, in $LIVE.
hello_of() {
	local target file=$LIVE/$2
	target=localhost:$(live_port "$1")
	shift 2
	run tlsdiag probe --json --attempts 1 --max-version TLS1.2 --ca "$CERTS/root.pem" "$@" \
		--write-pcap "$file" "$target"
	[ "$status" -le 1 ] || { echo "$target: status $status: $output" && return 1; }
}

# again FILE NAME [OPTION]...: its hello, sent to that server.
again() {
	local file=$1 target
	target=localhost:$(live_port "$2")
	shift 2
	live_run replay --ca "$CERTS/root.pem" "$@" "$file" "$target"
}

needs_mbedtls_server() {
	have_mbedtls_server || skip 'no ssl_server2 here'
}

# hello_hex FILE: the first hello of a capture, record and all, as hex.
hello_hex() {
	tshark -r "$1" -d tcp.port==1-65535,tls -Y tls.handshake.type==1 -T fields -e tcp.payload 2>/dev/null | head -n 1
}

@test "a hello that was answered well is answered well again" {
	for server in openssl gnutls p256 dribble; do
		again "$good" "$server"
		expect_status 0
		expect_of .replay.verdict answers-as-then
		expect_of '.summary.errors' 0
	done
	needs_mbedtls_server
	again "$good" mbedtls
	expect_status 0
	expect_of .replay.verdict answers-as-then
}

@test "the hello goes out byte for byte" {
	again "$good" openssl --write-pcap "$BATS_TEST_TMPDIR/again.pcap"
	[ -n "$(hello_hex "$good")" ]
	[ "$(hello_hex "$BATS_TEST_TMPDIR/again.pcap")" = "$(hello_hex "$good")" ]
}

@test "a key that is not the certificate's shows in the answer alone" {
	needs_mbedtls_server
	again "$LIVE/stray.pcap" stray --times 3
	expect_cause wrong-private-key
	expect_of .replay.verdict fails-as-then
	expect_of '.handshakes | length' 3
}

@test "it fails as then, it answers well now, it fails only now" {
	again "$odd" p256
	expect_cause no-common-group
	expect_of .replay.verdict fails-as-then
	again "$odd" rsa
	expect_status 0
	expect_of .replay.verdict answers-well
	again "$good" alert-after-hello
	expect_status 1
	expect_of .replay.verdict fails-now
	again "$good" tls13
	expect_cause no-common-version
	expect_of .replay.verdict fails-now
}

@test "what the client did not like is judged as well" {
	again "$good" expired
	expect_status 1
	expect_of '.diagnoses[0].id' certificate-expired
	again "$good" openssl --name device.example
	expect_status 1
	expect_of '.diagnoses[0].id' name-mismatch
}

@test "the forum's hellos get through at a server that is well" {
	for n in 1 2; do
		again fixtures/forum/forum.pcap openssl --handshake $n
		expect_status 0
		expect_of .replay.verdict answers-well
	done
	again fixtures/forum/forum.pcap openssl --handshake 3
	expect_status 3
}

@test "hellos of every stack and kind are answered, and told in good form" {
	n=0
	servers=(openssl gnutls)
	for capture in fixtures/healthy/*/capture.pcap; do
		again "$capture" "${servers[n % 2]}" --timeout 2
		case $(of_report .replay.verdict) in
		answers-hidden | refused-then) expect_status 4 ;;
		*) [ "$status" -le 1 ] || expect_status 1 ;;
		esac
		expect_of '.replay.now | length' 1
		n=$((n + 1))
	done
	[ "$n" -ge 20 ]
}

@test "what is no TLS server" {
	while read -r server id; do
		again "$good" "$server" --timeout 1
		expect_cause "$id"
		expect_of .replay.verdict fails-now
	done <<-'END'
		silent server-silent
		close-after-hello peer-closed
		half-record-close peer-closed
		reset-after-hello connection-reset
		http plain-http
		ssh not-tls
		garbage not-tls
	END
}

@test "a target that is not reached, a file that is none" {
	live_run replay "$good" "localhost:$(free_port)"
	expect_status 3
	expect_of '.diagnoses[0].id' connection-refused
	live_run replay "$good" no-such-host.invalid
	expect_status 3
	live_run replay no-such-file.pcap "localhost:$(live_port openssl)"
	expect_status 3
	live_run replay README.md "localhost:$(live_port openssl)"
	expect_status 3
	[ ! -s "$BATS_TEST_TMPDIR/talk.pcap" ]
}

@test "a command line that cannot be" {
	for words in '' "$good" "$good localhost extra" "--times 0 $good localhost" "--handshake x $good localhost" \
		"$good localhost:0" "--starttls gopher $good localhost"; do
		# shellcheck disable=SC2086 # words
		run tlsdiag replay $words
		expect_status 2
	done
}

@test "a hello of its own, as bytes and as hex" {
	hello_hex "$good" >"$BATS_TEST_TMPDIR/stream"
	sed 's/../&\n/g' "$BATS_TEST_TMPDIR/stream" | sed '/^$/d; s/.*/\\x&/' | tr -d '\n' >"$BATS_TEST_TMPDIR/escaped"
	printf '%b' "$(<"$BATS_TEST_TMPDIR/escaped")" >"$BATS_TEST_TMPDIR/bytes"
	od -A x -t x1z "$BATS_TEST_TMPDIR/bytes" >"$BATS_TEST_TMPDIR/od"
	for file in stream bytes od; do
		again "$BATS_TEST_TMPDIR/$file" openssl --write-pcap "$BATS_TEST_TMPDIR/again.pcap"
		expect_status 0
		expect_of .replay.verdict answers-well
		[ "$(hello_hex "$BATS_TEST_TMPDIR/again.pcap")" = "$(<"$BATS_TEST_TMPDIR/stream")" ]
	done
}

@test "the hello of a log, compressed or not, goes out byte for byte" {
	gzip -c "$good" >"$BATS_TEST_TMPDIR/good.pcap.gz"
	tshark -r "$good" -x >"$BATS_TEST_TMPDIR/frames" 2>/dev/null
	gzip -c "$BATS_TEST_TMPDIR/frames" >"$BATS_TEST_TMPDIR/frames.gz"
	for file in good.pcap.gz frames frames.gz; do
		again "$BATS_TEST_TMPDIR/$file" openssl --write-pcap "$BATS_TEST_TMPDIR/again.pcap"
		expect_status 0
		expect_of .replay.verdict answers-as-then
		[ "$(hello_hex "$BATS_TEST_TMPDIR/again.pcap")" = "$(hello_hex "$good")" ]
	done
	again fixtures/log/well.log openssl --handshake 1 --write-pcap "$BATS_TEST_TMPDIR/again.pcap"
	sent=$(hello_hex "$BATS_TEST_TMPDIR/again.pcap")
	random=$(sed -n "/'client hello, random bytes'/,+2s/.*00[01]0:  \(.\{47\}\).*/\1/p" fixtures/log/well.log | tr -d ' \n')
	[ "${#random}" = 64 ]
	[[ $sent == *$random* ]]
}

# What TLS 1.3 hides of the captured answer is there with its keys: what the new one hides has none where the hello is
# somebody else's, and ours where it is not.
@test "the keys of the capture open what it is held against" {
	again fixtures/keyed/tls13/capture.pcap openssl
	expect_of .replay.then.certificate null
	again fixtures/keyed/tls13/capture.pcap openssl --keylog fixtures/keyed/tls13/keys.log --as-is
	expect_of '.replay.then.certificate | startswith("CN=server.example")' true
	expect_of '.input.problems | length' 0
	expect_of .replay.now[0].certificate null
	expect_of .replay.rekeyed false
	again fixtures/keyed/tls13/capture.pcap openssl --keylog fixtures/keyed/tls13/keys.log --times 2
	expect_of .replay.rekeyed true
	expect_of '.replay.now | length' 2
	expect_of '.replay.now[0].certificate | startswith("CN=localhost")' true
	expect_of '.replay.now[0].signature' valid
	expect_of '[.handshakes[].outcome] | unique[0]' completed
	expect_of '[.handshakes[].client_random] | unique | length' 2
}

@test "a hello goes on with keys of our own" {
	again "$good" openssl --rekeyed
	expect_status 0
	expect_of .replay.verdict answers-as-then
	expect_of '.handshakes[0] | [.outcome, .version, .cipher_suite.name] | join(" ")' \
		"completed TLS1.2 $(tlsdiag pcap --all --json "$good" | jq -r '.handshakes[0].cipher_suite.name')"
	again fixtures/keyed/tls13/capture.pcap mutual
	expect_status 1 # and the diagnosis says what is missing
	expect_of .replay.verdict wants-certificate
	again fixtures/keyed/tls13/capture.pcap mutual --cert "$CERTS/client.pem" --key "$CERTS/client.key"
	expect_status 0
	expect_of '.handshakes[0] | [.outcome, .version] | join(" ")' 'completed TLS1.3'
	run -2 tlsdiag replay --as-is --cert "$CERTS/client.pem" --key "$CERTS/client.key" "$good" localhost:1
	run -2 tlsdiag replay --key "$CERTS/client.key" "$good" localhost:1
	again fixtures/keyed/tls13/capture.pcap tls13 --rekeyed --as-is # the last one counts
	expect_of .replay.rekeyed false
	printf '\x16\x03\x01\x00\x06\x01\x00\x00\x02\x03\x03' >"$BATS_TEST_TMPDIR/cut.bin"
	run -3 tlsdiag replay --rekeyed "$BATS_TEST_TMPDIR/cut.bin" "localhost:$(live_port tls13)"
}

@test "after STARTTLS, and through a proxy" {
	again "$good" starttls-smtp --starttls smtp
	expect_status 0
	again "$good" openssl --proxy "localhost:$(live_port proxy)"
	expect_status 0
	again "$good" refuse-smtp --starttls smtp
	expect_status 3
	expect_output '454 4.7.0'
}

@test "a capture of the replay gives the same diagnoses" {
	for server in expired p256 http close-after-hello; do
		again "$odd" "$server" --timeout 1 --write-pcap "$BATS_TEST_TMPDIR/again.pcap"
		before=$(of_report '[.diagnoses[].id] | join(" ")')
		told pcap --json --ca "$CERTS/root.pem" "$BATS_TEST_TMPDIR/again.pcap"
		expect_of '[.diagnoses[].id] | join(" ")' "$before"
	done
}

@test "the JSON fits the schema" {
	for server in openssl silent; do
		again "$good" "$server" --timeout 1
		fits_schema document
	done
}

@test "a report for people keeps to 80 columns" {
	run tlsdiag replay --ca "$CERTS/root.pem" "$odd" "localhost:$(live_port p256)"
	expect_status 1
	expect_output 'fails now as it did then'
	run env LC_ALL=C grep -nE '^.{81}|[^ -~]| $' <<<"$output"
	expect_status 1
}
