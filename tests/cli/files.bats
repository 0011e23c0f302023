#!/usr/bin/env bats
# The files of a command line: what is read has an end, what is written destroys nothing, and what is
# said of either names it and gives no secret away.
# shellcheck disable=SC2094 # an input that is written to is what is tried here

load helpers

setup() {
	out=$BATS_TEST_TMPDIR
	cp fixtures/forum/forum.pcap fixtures/forum/ca.pem fixtures/certs/key-pkcs8.pem \
		fixtures/certs/leaf.crt "$out"
	mkdir "$out/ca"
	cp fixtures/forum/ca.pem "$out/ca/root.pem"
	printf '#define MBEDTLS_AES_C\n' >"$out/config.h"
	printf '00112233445566778899aabbccddeeff\n' >"$out/psk.hex"
	printf '127.0.0.1:1\n' >"$out/targets"
	printf 'hunter2\n' >"$out/password"
	(cd "$out" && find . -type f -exec sha256sum {} + | sort) >"$BATS_RUN_TMPDIR/before.$$"
}

# nothing_changed: every file is as it was, and there is no new one.
nothing_changed() {
	(cd "$out" && find . -type f -exec sha256sum {} + | sort) | diff "$BATS_RUN_TMPDIR/before.$$" -
}

# refused ARGUMENT...: exit status 2 and not a byte written.
refused() {
	run tlsdiag "$@"
	expect_status 2
	expect_output 'would overwrite'
	nothing_changed
}

probe_files() {
	probe=(probe 127.0.0.1:1 --attempts 1 --cert "$out/leaf.crt" --key "$out/key-pkcs8.pem"
		--key-password-file "$out/password" --psk "$out/psk.hex" --targets "$out/targets"
		--config "$out/config.h" --ca "$out/ca.pem")
}

@test "no output of probe is one of its inputs" {
	probe_files
	for option in --keylog --write-pcap --junit --sarif; do
		for input in leaf.crt key-pkcs8.pem password psk.hex targets config.h ca.pem; do
			refused "${probe[@]}" "$option" "$out/$input"
		done
	done
}

@test "no output of pcap is one of its inputs" {
	pcap=(pcap --deep 0 "$out/forum.pcap" --cert "$out/leaf.crt" --key "$out/key-pkcs8.pem"
		--config "$out/config.h" --ca "$out/ca.pem")
	for option in --junit --sarif; do
		for input in forum.pcap leaf.crt key-pkcs8.pem config.h ca.pem; do
			refused "${pcap[@]}" "$option" "$out/$input"
		done
	done
}

@test "no output of replay and check is one of their inputs" {
	refused replay "$out/forum.pcap" 127.0.0.1:1 --write-pcap "$out/forum.pcap"
	refused replay - 127.0.0.1:1 --junit "$out/forum.pcap" <"$out/forum.pcap"
	for option in --junit --sarif; do
		for given in --cert --chain --key --ca --key-password-file; do
			refused check "$out/ca.pem" "$given" "$out/leaf.crt" "$option" "$out/leaf.crt"
		done
		refused check "$out/leaf.crt" "$option" "$out/leaf.crt"
		refused check "$out" "$option" "$out/ca/root.pem"
	done
}

@test "an input is known by every path that leads to it" {
	ln -s forum.pcap "$out/link"
	ln -s link "$out/link2"
	ln "$out/forum.pcap" "$out/hard"
	(cd "$out" && find . -type f -exec sha256sum {} + | sort) >"$BATS_RUN_TMPDIR/before.$$"
	for path in link link2 hard ca/../forum.pcap ./forum.pcap; do
		refused pcap --deep 0 "$out/forum.pcap" --junit "$out/$path"
		refused pcap --deep 0 "$out/$path" --junit "$out/forum.pcap"
	done
	cd "$out"
	refused pcap --deep 0 forum.pcap --junit "$out/forum.pcap"
	refused pcap --deep 0 forum.pcap --junit /proc/self/cwd/forum.pcap
	refused pcap --deep 0 forum.pcap --junit /proc/self/fd/9 9>>forum.pcap
	refused pcap --deep 0 forum.pcap --sarif /dev/fd/9 9<>forum.pcap
	refused pcap --deep 0 - --junit forum.pcap <forum.pcap
	refused pcap --deep 0 /dev/stdin --junit forum.pcap <forum.pcap
	refused pcap --deep 0 not-there --junit ./not-there
}

@test "a folder of CAs loses none of its files" {
	ln -s ../leaf.crt "$out/ca/linked.pem"
	refused pcap --deep 0 "$out/forum.pcap" --ca "$out/ca" --junit "$out/ca/root.pem"
	refused pcap --deep 0 "$out/forum.pcap" --ca "$out/ca" --junit "$out/leaf.crt"
	expect_output "a file of '$out/ca'"
	run tlsdiag pcap --deep 0 "$out/forum.pcap" --ca "$out/ca" --junit "$out/ca/report.xml"
	expect_status 1
	[ -s "$out/ca/report.xml" ]
}

