#!/usr/bin/env bats
# What is said of commands and options in more than one place: the help, the manual pages, the
# completions, and the command lines that reports and pages name.

load helpers

commands() {
	"$TLSDIAG" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'
}

# A loop over no commands would prove anything.
setup() {
	[ "$(commands | wc -l)" -ge 7 ]
}

# options_of COMMAND: the long options in its help, sorted.
options_of() {
	"$TLSDIAG" "$1" --help | sed -n '/^Examples:/q; s/^  \(-.,\|   \) --\([a-z0-9-]*\).*/\2/p' | sort
}

# complete_words WORD...: what bash completes for the last one.
complete_words() {
	bash -c 'source completions/tlsdiag.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
		_tlsdiag; printf "%s\n" "${COMPREPLY[@]}"' _ "$@"
}

# completed_by_zsh COMMAND, completed_by_fish COMMAND: the long options, sorted.
completed_by_zsh() {
	sed -n "/^_tlsdiag_$1()/,/^}/p" completions/_tlsdiag |
		sed -nE "s/.*--([a-z0-9-]+)((=-?)?\[|\}').*/\1/p" | sort
}
completed_by_fish() {
	fish --no-config -c "source completions/tlsdiag.fish; complete -C 'tlsdiag $1 --'" |
		sed -n 's/^--\([a-z0-9-]*\).*/\1/p' | sort
}

# same WHAT WANTED GOT
same() {
	diff <(echo "$2") <(echo "$3") || {
		echo "$1: < is in the help, > is there"
		return 1
	}
}

@test "every command is in the manual page and in the completions" {
	for command in $(commands); do
		grep -qxF ".It Ic $command" docs/man/tlsdiag.1
		grep -qxF ".Xr tlsdiag-$command 1 ," <(sed 's/ 1$/ 1 ,/' docs/man/tlsdiag.1)
		complete_words tlsdiag '' | grep -qxF "$command"
		complete_words tlsdiag help '' | grep -qxF "$command"
		grep -qF "$command) _tlsdiag_$command ;;" completions/_tlsdiag
		grep -qF "__fish_use_subcommand -a $command -d" completions/tlsdiag.fish
	done
}

@test "every option, and no other, is in the manual page and in the completions" {
	for command in $(commands); do
		wanted=$(options_of "$command")
		[ "$(wc -l <<<"$wanted")" -ge 3 ]
		same "docs/man/tlsdiag-$command.1" "$wanted" "$(
			sed -nE 's/^\.It (Fl [A-Za-z0-9] , )?Fl Fl ([a-z0-9-]+).*/\2/p' "docs/man/tlsdiag-$command.1" | sort
		)"
		same "bash, $command" "$wanted" "$(complete_words tlsdiag "$command" -- | sed 's/^--//' | sort)"
		same "zsh, $command" "$wanted" "$(completed_by_zsh "$command")"
		for name in $wanted; do
			grep -qE -- " -l $name( |$)" completions/tlsdiag.fish || {
				echo "completions/tlsdiag.fish lacks --$name"
				return 1
			}
		done
	done
}

@test "fish completes every option, and no other" {
	command -v fish >/dev/null || skip 'no fish here'
	for command in $(commands); do
		same "fish, $command" "$(options_of "$command")" "$(completed_by_fish "$command")"
	done
}

@test "the completions parse" {
	bash -n completions/tlsdiag.bash
	! command -v zsh >/dev/null || zsh -n completions/_tlsdiag
	! command -v fish >/dev/null || fish --no-execute completions/tlsdiag.fish
}

@test "the help of every command fits 80 columns" {
	for command in $(commands); do
		run grep -nE '^.{81}' <("$TLSDIAG" "$command" --help)
		expect_status 1
	done
}

