#!/usr/bin/env bats
# What a configuration says of peers, held against the peers: `config --with-peer`, `probe --config`.

bats_require_minimum_version 1.5.0
load helpers
load ../live/servers
load ../live/probing

setup_file() {
	live_open
	live_openssl p521 good -groups P-521
	live_openssl chacha good -tls1_2 -cipher ECDHE-ECDSA-CHACHA20-POLY1305
	live_openssl tls13 good -tls1_3
	live_openssl good good
	forum_client >"$LIVE/client.h"
}

teardown_file() {
	live_close
}

# forum_client: the forum's configuration, as a client's.
forum_client() {
	cat fixtures/config/forum/config.h
	printf '#undef MBEDTLS_SSL_SRV_C\n#define MBEDTLS_SSL_CLI_C\n#undef MBEDTLS_SSL_MAX_CONTENT_LEN\n'
}

# library_header: the configuration of the library that the program under test is linked with.
library_header() {
	case $("$TLSDIAG" --version) in
	*'(mbedTLS 2.'*) echo /usr/include/mbedtls/config.h ;;
	*) echo build/mbedtls-3.6/sdk/include/mbedtls/mbedtls_config.h ;;
	esac
}

# meets CONFIG KIND CERT PEER...: that library's server, and hellos of known stacks.
meets() {
	have_mbedtls_server || skip 'no ssl_server2 here'
	run python3 -B tests/config/meet.py "$1" "$(mbedtls_server)" "$2" "$CERTS/$3-chain.pem" "$CERTS/$3.key" "${@:4}"
}

@test "what a server and known clients agree on is foretold, with an EC key" {
	meets "$(library_header)" EC good openssl-3.0 chrome rustls mbedtls-3.6 botan
	expect_status 0
	[ "${lines[-1]}" = '5 hellos as foretold, 0 not' ]
}

@test "what a server and known clients agree on is foretold, with an RSA key" {
	meets "$(library_header)" RSA rsa gnutls java-17 botan mbedtls-2.28
	expect_status 0
	[ "${lines[-1]}" = '4 hellos as foretold, 0 not' ]
}

@test "a server that was built with another configuration is not foretold" {
	meets tests/config/own-ecdsa.h EC good openssl-3.0
	expect_status 1
	[[ $output == *'openssl-3.0: foretold ['* ]]
}

@test "a probe says what a client of the build would, and a macro brings what the server wants" {
	live p521 --config "$LIVE/client.h"
	expect_cause no-common-group
	expect_of '.input.config | .said and .release == "2.28"' true
	expect_of '.handshakes[0].offered | .groups == ["0x0018", "0x0017"]' true
	expect_of '.diagnoses[0].next_steps[0] | startswith("define MBEDTLS_ECP_DP_SECP521R1_ENABLED in ")' true
	expect_of '.servers[0].configuration.of == "client"' true

	live chacha --config "$LIVE/client.h"
	expect_cause no-common-cipher-suite
	expect_of '.diagnoses[0].next_steps[0] | startswith("define MBEDTLS_CHACHAPOLY_C in ")' true
}

@test "what the build can do completes, and is well" {
	live good --config "$LIVE/client.h"
	expect_well
	expect_of '.input.config.said' true
	expect_of '.handshakes[0] | .version == "TLS1.2" and .cipher_suite.name == "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"' true
}

@test "a version that no macro of the release brings is said to be missing" {
	live tls13 --config "$LIVE/client.h"
	expect_cause no-common-version
}

# device CONFIG: a server of mbedTLS 2.28.3 that is built with it, as `device`.
device() {
	local src=build/mbedtls-sources/2.28.3
	[ -d "$src/library" ] || skip 'no sources of mbedTLS 2.28.3 here'
	gcc -O1 -w -I"$src/include" -I"$src/library" -I"$src/programs/ssl" -I"$src/tests/include" \
		-DMBEDTLS_CONFIG_FILE="\"$1\"" "$src"/library/*.c "$src"/programs/ssl/ssl_{server2,test_lib}.c \
		"$src"/programs/test/query_config.c "$src"/tests/src/*.c -o "$BATS_TEST_TMPDIR/device"
	live_serve device "$BATS_TEST_TMPDIR/device" server_addr=127.0.0.1 server_port=@PORT@ \
		crt_file="$CERTS/good-chain.pem" key_file="$CERTS/good.key"
}

@test "a device is built with a configuration, and what that lacks is told of it" {
	local config=$BATS_TEST_TMPDIR/device.h
	{
		cat tests/config/own-ecdsa.h
		printf '#define MBEDTLS_%s\n' FS_IO PEM_PARSE_C BASE64_C 'SSL_MAX_CONTENT_LEN 1024'
		printf '#include <limits.h>\n#include "mbedtls/check_config.h"\n'
	} >"$config"
	device "$config"

	live device --client diag --attempts 1 --config "$config"
	expect_well
	expect_of '.servers[0].configuration.of' server

	live device --client diag --attempts 1 --config "$config" --groups x25519
	expect_cause no-common-group
	expect_of '.diagnoses[0].confidence' certain
	expect_of '.diagnoses[0].next_steps[0] | startswith("define MBEDTLS_ECP_DP_CURVE25519_ENABLED in ")' true

	live device --client diag --attempts 1 --config "$config" --suites TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
	expect_cause no-common-cipher-suite
	expect_of '.diagnoses[0].confidence' certain
	expect_of '.diagnoses[0].next_steps[0] | startswith("define MBEDTLS_SHA512_C in ")' true

	live device --client diag --attempts 1 --config "$config" --min-version TLS1.3
	expect_cause no-common-version

	live device --hello openssl-3.5 --attempts 1 --config "$config"
	expect_cause record-too-large
	expect_of '.diagnoses[0].confidence' certain
}

@test "with another client, and of a build that is none, the file is evidence alone" {
	live good --config "$LIVE/client.h" --client diag
	expect_well
	expect_of '.input.config.said | not' true
	live good --config fixtures/config/forum/config.h
	expect_well
	expect_of '(.input.config.said | not) and .servers[0].configuration.of == "neither"' true
}
