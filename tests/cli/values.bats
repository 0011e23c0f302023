#!/usr/bin/env bats
# What the values of options may be, what is made of them, and how one that cannot be is told.

load helpers

pair=fixtures/check/pair/server.pem # valid from 2024-01-01T00:00:00Z to 2049-12-31T00:00:00Z

# status_at TIME: of the check of dates.
status_at() {
	tlsdiag check --json --at "$1" "$pair" |
		jq -r '.credentials[0].checks[] | select(.id == "chain-dates").status'
}

# refused TEXT ARGUMENT...: a wrong command line, told with this text and on nothing else.
refused() {
	local text=$1
	shift
	run tlsdiag "$@"
	[ "$status" -eq 2 ] && [ "${lines[0]}" = "tlsdiag: $text" ] && return 0
	printf '%q ' "$@"
	printf '\nstatus %s, %s\nexpected: %s\n' "$status" "$output" "tlsdiag: $text"
	return 1
}

@test "--at: the first second of a certificate, in every way to write it" {
	while IFS='|' read -r before first; do
		[ "$(status_at "$before")" = fail ] || { echo "before: $before"; return 1; }
		[ "$(status_at "$first")" = pass ] || { echo "first: $first"; return 1; }
	done <<-'END'
		2023-12-31|2024-01-01
		2023-12-31T23:59:59Z|2024-01-01T00:00:00Z
		2023-12-31t23:59:59z|2024-01-01t00:00:00z
		2023-12-31 23:59:59.999Z|2024-01-01 00:00:00.000Z
		2024-01-01T01:29:59+01:30|2024-01-01T01:30:00+01:30
		2023-12-31T15:59:59-08:00|2023-12-31T16:00:00-08:00
		2023-12-31T23:59:59Z|2023-12-31T23:59:60Z
		@1704067199|@1704067200
		@-1|@1704067201
	END
}

@test "--at: the last second of a certificate" {
	[ "$(status_at 2049-12-31T00:00:00Z)" = warn ]
	[ "$(status_at 2049-12-31T00:00:01Z)" = fail ]
	[ "$(status_at @2524521600)" = warn ]
	[ "$(status_at @2524521601)" = fail ]
	run tlsdiag check --at 2049-12-31 "$pair"
	expect_output "'CN=device.example' expires in less than a day, on 2049-12-31"
	run tlsdiag check --at 2049-12-30 "$pair"
	expect_output "'CN=device.example' expires in 1 day, on 2049-12-31"
}

@test "--at: what is no time is refused" {
	for time in '' now 2024 2024-1-1 2024-13-01 2024-00-01 2024-02-30 2023-02-29 2024-04-31 \
		2024-01-00 24-01-01 2024/01/01 2024-01/01 2024-01-01T 2024-01-01T12:00Z \
		2024-01-01T12:00:00 2024-01-01T12.00:00Z 2024-01-01T12:00.00Z 2024-01-01X12:00:00Z \
		2024-01-01T24:00:00Z 2024-01-01T12:60:00Z 2024-01-01T12:00:61Z 2024-01-01T1:00:00Z \
		2024-01-01T12:00:00.Z 2024-01-01T12:00:00,5Z 2024-01-01T12:00:00+1:00 \
		2024-01-01T12:00:00+0100 2024-01-01T12:00:00+24:00 2024-01-01T12:00:00+01:60 \
		2024-01-01T12:00:00+01:0 2024-01-01T12:00:00ZZ '2024-01-01 ' @ @now '@ 1' @1x \
		@99999999999999999999 @9223372037 @-9223372037 1704067200; do
		refused "--at takes a time such as 2020-05-18T09:31:07Z, 2020-05-18 or @1589794267, not '$time'" \
			check --at "$time" "$pair"
	done
	[ "$(status_at 2024-02-29)" = pass ]
	[ "$(status_at 2000-02-29)" = fail ]
}

@test "seconds: fractions of them, more than none and no more than an hour" {
	for option in connect-timeout timeout deadline; do
		for value in '' 0 -1 0.0 3600.1 nan inf 1e9 1s ' ' 1,5 0x; do
			refused "--$option takes seconds, more than 0 and up to 3600, not '$value'" \
				probe "--$option" "$value" 127.0.0.1:1
		done
		# Nothing listens on port 1: the value was taken when that is what is told.
		for value in 0.0004 .5 1e1 3600; do
			run tlsdiag probe --attempts 1 "--$option" "$value" 127.0.0.1:1
			expect_status 3
			[[ $output != *takes* ]]
		done
	done
}

