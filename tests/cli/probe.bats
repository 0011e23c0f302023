#!/usr/bin/env bats
# `tlsdiag probe` at servers that others wrote, well set up and not, and at what is no TLS server.

bats_require_minimum_version 1.5.0
load helpers
load ../live/servers
load ../live/probing

setup_file() {
	live_open
	live_openssl openssl good -alpn mqtt,h2
	live_gnutls gnutls good
	live_openssl rsa rsa
	live_openssl rsa12 rsa -tls1_2
	live_openssl pss12 rsa -tls1_2 -sigalgs RSA-PSS+SHA256
	live_openssl ed25519 ed25519
	live_openssl expired expired
	live_openssl future future
	live_serve soon openssl s_server -accept 127.0.0.1:@PORT@ -quiet -rev -cert "$CERTS/soon.pem" \
		-key "$CERTS/soon.key"
	live_openssl names good -servername b.example -cert2 "$CERTS/soon.pem" -key2 "$CERTS/soon.key"
	live_openssl elsewhere elsewhere
	live_openssl strict good -servername only.example -servername_fatal -cert2 "$CERTS/good.pem" \
		-key2 "$CERTS/good.key"
	live_serve bare openssl s_server -accept 127.0.0.1:@PORT@ -quiet -rev \
		-cert "$CERTS/good.pem" -key "$CERTS/good.key"
	live_openssl p256 good -groups P-256
	live_openssl no-tickets good -no_ticket
	live_openssl old rsa -cipher ALL:@SECLEVEL=0
	live_serve psk13 openssl s_server -accept 127.0.0.1:@PORT@ -quiet -nocert \
		-psk 00112233445566778899aabbccddeeff -psk_identity device-7 -tls1_3 -groups P-256
	live_openssl aes256 good -tls1_2 -cipher ECDHE-ECDSA-AES256-GCM-SHA384
	live_openssl sha256 good -tls1_2 -sigalgs ECDSA+SHA256
	live_openssl tls13 good -tls1_3
	live_openssl mutual good -CAfile "$CERTS/root.pem" -Verify 3 -verify_return_error
	live_misbehave drop-after-finished:mutual stay-open:openssl silent silent-after-hello close close-after-hello reset reset-after-hello \
		http ssh smtp half-record-close half-record-silent garbage alert-after-hello \
		dribble:openssl slow:openssl proxy:openssl proxy-wants-credentials \
		{starttls,refuse}-{smtp,imap,pop3,ftp,ldap,xmpp,postgres,mysql}:openssl
	have_mbedtls_server || return 0
	live_mbedtls mbedtls good
	live_mbedtls stray good key_file="$CERTS/stray.key"
	live_mbedtls short short
	live_mbedtls sha1 sha1
	live_mbedtls small good max_frag_len=512
	live_mbedtls mutual-mbedtls good auth_mode=required
	live_serve psk "$(mbedtls_server)" server_addr=127.0.0.1 server_port=@PORT@ \
		psk=00112233445566778899aabbccddeeff psk_identity=device-7 \
		force_ciphersuite=TLS-PSK-WITH-AES-128-GCM-SHA256
	live_mbedtls static-ecdh agreeing force_ciphersuite=TLS-ECDH-ECDSA-WITH-AES-128-GCM-SHA256
}

teardown_file() {
	live_close
}

needs_mbedtls_server() {
	have_mbedtls_server || skip 'no ssl_server2 here'
}

# --- nothing is wrong

@test "a good server of OpenSSL, GnuTLS or mbedTLS is well" {
	for server in openssl gnutls rsa; do
		live "$server"
		expect_well
	done
	needs_mbedtls_server
	live mbedtls
	expect_well
}

@test "TLS 1.2 is well with each of them" {
	for server in openssl gnutls rsa; do
		live "$server" --max-version TLS1.2
		expect_well
		expect_of '.handshakes[0].version' TLS1.2
	done
}

@test "TLS 1.3 is spoken with each of them" {
	for server in openssl gnutls tls13; do
		live "$server" --min-version TLS1.3
		expect_well
		expect_of '.handshakes[0].version' TLS1.3
	done
}

@test "an address, with the name beside it" {
	live_run probe --ca "$CERTS/root.pem" --name localhost "127.0.0.1:$(live_port openssl)"
	expect_well
	expect_of '.handshakes[0].sni' null
	live_run probe --ca "$CERTS/root.pem" --name localhost --sni localhost "127.0.0.1:$(live_port openssl)"
	expect_well
	expect_of '.handshakes[0].sni' localhost
	live openssl --no-sni
	expect_of '.handshakes[0].sni' null
}

@test "bytes that come one by one, or late, are well" {
	for server in dribble slow; do
		live "$server"
		expect_well
	done
}

@test "what is asked for is what is offered" {
	live openssl --max-version TLS1.2 --suites TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 \
		--groups secp384r1,secp256r1 --sigalgs ecdsa_secp256r1_sha256 --alpn h2,mqtt \
		--max-fragment-length 1024
	expect_well
	expect_of '[.handshakes[0].offered.groups[]] | join(" ")' '0x0018 0x0017'
	expect_of '[.handshakes[0].offered.signature_schemes[]] | contains(["0x0403"])' true
	expect_of '.handshakes[0].offered.max_fragment_length' 1024
	expect_of '.handshakes[0].cipher_suite.name' TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
	expect_of '.handshakes[0].alpn' mqtt
}

