#!/usr/bin/env bats
# `tlsdiag strerror`, `alert` and `explain`: the forms of their answers, and their manners.

load helpers

# on_terminal COMMAND: its output when both streams are a terminal.
on_terminal() {
	env -u NO_COLOR TERM=xterm script -qec "$1" /dev/null </dev/null
}

@test "every JSON answer fits the schema" {
	n=0
	while read -r -a words; do
		"$TLSDIAG" "${words[@]}" --json >"$BATS_TEST_TMPDIR/answer" || [ $? -eq 1 ]
		python3 tests/schema/validate.py lookup <"$BATS_TEST_TMPDIR/answer"
		n=$((n + 1))
	done <<-'END'
		strerror -0x4C80 4c81 0A000132 no-such-code CERT -132
		strerror NoKxGroupsInCommon 0x8017 -12286 permitted-subtree-violation
		strerror returned-19968 alert:(40) curl:(35)
		explain ecdsa_secp521r1_sha512 (0x0603) and secp384r1, key_share, ECDHE-RSA-AES128-GCM-SHA256
		explain alert 40
		explain 47
		alert ecdsa_secp521r1_sha512
		-0x4C80
		47
		alert
		alert 47
		alert none --after certificate
		alert 200
		alert 51 --from client --stack mbedTLS --after server_key_exchange
		alert --fault wrong-private-key
		alert --fault pt_offcurve --stack botan
		explain
		explain ec-arithmetic-broken
	END
	[ "$n" -eq 18 ]
}

@test "every page of every rule is shown within its lines" {
	n=0
	for id in $("$TLSDIAG" explain --json | jq -r '.pages[].id'); do
		run "$TLSDIAG" explain "$id"
		expect_status 0
		expect_output "$id"
		run env LC_ALL=C grep -nE '^.{81}|[^ -~]' <<<"$output"
		[ "$status" -eq 1 ] || {
			echo "$id: $output"
			return 1
		}
		n=$((n + 1))
	done
	[ "$n" -gt 0 ]
}

@test "every alert is shown, and the table holds it" {
	table=$("$TLSDIAG" alert)
	for code in $("$TLSDIAG" alert --json | jq '.alerts[].code'); do
		name=$("$TLSDIAG" alert "$code" --json | jq -r '.alerts[0].name')
		grep -qE "^ *$code +$name " <<<"$table"
		run "$TLSDIAG" alert "$name"
		expect_status 0
		expect_output "$code $name"
	done
}

@test "every command that an answer names is one of ours" {
	commands=$("$TLSDIAG" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p')
	"$TLSDIAG" strerror --json 4c80 0A000132 -330 |
		jq -r '.codes[].matches[].next_steps[]' >"$BATS_TEST_TMPDIR/next"
	[ -s "$BATS_TEST_TMPDIR/next" ]
	while read -r program command _; do
		[ "$program" = tlsdiag ]
		grep -qxF "$command" <<<"$commands"
	done <"$BATS_TEST_TMPDIR/next"
}

@test "a terminal gets colour, a pipe does not, and --color decides" {
	for words in 'strerror 4c80' 'alert 47' 'explain ca-not-trusted'; do
		run on_terminal "$TLSDIAG $words"
		[[ $output == *$'\033['* ]]
		run env TERM=xterm NO_COLOR=1 script -qec "$TLSDIAG $words" /dev/null
		[[ $output != *$'\033['* ]]
		# shellcheck disable=SC2086 # words
		run "$TLSDIAG" $words
		[[ $output != *$'\033'* ]]
		# shellcheck disable=SC2086 # words
		run "$TLSDIAG" $words --color=always
		[[ $output == *$'\033['* ]]
	done
}

@test "odd arguments neither crash nor reach the terminal" {
	long=$(printf 'a%.0s' {1..5000})
	for word in '' ' ' - -0 -0x -99999999999999999999 0x 'error:' ':' $'\033[2J' $'\xff\xfe' %s%n \
		flags 'flags zz' "$long" 00000000000000000000000000000000 +5 '--'; do
		for command in strerror alert explain; do
			run timeout 10 "$TLSDIAG" "$command" -- "$word"
			[ "$status" -le 2 ]
			[[ $output != *$'\033'* ]]
		done
		run timeout 10 "$TLSDIAG" strerror "$word"
		[ "$status" -le 2 ]
		for option in --stack --after --fault --from; do
			run timeout 10 "$TLSDIAG" alert 40 "$option" "$word"
			[ "$status" -le 2 ]
			[[ $output != *$'\033'* ]]
		done
	done
}

@test "a full disk under an answer is an error" {
	for words in 'strerror 4c80' 'alert --json' 'explain'; do
		run bash -c '"$TLSDIAG" '"$words"' >/dev/full'
		expect_status 3
		expect_output 'No space left on device'
	done
}
