#!/usr/bin/env bats
# What a CI job relies on: --junit, --sarif, --fail-on, and files that are whole or not there.

load helpers

setup() {
	forum=fixtures/forum/forum.pcap
	ca=fixtures/forum/ca.pem
	out=$BATS_TEST_TMPDIR
}

# results FILE: its cases as lines of "suite name result message".
results() {
	python3 tests/schema/junit.py "$1"
}

# has CASES SUITE NAME RESULT
has() {
	cut -f 1-3 <<<"$1" | grep -qxF "$2"$'\t'"$3"$'\t'"$4" && return 0
	printf 'no case %s %s %s in:\n%s\n' "$2" "$3" "$4" "$1"
	return 1
}

@test "both reports of every capture are well-formed, and JUnit says what the exit status does" {
	n=0
	for capture in fixtures/*/*.pcap* fixtures/rules/*/fail/*.pcap; do
		n=$((n + 1))
		status=0
		"$TLSDIAG" pcap --verify=none "$capture" --junit "$out/$n.xml" --sarif "$out/$n.sarif" \
			>/dev/null 2>&1 || status=$?
		case $status in
		0) grep -c '<testcase .*name="handshakes-completed".*/>' "$out/$n.xml" ;;
		1) grep -c '<failure ' "$out/$n.xml" ;;
		3) grep -c '<error ' "$out/$n.xml" ;;
		4) grep -c '<skipped message="there was nothing to judge"' "$out/$n.xml" ;;
		*) false ;;
		esac || {
			echo "$capture ends with $status"
			return 1
		}
	done
	[ "$n" -gt 100 ]
	python3 tests/schema/junit.py "$out"/*.xml >/dev/null
	python3 tests/schema/sarif.py "$out"/*.sarif >/dev/null
}

@test "a healthy server has no case that fails" {
	for folder in fixtures/healthy/*/; do
		"$TLSDIAG" pcap "$folder/capture.pcap" --ca "$folder/ca.pem" \
			--junit "$out/$(basename "$folder").xml" >/dev/null
	done
	cases=$(python3 tests/schema/junit.py "$out"/*.xml)
	[ "$(grep -c $'\thandshakes-completed\tpassed\t' <<<"$cases")" -gt 10 ]
	run grep -E $'\t(failed|broken)\t' <<<"$cases"
	expect_status 1
}

@test "a server that fails shows its cause, and its checks over all handshakes" {
	run "$TLSDIAG" pcap "$forum" --ca "$ca" --junit "$out/junit.xml"
	expect_status 1
	cases=$(results "$out/junit.xml")
	has "$cases" "192.0.2.254:4433 (localhost)" ec-arithmetic-broken failed
	has "$cases" "192.0.2.254:4433 (localhost)" ske-point-on-curve failed
	has "$cases" "192.0.2.254:4433 (localhost)" chain-trusted passed
	has "$cases" "192.0.2.254:4433 (localhost)" key-matches-certificate skipped
	[ "$(grep -c ske-point-on-curve <<<"$cases")" -eq 1 ]
}

@test "reports beside it leave the report on standard output as it is" {
	for form in --color=never --json --ndjson; do
		"$TLSDIAG" pcap --deep 0 $form "$forum" >"$out/alone" || [ $? -eq 1 ]
		"$TLSDIAG" pcap --deep 0 $form "$forum" --junit "$out/j" --sarif "$out/s" \
			>"$out/beside" || [ $? -eq 1 ]
		cmp "$out/alone" "$out/beside"
	done
}

@test "a name that is no plain text is a URI in SARIF" {
	name=$out/$'a b%c:d\xff\xc3\xbc.pcap'
	cp "$forum" "$name"
	"$TLSDIAG" pcap --deep 0 "$name" --sarif "$out/a.sarif" >/dev/null || [ $? -eq 1 ]
	python3 tests/schema/sarif.py "$out/a.sarif" >"$out/results"
	[ "$(cut -f 3 "$out/results" | head -n 1)" = "$name" ]
}

@test "names that a peer sent break neither report" {
	sed 's/localhost/<]]>"\&\x1b\xff\x07/g' "$forum" >"$out/hostile.pcap"
	"$TLSDIAG" pcap --deep 0 "$out/hostile.pcap" --ca "$ca" --name '<&">' --junit "$out/junit.xml" \
		--sarif "$out/a.sarif" >/dev/null || [ $? -eq 1 ]
	results "$out/junit.xml" >/dev/null
	python3 tests/schema/sarif.py "$out/a.sarif" >/dev/null
	run grep -q $'\033' "$out/junit.xml" "$out/a.sarif"
	expect_status 1
}

@test "files that are checked give a suite each, and results with their lines" {
	status=0
	"$TLSDIAG" check fixtures/check/ --at 2025-01-01 --junit "$out/junit.xml" \
		--sarif "$out/a.sarif" >/dev/null || status=$?
	expect_status 1
	cases=$(results "$out/junit.xml")
	has "$cases" fixtures/check/broken.c key-file-unusable failed
	has "$cases" fixtures/check/line-lost.pem certificate-well-formed failed
	python3 tests/schema/sarif.py "$out/a.sarif" |
		grep -qxF $'key-file-unusable\terror\tfixtures/check/broken.c\t47'
}

@test "files that are sound give cases that pass" {
	"$TLSDIAG" check fixtures/check/pair --at 2025-01-01 --junit "$out/junit.xml" >/dev/null
	cases=$(results "$out/junit.xml")
	has "$cases" input files-found passed
	has "$cases" fixtures/check/pair/server.pem key-matches-certificate passed
	run grep -E $'\t(failed|broken)\t' <<<"$cases"
	expect_status 1
}

@test "what cannot be read is an error in JUnit and ends the run of SARIF without success" {
	for command in pcap check; do
		run "$TLSDIAG" "$command" no-such-file --junit "$out/junit.xml" --sarif "$out/a.sarif"
		expect_status 3
		has "$(results "$out/junit.xml")" input read-to-the-end broken
		python3 tests/schema/sarif.py "$out/a.sarif"
		[ "$(jq '.runs[0].invocations[0].executionSuccessful' "$out/a.sarif")" = false ]
		rm "$out"/*
	done
}

@test "--fail-on=warning makes a warning a failure, for the exit status and for JUnit" {
	key=fixtures/check/key-aes.pem
	for severity in error:0:passed warning:1:failed; do
		IFS=: read -r word code result <<<"$severity"
		run "$TLSDIAG" check --key "$key" --fail-on="$word" --junit "$out/junit.xml"
		expect_status "$code"
		run grep -F $'\tkey-file-unusable\tfailed\t' <(results "$out/junit.xml")
		[ "$result" = failed ] || expect_status 1
		[ "$result" = passed ] || expect_status 0
	done
	capture=fixtures/rules/ephemeral-key-repeats/fail
	run "$TLSDIAG" pcap "$capture/capture.pcap" --ca "$capture/ca.pem"
	expect_status 0
	run "$TLSDIAG" pcap "$capture/capture.pcap" --ca "$capture/ca.pem" --fail-on warning \
		--junit "$out/junit.xml"
	expect_status 1
	results "$out/junit.xml" | grep -q $'\tephemeral-key-repeats\tfailed\t'
}

@test "a report that cannot be written is told before the work begins" {
	for words in "pcap --deep 0 $forum" 'check fixtures/check/pair'; do
		read -ra command <<<"$words"
		run "$TLSDIAG" "${command[@]}" --junit "$out/no-such-folder/junit.xml"
		expect_status 3
		[ "${#lines[@]}" -eq 1 ]
		expect_output "tlsdiag: cannot write '$out/no-such-folder/junit.xml': No such file"
		run "$TLSDIAG" "${command[@]}" --sarif -
		expect_status 2
		run "$TLSDIAG" "${command[@]}" --junit "$out/a" --sarif "$out/a"
		expect_status 2
		run "$TLSDIAG" "${command[@]}" --fail-on never
		expect_status 2
		expect_output '--fail-on takes error or warning'
	done
	[ -z "$(ls "$out")" ]
}

@test "a full disk under a report is an error, and no report is left" {
	for words in "pcap --deep 0 $forum" 'check fixtures/check/pair'; do
		read -ra command <<<"$words"
		run "$TLSDIAG" "${command[@]}" --junit "$out/junit.xml" --sarif /dev/full
		expect_status 3
		expect_output "cannot write '/dev/full': No space left on device"
		[ ! -e "$out/junit.xml" ]
	done
}

# holds_unnamed PID: has the process opened its report, which has no name yet?
holds_unnamed() {
	find "/proc/$1/fd" -lname "$out/* (deleted)" 2>/dev/null | grep -q .
}

# within SECONDS COMMAND...: it becomes true in time.
within() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.05
	done
}

# is_gone PID
is_gone() {
	! kill -0 "$1" 2>/dev/null
}

@test "a run that is ended by a signal leaves the report that was there" {
	echo old >"$out/junit.xml"
	mkfifo "$out/never-ending"
	unnamed=
	for signal in INT TERM HUP KILL; do
		env --default-signal=INT "$TLSDIAG" pcap - --junit "$out/junit.xml" \
			<>"$out/never-ending" >/dev/null 2>&1 3>&- &
		pid=$!
		within 10 holds_unnamed "$pid" || unnamed=no
		kill -s "$signal" "$pid" # fails when it is not there
		[ -z "$unnamed" ] || skip 'the file system knows no files without a name'
		within 20 is_gone "$pid" || kill -s KILL "$pid"
		wait "$pid" || [ $? -eq $((128 + $(kill -l "$signal"))) ]
		[ "$(cat "$out/junit.xml")" = old ]
		[ "$(find "$out" -mindepth 1 | wc -l)" -eq 2 ]
	done
}

@test "a live server gives the same reports, with its expectations" {
	pair=fixtures/check/pair
	openssl s_server -tls1_2 -accept 127.0.0.1:0 -cert "$pair/server.pem" -cert_chain "$pair/sub.pem" \
		-key "$pair/server.key" -www >"$out/said" 2>&1 3>&- </dev/null &
	server=$!
	within 20 grep -q '^ACCEPT' "$out/said"
	port=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' "$out/said")
	run "$TLSDIAG" probe "127.0.0.1:$port" --ca "$pair/root.pem" --name device.example \
		--at 2026-01-01 --attempts 1 --expect version=TLS1.2 --expect version=TLS1.0 \
		--junit "$out/junit.xml" --sarif "$out/a.sarif"
	kill "$server" 2>/dev/null || true
	wait "$server" || true
	expect_status 1
	cases=$(results "$out/junit.xml")
	has "$cases" "127.0.0.1:$port" handshakes-completed passed
	has "$cases" "127.0.0.1:$port" chain-trusted passed
	has "$cases" "127.0.0.1:$port" 'expect version=TLS1.2' passed
	has "$cases" "127.0.0.1:$port" 'expect version=TLS1.0' failed
	python3 tests/schema/sarif.py "$out/a.sarif"
}

@test "a server that is not there is an error in JUnit, and has its diagnosis" {
	run "$TLSDIAG" probe 127.0.0.1:1 --junit "$out/junit.xml" --sarif "$out/a.sarif"
	expect_status 3
	cases=$(results "$out/junit.xml")
	has "$cases" input read-to-the-end broken
	has "$cases" 127.0.0.1:1 connection-refused failed
	[ "$(python3 tests/schema/sarif.py "$out/a.sarif" | cut -f 1,3)" = $'connection-refused\t127.0.0.1:1' ]
}

@test "a report can go through a pipe" {
	"$TLSDIAG" pcap --deep 0 "$forum" --junit >(cat >"$out/junit.xml") >/dev/null || [ $? -eq 1 ]
	for _ in {1..50}; do
		grep -q '</testsuites>' "$out/junit.xml" && break
		sleep 0.1
	done
	results "$out/junit.xml" >/dev/null
	"$TLSDIAG" pcap --deep 0 "$forum" --sarif /dev/fd/3 3>"$out/a.sarif" >/dev/null || [ $? -eq 1 ]
	python3 tests/schema/sarif.py "$out/a.sarif" >/dev/null
}