@test "standard output is no input either" {
	run bash -c '"$TLSDIAG" pcap --deep 0 "$0" >>"$0"' "$out/forum.pcap"
	expect_status 2
	expect_output "standard output would overwrite '$out/forum.pcap'"
	run bash -c '"$TLSDIAG" check "$0" 1<>"$0"' "$out/ca.pem"
	expect_status 2
	nothing_changed
}

@test "certificates, keys and headers are read compressed" {
	local packed=$BATS_TEST_TMPDIR/packed pair=fixtures/check/pair

	mkdir "$packed"
	for file in server.pem sub.pem server.key root.pem; do
		gzip -c "$pair/$file" >"$packed/$file.gz"
	done
	gzip -c "$out/config.h" >"$packed/config.h.gz"
	run tlsdiag check --at 2027-01-01 --cert "$packed/server.pem.gz" --chain "$packed/sub.pem.gz" --key "$packed/server.key.gz" --ca "$packed/root.pem.gz"
	expect_status 0
	expect_output 'pass key-matches-certificate'
	run tlsdiag "$packed/server.pem.gz" --at 2027-01-01
	expect_output 'a certificate: tlsdiag check'
	run tlsdiag pcap --deep 0 "$out/forum.pcap" --config "$packed/config.h.gz" --ca "$packed/root.pem.gz"
	expect_status 1
	head -c 60 "$packed/server.pem.gz" >"$packed/cut.gz"
	run tlsdiag check "$packed/cut.gz"
	expect_status 3
	expect_output "cannot read '$packed/cut.gz': its compressed data breaks off"
	head -c 1100000 /dev/zero | gzip -c >"$packed/large.gz"
	run tlsdiag pcap "$out/forum.pcap" --config "$packed/large.gz"
	expect_status 3
	expect_output "is larger than '1 MiB': not a configuration header"
}

@test "a file given to a command that does not read it is named, with what helps" {
	while IFS='|' read -r file words; do
		for command in log replay; do
			target=
			[ "$command" = log ] || target=127.0.0.1:1
			# shellcheck disable=SC2086 # there is a target or none
			run tlsdiag "$command" "fixtures/$file" $target
			[ "$status" -eq 3 ] || [ "$status" -eq 4 ]
			[[ $(tr -s ' \n' ' ' <<<"$output") == *"$words"* ]]
		done
	done <<-'EOF'
		check/pair/server.pem|a certificate: tlsdiag check
		foreign/bundle.p12|a PKCS #12 bundle: openssl pkcs12 -in
		foreign/req.der|a certificate request: openssl req -inform DER -in
		foreign/openssh.key|OpenSSH's own format: ssh-keygen -p -m PEM
		keyed/tls13/keys.log|a key log (SSLKEYLOGFILE): tlsdiag pcap CAPTURE --keylog
	EOF
	tlsdiag pcap --deep 0 "$out/forum.pcap" --sarif "$out/report.sarif" >/dev/null || true
	run tlsdiag log "$out/report.sarif"
	expect_status 3
	expect_output 'is not a log but a saved report of tlsdiag (JUnit or SARIF)'
}

@test "two outputs are two files" {
	cd "$out"
	ln -s two one
	for pair in 'a a' 'a ./a' "a $out/a" 'ca/../a a' 'one two'; do
		read -r first second <<<"$pair"
		run tlsdiag pcap --deep 0 forum.pcap --junit "$first" --sarif "$second"
		expect_status 2
		expect_output '--junit and --sarif name the same file'
		run tlsdiag probe 127.0.0.1:1 --keylog "$first" --write-pcap "$second"
		expect_status 2
		expect_output '--write-pcap and --keylog name the same file'
	done
	nothing_changed
	run bash -c '"$TLSDIAG" pcap --deep 0 forum.pcap --junit report >report'
	expect_status 2
	expect_output '--junit and standard output are the same file'
	run tlsdiag pcap --deep 0 forum.pcap --junit /dev/null --sarif /dev/null
	expect_status 1
}