@test "numbers: whole ones, within their bounds" {
	while read -r option max; do
		for value in '' -1 0 "$((max + 1))" 1.5 1x x 99999999999999999999; do
			refused "--$option takes a number from 1 to $max, not '$value'" \
				probe "--$option" "$value" 127.0.0.1:1
		done
		run tlsdiag probe "--$option" "$max" --help
		expect_status 0
	done <<-'END'
		attempts 64
		jobs 64
	END
	refused "--max-fragment-length takes a number from 512 to 4096, not '511'" \
		probe --max-fragment-length 511 127.0.0.1:1
	refused "--max-fragment-length takes 512, 1024, 2048 or 4096, not '1000'" \
		probe --max-fragment-length 1000 127.0.0.1:1
}

@test "versions, protocols and targets that cannot be are told by name" {
	for version in SSL3.0 SSLv3 TLS1.4 DTLS1.2 '' 1; do
		refused "--max-version takes TLS1.0, TLS1.1, TLS1.2 or TLS1.3, not '$version'" \
			probe --max-version "$version" localhost
		refused "--min-version takes TLS1.0, TLS1.1, TLS1.2 or TLS1.3, not '$version'" \
			probe --min-version "$version" localhost
	done
	for names in '' ',' 'h2,' ',h2' 'h2,,http/1.1'; do
		refused "--alpn takes names of 1 to 255 bytes parted by commas, not '$names'" \
			probe --alpn "$names" localhost
	done
	run tlsdiag probe --alpn "$(printf 'x%.0s' {1..256})" localhost
	expect_status 2
	expect_output "--alpn takes names of 1 to 255 bytes parted by commas, not 'xxx"
	refused '--alpn takes at most 16 names' probe --alpn "$(printf 'p%s,' {1..16})p17" localhost
}

@test "lists of codes: names and hex numbers, and the nearest name for one that is unknown" {
	while IFS='|' read -r option value text; do
		refused "--$option$text" probe "--$option" "$value" localhost
	done <<-'END'
		groups|secp256r2|: unknown group 'secp256r2'; did you mean 'secp256r1'?
		groups|x25519,x25591|: unknown group 'x25591'; did you mean 'x25519'?
		groups|no such thing at all|: unknown group 'no such thing at all'
		groups|0x10000|: unknown group '0x10000'
		groups|0x|: unknown group '0x'
		groups|0x1g|: unknown group '0x1g'
		groups|,x25519| takes names parted by commas, not ',x25519'
		groups|x25519,,secp256r1| takes names parted by commas, not ',secp256r1'
		groups|| takes a name
		sigalgs|rsa_pss_rsae_sha25|: unknown signature scheme 'rsa_pss_rsae_sha25'; did you mean 'rsa_pss_rsae_sha256'?
		suites|TLS_AES_128_GCM_SHA265|: unknown cipher suite 'TLS_AES_128_GCM_SHA265'; did you mean 'TLS_AES_128_GCM_SHA256'?
	END
}

@test "an address family leaves the other's addresses out" {
	run tlsdiag probe --attempts 1 -4 127.0.0.1:1
	expect_status 3
	expect_output connection-refused
	run tlsdiag probe --attempts 1 --ipv6 127.0.0.1:1
	expect_status 3
	expect_output 'the name of 127.0.0.1:1 cannot be resolved: Address family for hostname not supported'
	run tlsdiag probe --attempts 1 --ipv4 '[::1]:1'
	expect_status 3
	expect_output 'the name of [::1]:1 cannot be resolved: Address family for hostname not supported'
}

# --- a terminal

# told_on TERM: what a terminal of that kind is shown while the forum's capture comes in slowly. The
# commands are a file: a function would not pass through a shell that takes no functions from its
# environment.
told_on() {
	cat >"$BATS_TEST_TMPDIR/slowly" <<-EOF
		capture=$PWD/fixtures/forum/forum.pcap
		{
			head -c 2000 "\$capture"
			sleep 1.5
			tail -c +2001 "\$capture" | head -c 1000
			sleep 0.3
			tail -c +3001 "\$capture"
		} | "$TLSDIAG" pcap --deep 0 --verify none -
	EOF
	run env -u NO_COLOR TERM="$1" SHELL=/bin/sh script -qec "sh '$BATS_TEST_TMPDIR/slowly'" /dev/null </dev/null
}

@test "progress is told on a terminal after a second, and wiped before the report" {
	told_on xterm
	[[ $output == $'\r\033[K0 MB, '* ]]
	[[ $output == *' packets, '*' handshakes'*$'\r\033[K'*'FAIL'* ]]
	[[ $output != *FAIL*' packets, '*' handshakes'$'\r'* ]]
	# It is not for those who have no terminal, or one that cannot.
	told_on dumb
	[[ $output == *FAIL* ]]
	[[ $output != *' MB, '* ]]
}
