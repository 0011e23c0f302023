#!/usr/bin/env bats
# `tlsdiag pcap`: the forms of its report, and its manners towards terminals, pipes and disks.

load helpers

setup() {
	forum=fixtures/forum/forum.pcap
	ca=fixtures/forum/ca.pem
}

# on_terminal COMMAND: its output when both streams are a terminal.
on_terminal() {
	env -u NO_COLOR TERM=xterm script -qec "$1" /dev/null </dev/null
}

@test "every JSON document fits the schema" {
	for capture in "$forum" fixtures/capture/*.pcap*; do
		"$TLSDIAG" pcap --json --ca "$ca" "$capture" 2>/dev/null |
			python3 tests/schema/validate.py document
	done
}

@test "every line of JSON fits the schema" {
	for capture in "$forum" fixtures/capture/*.pcap*; do
		"$TLSDIAG" pcap --ndjson "$capture" 2>/dev/null |
			python3 tests/schema/validate.py ndjson
	done
}

# same FILE FILE: both hold something, and the same.
same() {
	[ -s "$1" ] && diff "$1" "$2"
}

@test "both forms of JSON hold the same" {
	cd "$BATS_TEST_TMPDIR"
	"$TLSDIAG" pcap --json "$OLDPWD/$forum" >document || [ $? -eq 1 ]
	"$TLSDIAG" pcap --ndjson "$OLDPWD/$forum" >lines || [ $? -eq 1 ]
	jq -S '.handshakes[]' document >handshakes-1
	jq -S 'select(.summary | not) | del(.schema)' lines >handshakes-2
	same handshakes-1 handshakes-2
	jq -S 'del(.handshakes)' document >closing-1
	jq -S 'select(.summary)' lines >closing-2
	same closing-1 closing-2
}

@test "a run gives the same report again" {
	for i in 1 2; do
		"$TLSDIAG" pcap --json "$forum" >"$BATS_TEST_TMPDIR/$i" || [ $? -eq 1 ]
	done
	same "$BATS_TEST_TMPDIR/1" "$BATS_TEST_TMPDIR/2"
}

@test "the report is plain text of 80 columns where there is no terminal" {
	run "$TLSDIAG" pcap --ca "$ca" "$forum"
	expect_status 1
	expect_output FAIL
	run env LC_ALL=C grep -nE '^.{81}|[^ -~]| $' <<<"$output"
	expect_status 1
}

@test "a terminal gets colour, and no progress for what is quick" {
	run on_terminal "$TLSDIAG pcap $forum"
	expect_output $'\033[1;31mFAIL'
	[[ $output != *packets,* ]]
}

@test "NO_COLOR, TERM=dumb and --color=never switch colour off" {
	run env TERM=xterm NO_COLOR=1 script -qec "$TLSDIAG pcap --deep 0 $forum" /dev/null
	expect_output FAIL
	[[ $output != *$'\033'* ]]
	run env -u NO_COLOR TERM=dumb script -qec "$TLSDIAG pcap --deep 0 $forum" /dev/null
	[[ $output != *$'\033'* ]]
	run on_terminal "$TLSDIAG pcap --deep 0 --color=never $forum"
	[[ $output != *$'\033'* ]]
}

@test "--color=always colours a pipe" {
	run "$TLSDIAG" pcap --deep 0 --color=always "$forum"
	expect_output $'\033[1;31mFAIL'
}

@test "a full disk under the report is an error" {
	for form in --color=never --json --ndjson; do
		run bash -c '"$TLSDIAG" pcap --deep 0 '"$form $forum"' >/dev/full'
		expect_status 3
		expect_output 'tlsdiag: cannot write to standard output: No space left on device'
		[ "${#lines[@]}" -eq 1 ]
	done
}

@test "a reader that goes away ends the run without a complaint" {
	run bash -c '"$TLSDIAG" pcap --deep 0 --json '"$forum"' 2>&1 >&3 | cat' 3> >(true)
	[ -z "$output" ]
	run bash -c 'trap "" PIPE; sleep 0.2 | "$TLSDIAG" pcap --deep 0 --json '"$forum"' 2>&1 >&3 | cat' 3> >(true)
	[ -z "$output" ]
}

@test "handshakes of a pipe are told while it is open" {
	run bash -c '(cat '"$forum"'; sleep 4) | timeout 3 "$TLSDIAG" pcap --ndjson - |
		head -n 1 | jq .id'
	expect_output 1
}

@test "names that a peer sent cannot steer the terminal" {
	sed 's/localhost/ab\x1b[2Jab\n/g' "$forum" >"$BATS_TEST_TMPDIR/hostile.pcap"
	run "$TLSDIAG" pcap --deep 0 "$BATS_TEST_TMPDIR/hostile.pcap"
	expect_output 'SNI ab\x1b[2Jab\x0a'
	[[ $output != *$'\033'* ]]
	"$TLSDIAG" pcap --deep 0 --json "$BATS_TEST_TMPDIR/hostile.pcap" | python3 tests/schema/validate.py document
	run "$TLSDIAG" pcap $'no\033[2Jfile'
	[[ $output != *$'\033'* ]]
}

@test "a private key is never shown" {
	openssl ecparam -name prime256v1 -genkey -noout -out "$BATS_TEST_TMPDIR/key.pem"
	scalar=$(openssl asn1parse -in "$BATS_TEST_TMPDIR/key.pem" |
		sed -n 's/.*OCTET STRING.*\[HEX DUMP\]:\([0-9A-F]*\).*/\1/p' | tr 'A-F' 'a-f')
	[ ${#scalar} -eq 64 ]
	run "$TLSDIAG" pcap --deep 0 --json --key "$BATS_TEST_TMPDIR/key.pem" "$forum"
	expect_status 1
	[[ $output != *"$scalar"* ]]
}

@test "every option is in the manual page and in the completions" {
	n=0
	while read -r name; do
		for file in docs/man/tlsdiag-pcap.1 completions/tlsdiag.bash completions/_tlsdiag \
			completions/tlsdiag.fish; do
			grep -qE -- "(--|Fl Fl |-l )$name([^a-z-]|$)" "$file" || {
				echo "$file lacks --$name"
				return 1
			}
		done
		n=$((n + 1))
	done < <("$TLSDIAG" pcap --help | sed -n 's/^ .* --\([a-z-]*\)\( .*\|$\)/\1/p')
	[ "$n" -gt 10 ]
}

@test "bash completes options, values and files" {
	complete_words() {
		bash -c 'source completions/tlsdiag.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
			_tlsdiag; printf "%s\n" "${COMPREPLY[@]}"' _ "$@"
	}
	run complete_words tlsdiag pcap --ver
	expect_output --verify
	run complete_words tlsdiag pcap --verify a
	expect_output 'auto all'
	run complete_words tlsdiag pcap fixtures/forum/for
	expect_output fixtures/forum/forum.pcap
}