@test "targets of a file are probed side by side and told in order" {
	cd "$BATS_TEST_TMPDIR"
	{
		echo '# what there is'
		echo "localhost:$(live_port openssl)"
		echo "  localhost:$(live_port expired) # the old one"
		echo
		echo "localhost:$(live_port gnutls)"
	} >targets
	for jobs in 1 8; do
		live_run probe --ca "$CERTS/root.pem" --targets targets --jobs $jobs
		expect_cause certificate-expired
		expect_of '[.handshakes[].server.port] | unique_by(.) | length' 3
		expect_of '.handshakes[0].server.port' "$(live_port openssl)"
		expect_of '.handshakes[-1].server.port' "$(live_port gnutls)"
	done
}

@test "two targets that keep one waiting are waited for at the same time" {
	live_run probe --timeout 3 "127.0.0.1:$(live_port silent)" "127.0.0.1:$(live_port silent)"
	expect_of '.summary.failed' 2
	expect_of '[.handshakes[].start[0:19] + "Z" | fromdate] | max - min < 2' true
}

# surveyed NAME FILTER [OPTION]...: what jq makes of the survey of that server.
surveyed() {
	local target filter=$2
	target=localhost:$(live_port "$1")
	shift 2
	tlsdiag probe --enumerate --json "$@" "$target" | jq -cr ".surveys[0] | $filter"
}

# names OF: a filter for the names of a list of the version, TLS 1.3 first.
names() {
	echo "[.versions[] | select(.taken) | .$1.values // [] | .[].name]"
}

@test "all that a server takes, in its order" {
	[ "$(surveyed aes256 "$(names suites)")" = '["TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"]' ]
	[ "$(surveyed p256 "[.versions[0].groups.values[].name]")" = '["secp256r1"]' ]
	[ "$(surveyed sha256 "[.versions[1].schemes.values[].name]")" = '["ecdsa_secp256r1_sha256"]' ]
	[ "$(surveyed tls13 '[.versions[].taken]')" = '[true,false,false,false]' ]
	[ "$(surveyed tls13 '.features | [.session_ticket, .status_request]')" = '[true,false]' ]
	[ "$(surveyed openssl '.alpn')" = '["mqtt","h2"]' ]
	[ "$(surveyed mutual '.client_certificate')" = demanded ]
	[ "$(surveyed rsa '.connections < 60 and .whole')" = true ]
	[ "$(surveyed openssl '.connections < 60 and .whole')" = true ]
	[ "$(surveyed tls13 '[.stacks[] | select(.taken | not) | [.name, .alert]]')" = '[["botan-2.19",70]]' ]
	[ "$(surveyed openssl '[.stacks[] | .taken] | unique')" = '[true]' ]
	[ "$(surveyed rsa12 '[.versions[1].schemes.values[].name] | index("rsa_pss_rsae_sha256") != null')" = true ]
	[ "$(surveyed gnutls '.client_hello_bytes')" = '{"taken":16000,"refused":0}' ]
	tlsdiag probe --enumerate --json "localhost:$(live_port openssl)" |
		python3 tests/schema/validate.py survey_document
}

@test "what makes a handshake fail is isolated" {
	local target
	target=localhost:$(live_port strict)
	run -1 tlsdiag probe --isolate "$target"
	expect_output 'The handshake fails only when the client offers the server name'
	expect_output '4 of 4 failed: alert 112 unrecognized_name'
	expect_output '4 of 4 completed: TLS 1.3'
	run -1 tlsdiag probe --isolate --json "$target"
	[ "$(jq -c '.isolations[0] | [.verdict, .changes[0].act, .changes[0].kind, .changed.completed]' \
		<<<"$output")" = '["found","leave-out","server-name",4]' ]
	python3 tests/schema/validate.py survey_document <<<"$output"
	run -0 tlsdiag probe --isolate "localhost:$(live_port openssl)"
	expect_output 'there is nothing to isolate'
	run -1 tlsdiag probe --isolate --timeout 2 "localhost:$(live_port alert-after-hello)"
	expect_output 'it does not hang on what is offered'
	run -2 tlsdiag probe --isolate --enumerate "$target"
}

@test "why one stack gets in and another does not is isolated" {
	local target
	target=localhost:$(live_port tls13)
	run -1 tlsdiag probe --isolate go:botan "$target"
	expect_output 'The handshake fails when the client does not offer'
	expect_output 'and TLS 1.3'
	expect_output 'the ClientHello of Botan 2.19'
	run -1 tlsdiag probe --isolate=go:botan --json "$target"
	[ "$(jq -c '.isolations[0] | [.hellos.failing, .hellos.completing, .changes[0].act]' <<<"$output")" = \
		'["botan-2.19","go-1.24","add"]' ]
	python3 tests/schema/validate.py survey_document <<<"$output"
	run -1 tlsdiag probe --isolate=always "$target"
	expect_output 'the ClientHello of Botan 2.19'
	run -0 tlsdiag probe --isolate=always "localhost:$(live_port openssl)"
	expect_output 'the ClientHello of each of 14 known stacks'
	run -2 tlsdiag probe --isolate=go:nobody "$target"
	run -2 tlsdiag probe --isolate=go "$target"
}

