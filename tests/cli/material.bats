#!/usr/bin/env bats
# Certificates and keys as OpenSSL makes them, of kinds that are met less often.

load helpers

# root NAME KIND-OPTION...: NAME.pem and NAME.key, a root 'CN=Root'.
root() {
	local name=$1
	shift
	openssl req -x509 "$@" -nodes -keyout "$name.key" -out "$name.pem" -subj /CN=Root -days 3000 2>/dev/null
}

setup_file() {
	export made=$BATS_FILE_TMPDIR
	cd "$made" || return 1
	root small -newkey rsa:2048
	root large -newkey rsa:3072
	root curve -newkey ec -pkeyopt ec_paramgen_curve:P-256
	openssl req -newkey rsa:2048 -nodes -keyout leaf.key -out leaf.csr -subj /CN=leaf.example 2>/dev/null
	openssl x509 -req -in leaf.csr -CA large.pem -CAkey large.key -set_serial 5 -out leaf.pem \
		-days 2000 2>/dev/null
	openssl genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:1024 -out dsa.params 2>/dev/null
	openssl genpkey -paramfile dsa.params -out dsa.key
	openssl req -x509 -key dsa.key -out dsa.pem -subj /CN=dsa.example -days 3000
}

# question ID: status and message of this check, of the report in $output.
question() {
	jq -r --arg id "$1" '.credentials[0].checks[] | select(.id == $id) | .status + ": " + .message' <<<"$output"
}

@test "of roots with one name the issuer is the one whose key could have signed" {
	for files in 'curve small large' 'large curve small'; do
		# shellcheck disable=SC2086 # words
		(cd "$made" && cat ${files// /.pem }.pem) >"$BATS_TEST_TMPDIR/cas.pem"
		run tlsdiag check --json --cert "$made/leaf.pem" --ca "$BATS_TEST_TMPDIR/cas.pem"
		expect_status 0
		[ "$(question chain-signatures)" = "pass: each certificate whose issuer is there is signed by that issuer's key" ]
		[[ "$(question chain-trusted)" == "pass: the chain ends at 'CN=Root'"* ]]
	done
	cd "$made" || return 1
	for files in 'leaf.pem curve.pem small.pem large.pem' 'large.pem small.pem leaf.pem curve.pem'; do
		# shellcheck disable=SC2086 # words
		run tlsdiag check --json $files
		[ "$(jq -c '.relations[] | select(.certificate == "leaf.pem") | [.issuer, .verified]' <<<"$output")" = \
			'["large.pem",true]' ]
	done
	cat curve.pem small.pem >"$BATS_TEST_TMPDIR/cas.pem"
	run tlsdiag check --json --cert "$made/leaf.pem" --ca "$BATS_TEST_TMPDIR/cas.pem"
	[ "$(question chain-trusted)" = 'fail: the chain reaches no certificate of the CA file' ]
	[[ "$(question chain-signatures)" == unknown:* ]]
}

@test "a trusted certificate of OpenSSL is read as the certificate in it" {
	openssl x509 -in "$made/large.pem" -trustout -setalias notes -out "$BATS_TEST_TMPDIR/trusted.pem"
	grep -q 'BEGIN TRUSTED CERTIFICATE' "$BATS_TEST_TMPDIR/trusted.pem"
	run tlsdiag check --json --cert "$made/leaf.pem" --ca "$BATS_TEST_TMPDIR/trusted.pem"
	expect_status 0
	[[ "$(question chain-trusted)" == pass:* ]]
}

@test "a DSA key has the size of its prime, and no suite" {
	run tlsdiag check "$made/dsa.pem" "$made/dsa.key"
	expect_output "'CN=dsa.example', DSA 1024"
	expect_output key-file-unusable
	expect_output 'has no keys of this kind'
}

@test "keys that the library lacks are told by their kind, and are not called broken" {
	openssl genpkey -algorithm ed25519 -out "$BATS_TEST_TMPDIR/ed.key"
	run tlsdiag check "$BATS_TEST_TMPDIR/ed.key"
	expect_status 1
	expect_output 'has no keys of this kind: Ed25519'
	expect_output 'use the key as it is'
	expect_output 'a private key, Ed25519'
	openssl ecparam -name prime256v1 -genkey -noout -param_enc explicit -out "$BATS_TEST_TMPDIR/explicit.key"
	openssl req -x509 -key "$BATS_TEST_TMPDIR/explicit.key" -subj /CN=explicit.example \
		-out "$BATS_TEST_TMPDIR/explicit.pem"
	run tlsdiag check "$BATS_TEST_TMPDIR/explicit.pem" "$BATS_TEST_TMPDIR/explicit.key"
	expect_output "'CN=explicit.example', EC 256, explicit curve"
}