@test "what is read whole has a size, whatever the file says of its own" {
	truncate -s 1T "$out/sparse" || skip 'no sparse files here'
	export TLSDIAG_TIMEOUT=20
	for file in /dev/zero "$out/sparse"; do
		while read -r limit name words; do
			# shellcheck disable=SC2086 # several words
			run tlsdiag ${words//FILE/$file} </dev/null
			expect_status 3
			expect_output "larger than '${limit/_/ }': not ${name//_/ }"
		done <<-END
			16_MiB a_file_of_certificates_or_keys pcap $out/forum.pcap --ca FILE
			16_MiB a_file_of_certificates_or_keys pcap $out/forum.pcap --cert FILE
			1_MiB a_private_key pcap $out/forum.pcap --key FILE
			1_MiB a_configuration_header pcap $out/forum.pcap --config FILE
			16_MiB a_file_of_certificates_or_keys check FILE
			64_KiB a_password check $out/ca.pem --key-password-file FILE
			1_MiB a_list_of_targets probe --targets FILE
			64_KiB a_pre-shared_key probe 127.0.0.1:1 --psk FILE
			16_MiB a_file_of_certificates_or_keys probe 127.0.0.1:1 --cert FILE
			1_MiB a_private_key probe 127.0.0.1:1 --cert $out/leaf.crt --key FILE
			1_MiB a_ClientHello replay FILE 127.0.0.1:1
		END
	done
}

@test "a pipe may be read, and a list or a header may come out of one" {
	run tlsdiag pcap --deep 0 "$out/forum.pcap" --config <(cat "$out/config.h") --ca <(cat "$out/ca.pem")
	expect_status 1
	run tlsdiag probe --targets <(cat "$out/targets") --attempts 1
	expect_status 3
	expect_output '127.0.0.1:1'
	run tlsdiag replay <(printf '16 03 01 00') 127.0.0.1:1
	expect_status 3
	expect_output 'no ClientHello in it'
}

@test "a list of targets that is none is not quoted, nor are secrets" {
	for file in key-pkcs8.pem leaf.crt psk.hex; do
		run tlsdiag probe --targets "$out/$file" --starttls no-such-thing
		while read -r line; do
			[ ${#line} -lt 16 ] || [[ $output != *"$line"* ]]
		done < <(tr -d '\0' <"$out/$file")
	done
	run tlsdiag probe --targets "$out/key-pkcs8.pem"
	expect_status 3
	expect_output '--targets: line 1 is no target: HOST, HOST:PORT or [IPV6]:PORT'
	run tlsdiag replay "$out/key-pkcs8.pem" 127.0.0.1:1
	expect_status 3
	expect_output 'holds no ClientHello but is a private key'
	run tlsdiag pcap "$out/forum.pcap" --config "$out/key-pkcs8.pem"
	expect_status 3
	[[ $output != *PRIVATE* ]]
	run tlsdiag probe 127.0.0.1:1 --psk 00112233445566778899aabbccddeeff
	expect_status 3
	[[ $output != *00112233* ]]
	run tlsdiag probe 127.0.0.1:1 --psk "$out/key-pkcs8.pem"
	expect_status 3
	[[ $output != *PRIVATE* ]]
	for command in 'probe 127.0.0.1:1 --cert' check; do
		# shellcheck disable=SC2086 # two words
		run tlsdiag $command "$out/leaf.crt" --key-password-file hunter2
		expect_status 3
		[[ $output != *hunter2* ]]
	done
}

@test "an output that cannot be written is named, with the reason" {
	full='No space left on device'
	for option in --junit --sarif; do
		run tlsdiag pcap --deep 0 "$out/forum.pcap" "$option" /dev/full
		expect_status 3
		expect_output "cannot write '/dev/full': $full"
		run tlsdiag check "$out/leaf.crt" "$option" /dev/full
		expect_status 3
		expect_output "cannot write '/dev/full': $full"
	done
	run tlsdiag probe 127.0.0.1:1 --attempts 1 --write-pcap /dev/full
	expect_status 3
	expect_output "cannot write '/dev/full': $full"
	for words in "pcap --deep 0 $out/forum.pcap" "pcap --json --deep 0 $out/forum.pcap" \
		"check $out/leaf.crt" 'probe 127.0.0.1:1 --attempts 1' explain; do
		run bash -c '"$TLSDIAG" '"$words"' >/dev/full'
		expect_status 3
		expect_output "cannot write to standard output: $full"
	done
	run tlsdiag pcap "$out/forum.pcap" --junit "$out/no/folder"
	expect_status 3
	expect_output "cannot write '$out/no/folder': No such file or directory"
	run tlsdiag pcap "$out/forum.pcap" --sarif "$out/ca"
	expect_status 3
	expect_output "cannot write '$out/ca': Is a directory"
	nothing_changed
}

@test "armour that does not pair is told, not followed" {
	printf -- '-----BEGIN CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n' \
		>"$out/twice.pem"
	run tlsdiag check "$out/twice.pem"
	expect_status 1
	expect_output "has no line '-----END CERTIFICATE-----'"
	for option in --ca --cert --key; do
		run tlsdiag pcap --deep 0 "$out/forum.pcap" "$option" "$out/twice.pem"
		expect_status 3
	done
}