@test "the hellos of known stacks are those that the installed programs send" {
	BUILD=${TLSDIAG%/*} python3 tests/live/hello.py installed
	python3 tests/live/hello.py probed "$TLSDIAG"
}

@test "a probe says the hello of a known stack" {
	local stack
	for stack in chrome firefox go java mbedtls-2.28 openssl-1.1.1 wolfssl; do
		run -0 tlsdiag probe --hello "$stack" "localhost:$(live_port openssl)"
	done
	live_run probe --hello chrome --max-version TLS1.2 "localhost:$(live_port openssl)"
	expect_of '.handshakes[0].version' TLS1.2
	live_run probe --hello openssl-3.0 "localhost:$(live_port openssl)"
	expect_of '.handshakes[0].offered.cipher_suites | length' 31
	live_run probe --hello openssl-3.0 --max-version TLS1.2 "localhost:$(live_port openssl)"
	expect_of '.handshakes[0].outcome' completed # it asks for renegotiation_info by a suite
	run -2 tlsdiag probe --hello nobody "localhost:$(live_port openssl)"
	expect_output "no ClientHello of 'nobody' is known, but of botan, chrome"
	run -2 tlsdiag probe --hello go --client mbedtls "localhost:$(live_port openssl)"
}

@test "a survey ends where nothing can be learnt, and says why" {
	[ "$(surveyed http '.connections' --timeout 2)" = 1 ]
	[ "$(surveyed openssl '[.connections, .whole, .problem]' --budget 3)" = \
		'[3,false,"the budget of 3 connections is used up"]' ]
	run -3 tlsdiag probe --enumerate localhost:1
	[[ $output == "localhost:"*": nothing was asked: it cannot be reached: Connection refused" ]]
	run -2 tlsdiag probe --enumerate --ca "$CERTS/root.pem" "localhost:$(live_port openssl)"
	run -2 tlsdiag probe --enumerate --ndjson "localhost:$(live_port openssl)"
	run -2 tlsdiag probe --budget 5 "localhost:$(live_port openssl)"
	run -0 tlsdiag probe --enumerate "localhost:$(live_port openssl)"
	[ -z "$(awk 'length > 80' <<<"$output")" ]
}

@test "what a survey of two targets says is one capture" {
	local kept=$BATS_TEST_TMPDIR/kept.pcap
	run -0 tlsdiag probe --enumerate --max-version TLS1.2 --min-version TLS1.2 --write-pcap "$kept" \
		"localhost:$(live_port aes256)" "localhost:$(live_port sha256)"
	[ "$(grep -c 'what it takes' <<<"$output")" = 2 ]
	[ "$(tshark -r "$kept" -Y 'tcp.flags.syn==1 && tcp.flags.ack==0' -T fields -e tcp.dstport | sort -u | wc -l)" = 2 ]
}

@test "a key under a password" {
	openssl ec -in "$CERTS/client.key" -aes128 -passout pass:open-sesame -out "$BATS_TEST_TMPDIR/locked.key" 2>/dev/null
	echo open-sesame >"$BATS_TEST_TMPDIR/right"
	echo open >"$BATS_TEST_TMPDIR/wrong"
	live mutual --cert "$CERTS/client.pem" --key "$BATS_TEST_TMPDIR/locked.key" \
		--key-password-file "$BATS_TEST_TMPDIR/right"
	expect_well
	live mutual --cert "$CERTS/client.pem" --key "$BATS_TEST_TMPDIR/locked.key" \
		--key-password-file "$BATS_TEST_TMPDIR/wrong"
	[ "$status" -ge 2 ]
	[[ $output != *open* ]]
}

@test "IPv6" {
	grep -q '^00000000000000000000000000000001 ' /proc/net/if_inet6 2>/dev/null || skip 'no ::1 here'
	live_run probe --ca "$CERTS/root.pem" --name localhost "[::1]:$(live_port gnutls)"
	expect_well
	expect_of '.handshakes[0].server.address' ::1
	live_run probe --ca "$CERTS/root.pem" -6 "127.0.0.1:$(live_port gnutls)"
	expect_status 3
}

# Of all suites and groups and more stacks: `make completes`.
@test "what a server takes is completed, suite by suite and group by group" {
	run -0 python3 -B tests/live/completes.py --only openssl,gnutls,mbedtls-2.28 --each 12 "$TLSDIAG"
	expect_output ' passed, 0 failed'
}

@test "a server that could do better is not refused where no better was offered" {
	for version in TLS1.0 TLS1.1; do
		live old --min-version $version --max-version $version
		expect_well
	done
}

@test "a hello that is refused is asked again with more, and the difference is named" {
	live openssl --suites TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 --max-version TLS1.2
	expect_cause no-common-cipher-suite
	expect_of '.summary | [.completed, .failed] | join(" ")' '1 2'
	expect_of '.diagnoses[0].confidence' likely
	expect_of '[.diagnoses[0].proof[].text] | any(startswith("with all cipher suites, groups and schemes on offer the server takes TLS_ECDHE_ECDSA_"))' true
	expect_of '[.handshakes[] | select(.asked_otherwise) | [.outcome, .asked_otherwise] | join(" ")] | join(",")' 'completed with all cipher suites, groups and schemes on offer'
	live p256 --groups x448
	expect_cause no-common-group
	expect_of '.diagnoses[0].confidence' likely
	live openssl --max-version TLS1.1
	expect_cause no-common-version
	expect_of '[.handshakes[] | select(.asked_otherwise) | [.outcome, .asked_otherwise] | join(" ")] | join(",")' 'completed with every version on offer'
	run -1 tlsdiag probe --max-version TLS1.1 "localhost:$(live_port openssl)"
	expect_output '1 completed when asked with every version on offer'
	live strict
	expect_cause sni-unknown
	expect_of '.summary | [.completed, .failed] | join(" ")' '1 2'
	# As often as was asked for, the same.
	live openssl --suites TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 --max-version TLS1.2 --attempts 2
	expect_of '.summary | [.completed, .failed] | join(" ")' '0 2'
	live openssl --suites TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 --max-version TLS1.2 --client mbedtls
	expect_of '.summary | [.completed, .failed] | join(" ")' '0 3'
}

@test "static ECDH agrees with the certificate's key" {
	needs_mbedtls_server
	live static-ecdh --max-version TLS1.2 --suites TLS_ECDH_ECDSA_WITH_AES_128_GCM_SHA256
	expect_well
}

@test "max_fragment_length is kept to by a server that knows it" {
	needs_mbedtls_server
	live small --max-version TLS1.2 --max-fragment-length 512
	expect_well
}

@test "a pre-shared key gets through, a wrong one or an unknown name does not" {
	needs_mbedtls_server
	cd "$BATS_TEST_TMPDIR"
	echo 00112233445566778899aabbccddeeff >right
	echo ffeeddccbbaa99887766554433221100 >wrong
	live psk --psk right --psk-identity device-7 --suites TLS_PSK_WITH_AES_128_GCM_SHA256
	expect_well
	live psk --psk wrong --psk-identity device-7 --suites TLS_PSK_WITH_AES_128_GCM_SHA256
	expect_cause psk-mismatch
	live psk --psk right --psk-identity device-8 --suites TLS_PSK_WITH_AES_128_GCM_SHA256
	expect_cause psk-unknown-identity
}

@test "a session is resumed by ticket, by id, and after a HelloRetryRequest" {
	local server version
	for server in openssl gnutls p256 no-tickets; do
		for version in TLS1.3 TLS1.2; do
			live_run probe --client diag --max-version "$version" --expect resumed=true \
				"localhost:$(live_port "$server")"
			expect_status 0
			expect_of '[.handshakes[] | [.outcome, .resumed] | join(" ")] | join(", ")' \
				'completed false, completed true'
		done
	done
}

# OpenSSL has no certificate here: a name that it does not know leaves it nothing.
@test "a pre-shared key of TLS 1.3 gets through, a wrong one or an unknown name does not" {
	local server=localhost:
	server+=$(live_port psk13)
	cd "$BATS_TEST_TMPDIR"
	echo 00112233445566778899aabbccddeeff >right
	echo ffeeddccbbaa99887766554433221100 >wrong
	live_run probe --client diag --psk right --psk-identity device-7 "$server"
	expect_status 0
	expect_of '.handshakes[0].outcome' completed
	live_run probe --client diag --psk wrong --psk-identity device-7 "$server"
	expect_cause psk-mismatch
	live_run probe --client diag --psk right --psk-identity device-8 "$server"
	expect_cause psk-unknown-identity
}

# --- certificates

@test "an expired certificate" {
	live expired
	expect_cause certificate-expired
}

@test "a certificate with nine days left is a warning here, in the capture, and of the file" {
	run ! tlsdiag probe --ca "$CERTS/root.pem" --fail-on warning --max-version TLS1.2 \
		--write-pcap "$BATS_TEST_TMPDIR/soon.pcap" "localhost:$(live_port soon)"
	expect_status 1
	expect_output 'expires in 9 days'
	run tlsdiag pcap --ca "$CERTS/root.pem" --fail-on warning "$BATS_TEST_TMPDIR/soon.pcap"
	expect_status 1
	expect_output certificate-expires-soon
	run tlsdiag check --cert "$CERTS/soon.pem" --key "$CERTS/soon.key" --fail-on warning
	expect_status 1
	expect_output certificate-expires-soon
	for days in 9 0; do
		tlsdiag probe --ca "$CERTS/root.pem" --fail-on warning --expires-soon "$days" \
			"localhost:$(live_port soon)"
		tlsdiag check --cert "$CERTS/soon.pem" --key "$CERTS/soon.key" --fail-on warning \
			--expires-soon "$days"
	done
	tlsdiag probe --ca "$CERTS/root.pem" "localhost:$(live_port soon)"
	run -2 tlsdiag probe --expires-soon many "localhost:$(live_port soon)"
	run -2 tlsdiag check --expires-soon -1 "$CERTS/soon.pem"
}

@test "a certificate of next year" {
	live future
	expect_cause certificate-not-yet-valid
}

@test "a certificate for another name" {
	live elsewhere
	expect_cause name-mismatch
}

@test "a name that was not asked for" {
	live openssl --name device.example
	expect_cause name-mismatch
}

@test "a root that is not trusted" {
	live_run probe --ca "$CERTS/other-root.pem" "localhost:$(live_port openssl)"
	expect_cause ca-not-trusted
}

@test "an intermediate that the server does not send" {
	live bare
	expect_cause intermediate-missing
}

@test "a key that is not the certificate's" {
	needs_mbedtls_server
	live stray --max-version TLS1.2
	expect_cause wrong-private-key
	expect_of '.diagnoses[0].confidence' certain
	live stray
	expect_cause wrong-private-key
}

@test "a key that is too short, and a signature with SHA-1" {
	needs_mbedtls_server
	live short
	expect_cause weak-key
	live sha1
	expect_cause weak-signature
}

# --- nothing in common

@test "RSA-PSS in TLS 1.2, which mbedTLS 3 offers and cannot verify, is gone round" {
	live rsa12
	expect_well
	expect_of .diagnoses '[]'
	live rsa12 --client mbedtls
	expect_status 0
	expect_of '[.summary.handshakes, .summary.completed] | tojson' '[1,1]'
	if has_tls13; then
		expect_of '[.diagnoses[] | [.id, .severity]] | tojson' '[["library-limit","note"]]'
	else
		expect_of .diagnoses '[]'
	fi
	live pss12 --client mbedtls
	if has_tls13; then # there is no way round: what the first attempt met is told
		expect_cause library-limit
	fi
}

@test "no group in common" {
	live p256 --max-version TLS1.2 --groups secp521r1
	expect_cause no-common-group
}

@test "no suite in common" {
	live aes256 --suites TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA --max-version TLS1.2
	expect_cause no-common-cipher-suite
}

# mbedTLS 2.28 can only leave hashes out: what it offers of each is with RSA and with ECDSA.
@test "no signature scheme in common" {
	live sha256 --sigalgs rsa_pkcs1_sha512,ecdsa_secp521r1_sha512
	expect_cause no-common-signature-scheme
}

@test "no version in common" {
	live tls13 --max-version TLS1.2
	expect_cause no-common-version
	live aes256 --max-version TLS1.2 --at 2020-01-01
	expect_cause certificate-not-yet-valid
	live aes256
	expect_well
	has_tls13 || return 0
	live aes256 --min-version TLS1.3
	expect_cause no-common-version
}

@test "a library without TLS 1.3 says so at a server that wants it" {
	! has_tls13 || skip 'this mbedTLS has TLS 1.3'
	live tls13 --client mbedtls
	expect_cause no-common-version
	expect_output 'has no TLS 1.3'
}

@test "the own client speaks TLS 1.3 whatever the library does" {
	live tls13 --expect version=TLS1.3
	expect_well
	expect_of '.handshakes[0].certificates.server | length' 2
	expect_of '.summary.handshakes' 1
	for groups in secp521r1 x448 ffdhe2048 secp384r1,x25519; do
		live tls13 --client diag --groups $groups --expect version=TLS1.3
		expect_well
	done
	# a list that leaves TLS 1.3 nothing is no reason to fail
	live openssl --client diag --suites TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 --expect version=TLS1.2
	expect_well
	live aes256 --client both --max-version TLS1.2
	expect_well
	expect_of '.summary.completed' 2
}

@test "where the own client does not complete, mbedTLS's has its say beside it" {
	live expired --attempts 2 --max-version TLS1.2
	expect_cause certificate-expired
	expect_of '[.handshakes[].outcome] | unique | join(" ")' failed
	expect_of '[.handshakes[].offered.cipher_suites | length] | unique | length' 2
}

# --- client certificates

@test "a client certificate that is wanted and shown" {
	live mutual --cert "$CERTS/client.pem" --key "$CERTS/client.key"
	expect_well
	needs_mbedtls_server
	live mutual-mbedtls --cert "$CERTS/client.pem" --key "$CERTS/client.key"
	expect_well
}

@test "a client certificate that is wanted and not shown" {
	live mutual
	expect_cause client-certificate-missing
	live mutual --max-version TLS1.2
	expect_cause client-certificate-missing
	needs_mbedtls_server
	live mutual-mbedtls --max-version TLS1.2
	expect_cause client-certificate-missing
}

@test "a client certificate of an issuer that the server does not know" {
	live mutual --cert "$CERTS/foreign.pem" --key "$CERTS/foreign.key"
	expect_cause client-certificate-untrusted
	live mutual --max-version TLS1.2 --cert "$CERTS/foreign.pem" --key "$CERTS/foreign.key"
	expect_cause client-certificate-untrusted
	needs_mbedtls_server
	live mutual-mbedtls --max-version TLS1.2 --cert "$CERTS/foreign.pem" --key "$CERTS/foreign.key"
	expect_cause client-certificate-untrusted
}

@test "a server that drops the connection over a client certificate is not well" {
	live drop-after-finished --attempts 1
	expect_cause client-certificate-missing
	expect_of '.handshakes[0].ending' fin
	live drop-after-finished --attempts 1 --cert "$CERTS/client.pem" --key "$CERTS/client.key"
	expect_status 1
	expect_of '.summary.failed' 1
}

@test "what the server wanted of the client is known in TLS 1.3, too" {
	live mutual --attempts 1 --cert "$CERTS/client.pem" --key "$CERTS/client.key" \
		--expect client-certificate=true
	expect_well
	live tls13 --attempts 1 --expect client-certificate=false
	expect_well
}

@test "a server that closes when it is told to ends the probe, one that stays open does not hold it" {
	for version in TLS1.2 TLS1.3; do
		live openssl --max-version $version --write-pcap "$BATS_TEST_TMPDIR/closed.pcap"
		expect_well
		# Nobody has waited for a time to pass: the last word is the server's, its close_notify.
		[ "$(tshark -r "$BATS_TEST_TMPDIR/closed.pcap" -Y 'tcp.len>0' -T fields -e tcp.srcport \
			2>/dev/null | tail -n 1)" = "$(live_port openssl)" ]
		rm "$BATS_TEST_TMPDIR/closed.pcap"
		live stay-open --max-version $version
		expect_well
	done
}

@test "a client key that is not the client certificate's" {
	live mutual --max-version TLS1.2 --cert "$CERTS/client.pem" --key "$CERTS/stray.key"
	expect_cause client-key-mismatch
}

# --- no TLS, or not for long

@test "a server that says nothing" {
	for mode in silent silent-after-hello; do
		live "$mode" --timeout 1
		expect_cause server-silent
	done
}

@test "a server that closes" {
	for mode in close close-after-hello half-record-close; do
		live "$mode"
		expect_cause peer-closed
	done
}

@test "a server that resets" {
	for mode in reset reset-after-hello; do
		live "$mode"
		expect_cause connection-reset
	done
}

@test "HTTP, SSH, SMTP and noise where TLS should be" {
	live http
	expect_cause plain-http
	live ssh --timeout 2
	expect_cause not-tls
	expect_output SSH
	live smtp --timeout 2
	expect_cause starttls-needed
	live garbage --timeout 2
	expect_cause not-tls
}

@test "half a message, and then nothing" {
	live half-record-close
	expect_output 'closed the connection in the middle of its ServerHello'
	live half-record-silent --timeout 1
	expect_cause peer-closed
	expect_output 'stopped in the middle of its ServerHello'
}

@test "a port on which nobody listens" {
	live_run probe "localhost:$(free_port)"
	expect_of '.diagnoses[0].id' connection-refused
	expect_status 3
}

@test "a name that does not exist" {
	live_run probe no-such-host.invalid
	expect_status 3
	expect_output no-such-host.invalid
}

# with_hosts LINE... -- COMMAND...: with these lines as the hosts file, in a mount namespace of its own.
with_hosts() {
	local hosts=$BATS_TEST_TMPDIR/hosts
	: >"$hosts"
	while [ "$1" != -- ]; do
		echo "$1" >>"$hosts"
		shift
	done
	shift
	# shellcheck disable=SC2016 # the inner shell's
	unshare -m sh -c 'mount --bind "$0" /etc/hosts && exec "$@"' "$hosts" "$@"
}

@test "a name with several addresses, of which one answers" {
	with_hosts -- true 2>/dev/null || skip "a mount namespace needs root"
	python3 -c 'import socket; socket.socket(socket.AF_INET6)' 2>/dev/null || skip 'no IPv6 here'
	run with_hosts '::1 two.example' '127.0.0.1 two.example' -- \
		"$TLSDIAG" probe --ca "$CERTS/root.pem" --name localhost "two.example:$(live_port openssl)"
	expect_status 0
	expect_output 'other addresses that do not answer: [::1]:'
	expect_output '1 handshake completed'
}

@test "a name with several addresses, of which none answers" {
	with_hosts -- true 2>/dev/null || skip "a mount namespace needs root"
	run with_hosts '127.0.0.9 two.example' '127.0.0.8 two.example' -- \
		"$TLSDIAG" probe --json "two.example:$(free_port)"
	expect_status 3
	[ "$(jq -c '[.diagnoses[] | [.id, .severity]] | unique' <<<"$output")" = '[["connection-refused","error"]]' ]
}

@test "two names at one address are two servers, each with its own verdict" {
	with_hosts -- true 2>/dev/null || skip "a mount namespace needs root"
	port=$(live_port names)
	told_by_names() {
		report=$BATS_TEST_TMPDIR/report.json
		run -1 --separate-stderr with_hosts '127.0.0.1 a.example b.example' -- "$TLSDIAG" probe --json \
			--junit "$BATS_TEST_TMPDIR/junit.xml" --sarif "$BATS_TEST_TMPDIR/a.sarif" --fail-on warning \
			--ca "$CERTS/root.pem" --name localhost --expect 'days-left>=30' "$@"
		printf '%s' "$output" >"$report"
	}
	for order in "a.example b.example" "b.example a.example"; do
		# shellcheck disable=SC2046,SC2086 # two words
		told_by_names $(printf "%s:$port " $order)
		[ "$(jq -c '[.expectations[] | [.target, .status, .message]] | sort' "$report")" = \
			"$(jq -nc --arg a "a.example:$port" --arg b "b.example:$port" --arg days "$(jq -r \
				'.expectations[] | select(.target | startswith("a")) | .message' "$report")" \
				'[[$a, "pass", $days], [$b, "fail", "is 9"]]')" ]
		[ "$(jq -c '[.servers[] | [.server, .completed]] | unique' "$report")" = "[[\"127.0.0.1:$port\",1]]" ]
		cases=$(python3 tests/schema/junit.py "$BATS_TEST_TMPDIR/junit.xml" | cut -f 1-3)
		grep -qxF "a.example:$port"$'\t''expect days-left>=30'$'\t'passed <<<"$cases"
		grep -qxF "b.example:$port"$'\t''expect days-left>=30'$'\t'failed <<<"$cases"
	done
}

@test "one target that is well does not hide another that is not" {
	live_run probe --ca "$CERTS/root.pem" "localhost:$(live_port openssl)" "localhost:$(live_port expired)"
	expect_cause certificate-expired
	expect_of '.summary.completed > 0' true
}

# --- before TLS

@test "STARTTLS in eight protocols" {
	for protocol in smtp imap pop3 ftp ldap xmpp postgres mysql; do
		live "starttls-$protocol" --starttls "$protocol"
		expect_well
	done
}

@test "a server that refuses STARTTLS is quoted, and counts as not reached" {
	while read -r protocol words; do
		live "refuse-$protocol" --starttls "$protocol" --timeout 2
		expect_status 3
		expect_output "$words"
	done <<-'END'
		smtp 454 4.7.0 TLS not available
		imap BAD TLS is disabled.
		pop3 -ERR TLS is disabled.
		ftp 530 Please login with USER and PASS.
		ldap unsupported extended operation
		xmpp <failure
		postgres PostgreSQL server refuses SSLRequest
		mysql without CLIENT_SSL
	END
}

@test "STARTTLS with a server of another protocol, or with none" {
	live starttls-smtp --starttls imap --timeout 2
	expect_status 3
	expect_output '220'
	live silent --starttls smtp --timeout 1
	expect_status 3
	live close --starttls smtp
	expect_status 3
}

@test "a proxy that connects, and one that wants credentials" {
	live openssl --proxy "localhost:$(live_port proxy)"
	expect_well
	live openssl --proxy "localhost:$(live_port proxy-wants-credentials)"
	expect_status 3
	expect_output 407
	live openssl --proxy "localhost:$(free_port)"
	expect_status 3
}

# --- what is written

@test "a capture of the probe gives the same diagnoses" {
	needs_mbedtls_server
	for server in openssl expired bare stray p256 mutual http silent half-record-close reset-after-hello; do
		live "$server" --max-version TLS1.2 --timeout 1 --write-pcap "$BATS_TEST_TMPDIR/talk.pcap"
		before=$(of_report '.diagnoses[].id')
		told pcap --json --ca "$CERTS/root.pem" --name localhost "$BATS_TEST_TMPDIR/talk.pcap"
		expect_of '[.diagnoses[].id] | join("\n")' "$before"
	done
}

@test "the capture and the key log are read by tshark" {
	for version in TLS1.2 TLS1.3; do
		live openssl --min-version $version --max-version $version \
			--write-pcap "$BATS_TEST_TMPDIR/talk.pcap" --keylog "$BATS_TEST_TMPDIR/keys"
		expect_well
		[ "$(stat -c %a "$BATS_TEST_TMPDIR/keys")" = 600 ]
		tshark -r "$BATS_TEST_TMPDIR/talk.pcap" -o "tls.keylog_file:$BATS_TEST_TMPDIR/keys" -d tcp.port==1-65535,tls \
			-T fields -e tls.handshake.type -Y tls.handshake >"$BATS_TEST_TMPDIR/types" 2>/dev/null
		# 20 is Finished, which only the keys can show; both sides send one.
		[ "$(tr ',' '\n' <"$BATS_TEST_TMPDIR/types" | grep -cx 20)" -eq 2 ]
	done
}

@test "a server that fails is asked again, as often as wanted" {
	live p256 --max-version TLS1.2 --groups secp521r1
	expect_of '.handshakes | length' 3
	live p256 --max-version TLS1.2 --groups secp521r1 --attempts 5
	expect_of '.handshakes | length' 5
	live p256 --max-version TLS1.2 --groups secp521r1 --attempts 1
	expect_of '.handshakes | length' 1
	live openssl --attempts 5
	expect_of '.handshakes | length' 1
}

@test "an expectation that fails is a problem, one that holds is none" {
	live openssl --max-version TLS1.2 --alpn mqtt --expect version=TLS1.2 --expect alpn=mqtt \
		--expect 'days-left>=30' --expect resumed=true
	expect_status 0
	live openssl --max-version TLS1.2 --expect version=TLS1.3
	expect_status 1
	live openssl --expect 'days-left>=99999'
	expect_status 1
}

@test "the JSON of every outcome fits the schema" {
	for words in openssl expired silent garbage refuse-smtp; do
		options=()
		[ "$words" != refuse-smtp ] || options=(--starttls smtp)
		live "$words" --timeout 1 --expect version=TLS1.2 "${options[@]}"
		fits_schema document
	done
	live_run probe "localhost:$(free_port)" no-such-host.invalid
	fits_schema document
	told probe --ndjson --ca "$CERTS/root.pem" --expect 'days-left>=30' \
		"localhost:$(live_port openssl)" "localhost:$(live_port expired)"
	expect_status 1
	fits_schema ndjson
}

@test "a report for people names the target, and keeps to 80 columns" {
	run tlsdiag probe --ca "$CERTS/root.pem" "localhost:$(live_port expired)"
	expect_status 1
	expect_output "localhost:$(live_port expired)"
	expect_output certificate-expired
	run env LC_ALL=C grep -nE '^.{81}|[^ -~]| $' <<<"$output"
	expect_status 1
}

@test "a command line that cannot be is refused before anything is sent" {
	for words in '' '--max-version TLS9 localhost' '--suites no-such-suite localhost' 'localhost:99999' \
		'--starttls gopher localhost' '--client nobody localhost' '--attempts 0 localhost' '--timeout 0 localhost' \
		'--expect no-such-key=1 localhost' '--min-version TLS1.3 --max-version TLS1.2 localhost'; do
		# shellcheck disable=SC2086 # words
		run tlsdiag probe $words
		expect_status 2
	done
	run tlsdiag probe --ca /nonexistent.pem localhost
	expect_status 3
	has_tls13 || {
		run tlsdiag probe --client mbedtls --min-version TLS1.3 localhost
		expect_status 2
		expect_output 'has no TLS1.3'
	}
}

# --- manners

# established PORT: has a client connected to it? (01 is ESTABLISHED.)
established() {
	awk -v port="$(printf ':%04X' "$1")" '
		$4 == "01" && substr($3, length($3) - 4) == port { found = 1 }
		END { exit !found }' /proc/net/tcp
}

gone() {
	! established "$1"
}

@test "a signal leaves no half-written file" {
	for signal in TERM INT; do
		# A program started in the background of a script ignores INT unless told otherwise.
		env --default-signal "$TLSDIAG" probe --timeout 30 --json --write-pcap "$BATS_TEST_TMPDIR/talk.pcap" \
			--keylog "$BATS_TEST_TMPDIR/keys" "localhost:$(live_port silent)" \
			>"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
		pid=$!
		live_wait established "$(live_port silent)"
		kill -"$signal" "$pid"
		status=0
		wait "$pid" || status=$?
		[ "$status" -gt 128 ]
		[ -z "$(find "$BATS_TEST_TMPDIR" -name '*talk.pcap*' -o -name '*keys*')" ]
		live_wait gone "$(live_port silent)"
	done
}

@test "a reader that goes away leaves the files whole, and no complaint" {
	for form in --json --color=never; do
		rm -f "$BATS_TEST_TMPDIR/talk.pcap"
		run bash -c '{ "$TLSDIAG" probe --attempts 1 "$@" 2>&3 | true; } 3>&1' _ "$form" \
			--write-pcap "$BATS_TEST_TMPDIR/talk.pcap" "localhost:$(live_port expired)"
		[ -z "$output" ]
		[ ! -e "$BATS_TEST_TMPDIR/talk.pcap" ] || "$TLSDIAG" pcap "$BATS_TEST_TMPDIR/talk.pcap"
	done
}

# with_valgrind OPTION...: a probe under valgrind, which ends with 99 on a bad access or a leak.
with_valgrind() {
	status=0
	timeout 60 valgrind --quiet --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,possible \
		--track-fds=yes --log-file="$BATS_TEST_TMPDIR/valgrind" "$TLSDIAG" probe --attempts 1 \
		--ca "$CERTS/root.pem" "$@" >/dev/null 2>&1 || status=$?
	output=$(<"$BATS_TEST_TMPDIR/valgrind")
}

# expect_closed: no descriptor was open at the end but those that bats had opened.
expect_closed() {
	local open inherited
	open=$(grep -c 'Open .*descriptor\|Open .*socket' <<<"$output") || :
	inherited=$(grep -c 'inherited from parent' <<<"$output") || :
	[ "$open" -eq "$inherited" ] || {
		echo "$output"
		return 1
	}
}

@test "memory and descriptors are given back" {
	command -v valgrind >/dev/null || skip 'no valgrind here'
	! grep -q __asan_init "$TLSDIAG" || skip 'this program checks itself'
	while read -r wanted words; do
		# shellcheck disable=SC2086 # words
		with_valgrind --write-pcap "$BATS_TEST_TMPDIR/talk.pcap" $words
		expect_status "$wanted"
		expect_closed
	done <<-END
		0 localhost:$(live_port openssl)
		1 localhost:$(live_port expired)
		1 localhost:$(live_port reset)
		3 --starttls smtp localhost:$(live_port refuse-smtp)
		3 localhost:$(free_port)
	END
}