@test "every key of an expectation is explained and completed" {
	run "$TLSDIAG" probe --expect no-such-key=1 localhost
	expect_status 2
	keys=${output#*but }
	keys=${keys%%$'\n'*}
	n=0
	for key in ${keys//,/}; do
		grep -qE "^\.It Cm $key( Pq \*)?$" docs/man/tlsdiag-probe.1
		complete_words tlsdiag probe --expect '' | grep -qxF "$key="
		sed -n '/^_tlsdiag_keys=(/,/)/p' completions/_tlsdiag | grep -qE "[( 	]$key([ )]|$)"
		sed -n '/^set -l expect/,/[^\\]$/p' completions/tlsdiag.fish | grep -qE " $key="
		n=$((n + 1))
	done
	[ "$n" -ge 16 ]
}

@test "every protocol of STARTTLS is explained and completed" {
	for command in probe replay; do
		protocols=$("$TLSDIAG" "$command" --help | tr -s ' \n' ' ' | sed 's/.*begin in the clear: \([a-z0-9, ]*\) --proxy.*/\1/')
		[ "$(wc -w <<<"$protocols")" -ge 8 ]
		for protocol in ${protocols//,/}; do
			grep -qxE "\.Cm $protocol" "docs/man/tlsdiag-$command.1"
			complete_words tlsdiag "$command" --starttls '' | grep -qxF "$protocol"
		done
		for file in _tlsdiag tlsdiag.fish; do
			grep -qF "${protocols//,/}" "completions/$file"
		done
	done
}

@test "the names of TLS that are completed are known" {
	for option in suites groups sigalgs; do
		n=0
		for name in $(complete_words tlsdiag probe "--$option" ''); do
			run "$TLSDIAG" probe "--$option" "$name" --help
			expect_status 0
			grep -qw "$name" completions/_tlsdiag
			grep -qw "$name" completions/tlsdiag.fish
			n=$((n + 1))
		done
		[ "$n" -gt 3 ]
	done
	for version in $(complete_words tlsdiag probe --min-version ''); do
		run "$TLSDIAG" probe --min-version "$version" --help
		expect_status 0
	done
}

@test "bash completes ids, alerts, options and values" {
	run complete_words tlsdiag str
	expect_output strerror
	run complete_words "$TLSDIAG" explain ca-not
	expect_output ca-not-trusted
	run complete_words "$TLSDIAG" alert --fault ca-not
	expect_output ca-not-trusted
	run complete_words "$TLSDIAG" alert unknown_
	expect_output unknown_ca
	run complete_words tlsdiag alert --stack mb
	expect_output mbedTLS
	run complete_words tlsdiag alert --fr
	expect_output --from
	run complete_words tlsdiag strerror --color a
	expect_output 'auto always'
}

@test "bash completes lists, values behind = and what is expected" {
	while IFS='|' read -r words wanted; do
		read -r -a words <<<"$words"
		run complete_words tlsdiag "${words[@]}"
		[ "$(xargs <<<"$output")" = "$wanted" ] || {
			echo "${words[*]}: '$output', expected '$wanted'"
			return 1
		}
	done <<-'END'
		probe --groups x25519,secp2|x25519,secp256r1 x25519,secp256k1
		probe --alpn mqtt,|mqtt,h2 mqtt,http/1.1 mqtt,mqtt
		probe --starttls = s|smtp
		probe --max-version TLS1.3|TLS1.3
		probe --expect day|days-left=
		probe --expect outcome =|completed failed incomplete
		probe --expect version = TLS1.2|TLS1.2
		probe --expect = resumed = t|true
		probe --expect version = TLS1.2 --att|--attempts
		replay --hand|--handshake
		replay README|README.md
		pcap --verify = no|none
	END
}

# command_lines: those that the texts name, one on each line. The program holds its own: next steps,
# examples, and the pages behind the ids. Lines of a page may be broken inside a command.
command_lines() {
	local word
	word=$(commands | paste -sd '|')
	{
		LC_ALL=C grep -aoE '[ -~]+' "$TLSDIAG"
		cat README.md docs/*.md
		for file in README.md docs/*.md docs/rules/*.md; do
			tr '\n' ' ' <"$file" | grep -oE '`tlsdiag [^`]*`' || :
		done
		cat docs/man/*.1
	} | grep -oE "tlsdiag +($word)( [^|\`]*)?"
}

@test "every command line that the texts name has only options that there are" {
	for command in $(commands); do
		options_of "$command" | sed "s/^/$command --/"
	done >"$BATS_TEST_TMPDIR/known"
	command_lines | sort -u >"$BATS_TEST_TMPDIR/lines"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/lines")" -ge 50 ]
	while read -r _ command rest; do
		while read -r option; do
			grep -qxF -- "$command $option" "$BATS_TEST_TMPDIR/known" || {
				echo "no option $option: tlsdiag $command $rest"
				return 1
			}
		done < <(grep -oE -- '(^| )--[a-z][a-z0-9-]*' <<<"$rest")
	done <"$BATS_TEST_TMPDIR/lines"
}
