/* Pasted texts: what is found in them, and what is not taken for anything. */
#include "base/array.h"
#include "base/strbuf.h"
#include "names/names.h"
#include "names/pages.h"
#include "names/paste.h"
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>

/* "ECONNRESET; alert 40; scheme ecdsa_secp521r1_sha512": what was found, in its order. */
static void describe(const struct paste *p, struct strbuf *out)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct paste_find *f = &p->finds[i];

		strbuf_puts(out, i != 0 ? "; " : "");
		switch (f->kind) {
		case PASTE_CODE:
			for (size_t k = 0; k < f->n_matches; k++)
				strbuf_printf(
					out, "%s%s", k != 0 ? " or " : "", f->match[k].code->name);
			break;
		case PASTE_ALERT:
			strbuf_printf(out, "alert %u", f->value);
			break;
		case PASTE_SCHEME:
			strbuf_printf(out, "scheme %s", name_scheme((uint16_t)f->value));
			break;
		case PASTE_GROUP:
			strbuf_printf(out, "group %s", name_group((uint16_t)f->value));
			break;
		case PASTE_SUITE:
			strbuf_printf(out, "suite %s", name_cipher_suite((uint16_t)f->value));
			break;
		case PASTE_EXTENSION:
			strbuf_printf(out, "extension %s", name_extension((uint16_t)f->value));
			break;
		case PASTE_SAYING:
			strbuf_printf(out, "%s: %s", f->sentence->program,
				saying_id(f->sentence->saying));
			break;
		}
	}
}

static void expect(const char *text, const char *found)
{
	struct strbuf words = { 0 };
	struct paste p;

	assert_true(paste_read(bytes_of(text, strlen(text)), &p));
	describe(&p, &words);
	if (strcmp(strbuf_text(&words), found) != 0)
		fail_msg("'%s' gives '%s', not '%s'", text, strbuf_text(&words), found);
	for (size_t i = 0; i < p.n; i++)
		assert_true(p.finds[i].at + p.finds[i].len <= strlen(text));
	strbuf_free(&words);
	paste_free(&p);
}

struct row {
	const char *text, *found;
};

static void expect_all(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		expect(rows[i].text, rows[i].found);
}

static void test_paste__lines_of_logs_give_their_codes(void **state)
{
	static const struct row rows[] = {
		{ "mbedtls_pk_verify() returned -19968 (-0x4e00)",
			"MBEDTLS_ERR_ECP_VERIFY_FAILED" },
		{ "Last error was: -0x4c80 - ECP - The private or public key is invalid",
			"MBEDTLS_ERR_ECP_INVALID_KEY" },
		{ " failed\n  ! mbedtls_ssl_handshake returned -0x7780\n\n",
			"MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE" },
		{ "OSError: -9984", "MBEDTLS_ERR_X509_CERT_VERIFY_FAILED" },
		{ "OSError: (-9984, 'MBEDTLS_ERR_X509_CERT_VERIFY_FAILED')",
			"MBEDTLS_ERR_X509_CERT_VERIFY_FAILED" },
		{ "errno 104", "ECONNRESET" },
		{ "[Errno 111] Connection refused", "ECONNREFUSED" },
		{ "Os { code: 104, kind: ConnectionReset, message: \"Connection reset by peer\" }",
			"ECONNRESET" },
		{ "FFFFB380", "MBEDTLS_ERR_ECP_INVALID_KEY" },
		{ "ret=FFFFB380", "MBEDTLS_ERR_ECP_INVALID_KEY" },
		{ "4294947968", "MBEDTLS_ERR_ECP_HW_ACCEL_FAILED" },
		{ "handshake: 4294947712 at line 12", "MBEDTLS_ERR_ECP_INVALID_KEY" },
		{ "returned -0x4C81",
			"MBEDTLS_ERR_ECP_INVALID_KEY or MBEDTLS_ERR_ERROR_GENERIC_ERROR" },
		{ "4c80", "MBEDTLS_ERR_ECP_INVALID_KEY" },
		{ "with the result 19584", "MBEDTLS_ERR_ECP_INVALID_KEY" },
		{ "E (8301) esp-tls: Failed to open new connection, error=0x8017",
			"ESP_ERR_MBEDTLS_SSL_SETUP_FAILED" },
		{ "E (4212) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x2700\n"
		  "E (4215) esp-tls: Failed to open new connection\n"
		  "E (4220) transport_base: Failed to open a new connection, error: "
		  "ESP_ERR_MBEDTLS_SSL_HANDSHAKE_FAILED (0x801A)",
			"MBEDTLS_ERR_X509_CERT_VERIFY_FAILED; "
			"ESP_ERR_MBEDTLS_SSL_HANDSHAKE_FAILED" },
		{ "error:0A000115:SSL routines::session id context uninitialized",
			"SSL_R_SESSION_ID_CONTEXT_UNINITIALIZED" },
		{ "139:error:14090086:SSL routines:ssl3_get_server_certificate:certificate verify "
		  "failed:s3_clnt.c:1264:",
			"SSL_R_CERTIFICATE_VERIFY_FAILED" },
		{ "error:1408F10B:SSL routines:ssl3_get_record:wrong version number",
			"SSL_R_WRONG_VERSION_NUMBER" },
		{ "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local "
		  "issuer certificate (_ssl.c:1129)",
			"SSL_R_CERTIFICATE_VERIFY_FAILED; "
			"X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY" },
		{ "verify error:num=20:unable to get local issuer certificate",
			"X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY" },
		{ "Verify return code: 21 (unable to verify the first certificate)",
			"X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE" },
		{ "wolfSSL_connect failed, error -188, ASN no signer error to confirm failure",
			"ASN_NO_SIGNER_E" },
		{ "curl: (60) SSL certificate problem: self signed certificate",
			"CURLE_PEER_FAILED_VERIFICATION; SSL certificate problem; "
			"X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT" },
		{ "curl: (35) something", "CURLE_SSL_CONNECT_ERROR" },
		{ "*** Fatal error: A TLS fatal alert has been received.",
			"GNUTLS_E_FATAL_ALERT_RECEIVED" },
		{ "BearSSL::WiFiClientSecure getLastSSLError = 54", "BR_ERR_X509_EXPIRED" },
		{ "BearSSL error 296", "BR_ERR_RECV_FATAL_ALERT; alert 40" },
		{ "Inner error 0x80090326", "SEC_E_ILLEGAL_MESSAGE" },
		{ "HRESULT -2146893018", "SEC_E_ILLEGAL_MESSAGE" },
		{ "SEC_E_UNTRUSTED_ROOT (0x80090325)", "SEC_E_UNTRUSTED_ROOT" },
		{ "[ERROR:ssl_client_socket_impl.cc(996)] handshake failed; returned -1, SSL error "
		  "code 1, net_error -201",
			"ERR_CERT_DATE_INVALID" },
		{ "psa_sign_hash returned -149", "PSA_ERROR_INVALID_SIGNATURE" },
		{ "CFNetwork SSLHandshake failed (-9807)", "errSSLXCertChainInvalid" },
		{ "TRANSPORT_BASE: Failed to open a new connection: 32774",
			"ESP_ERR_ESP_TLS_CONNECTION_TIMEOUT" },
		{ "Last tls stack error number: 0x2700", "MBEDTLS_ERR_X509_CERT_VERIFY_FAILED" },
		{ "(-16) BIGNUM - Memory allocation failed", "MBEDTLS_ERR_MPI_ALLOC_FAILED" },
		{ "(-76) UNKNOWN ERROR CODE (004C)", "MBEDTLS_ERR_NET_RECV_FAILED" },
		{ "OSError: -202", "EAI_FAIL" },
		{ "<err> mqtt: Error in connect: -111",
			"ERR_TUNNEL_CONNECTION_FAILED or ECONNREFUSED" },
		{ "ERR_SSL_WRONG_VERSION_NUMBER", "SSL_R_WRONG_VERSION_NUMBER" },
		{ "[X509: KEY_VALUES_MISMATCH] key values mismatch (_ssl.c:3874)",
			"X509_R_KEY_VALUES_MISMATCH" },
		{ "error:1C800064:Provider routines::bad decrypt",
			"PROV_R_BAD_DECRYPT; EVP_R_BAD_DECRYPT" },
		{ "error:02001002:system library:fopen:No such file or directory", "ENOENT" },
		{ "Event ID 36874, Schannel", "Schannel event 36874" },
		{ "WinHttpSendRequest: 12175", "ERROR_WINHTTP_SECURE_FAILURE" },
		{ "br_ssl_engine_last_error: 296", "BR_ERR_RECV_FATAL_ALERT; alert 40" },
	};

	(void)state;
	expect_all(rows, COUNT(rows));
}

static void test_paste__words_of_libraries_and_browsers_are_known(void **state)
{
	static const struct row rows[] = {
		{ "permitted subtree violation", "X509_V_ERR_PERMITTED_VIOLATION" },
		{ "Permitted\n   Subtree Violation", "X509_V_ERR_PERMITTED_VIOLATION" },
		{ "unable to get local issuer certificate",
			"X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY" },
		{ "NET::ERR_CERT_AUTHORITY_INVALID", "ERR_CERT_AUTHORITY_INVALID" },
		{ "net::ERR_SSL_PROTOCOL_ERROR", "ERR_SSL_PROTOCOL_ERROR" },
		{ "Error code: SSL_ERROR_NO_CYPHER_OVERLAP", "SSL_ERROR_NO_CYPHER_OVERLAP" },
		{ "Error code: SEC_ERROR_UNKNOWN_ISSUER", "SEC_ERROR_UNKNOWN_ISSUER" },
		{ "MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT", "MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT" },
		{ "PR_END_OF_FILE_ERROR", "PR_END_OF_FILE_ERROR" },
		{ "invalid peer certificate: UnknownIssuer", "InvalidCertificate(UnknownIssuer)" },
		{ "InvalidCertificate(Expired)", "InvalidCertificate(Expired)" },
		{ "peer is incompatible: NoCipherSuitesInCommon", "NoCipherSuitesInCommon" },
		{ "Get \"https://a.example\": x509: certificate signed by unknown authority",
			"x509: certificate signed by unknown authority" },
		{ "x509: certificate has expired or is not yet valid: current time 2026-01-01",
			"x509: certificate has expired or is not yet valid" },
		{ "tls: first record does not look like a TLS handshake",
			"tls: first record does not look like a TLS handshake" },
		{ "x509: cannot validate certificate for 192.0.2.1 because it doesn\xe2\x80\x99t "
		  "contain any IP SANs",
			"x509: cannot validate certificate for" },
		{ "javax.net.ssl.SSLHandshakeException: PKIX path building failed: "
		  "sun.security.provider.certpath.SunCertPathBuilderException: unable to find "
		  "valid "
		  "certification path to requested target",
			"PKIX path building failed" },
		{ "Unsupported or unrecognized SSL message",
			"Unsupported or unrecognized SSL message" },
		{ "The underlying connection was closed: Could not establish trust relationship "
		  "for "
		  "the SSL/TLS secure channel.",
			"Could not establish trust relationship for the SSL/TLS secure channel" },
		{ "BR_ERR_X509_NOT_TRUSTED", "BR_ERR_X509_NOT_TRUSTED" },
		{ "PSA_ERROR_INSUFFICIENT_MEMORY", "PSA_ERROR_INSUFFICIENT_MEMORY" },
		{ "! The certificate is not correctly signed by the trusted CA",
			"MBEDTLS_X509_BADCERT_NOT_TRUSTED" },
		{ "GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR",
			"GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR" },
		{ "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE" },
		{ "An existing connection was forcibly closed by the remote host",
			"WSAECONNRESET" },
	};

	(void)state;
	expect_all(rows, COUNT(rows));
}

static void test_paste__alerts_are_found_as_stacks_print_them(void **state)
{
	static const struct row rows[] = {
		{ "Illegal Parameter (47)", "alert 47" },
		{ "Alert (Level: Fatal, Description: Illegal Parameter)", "alert 47" },
		{ "SSL alert number 40", "alert 40" },
		{ "alert(21) handshake_failure(40)", "alert 40" },
		{ "Alert (21)", "alert 21" },
		{ "sslv3 alert handshake failure:s3_pkt.c:1472:SSL alert number 40",
			"SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE; alert 40" },
		{ "got an alert message, type: [2:40]", "alert 40" },
		{ "is a fatal alert message (msg 48)", "alert 48" },
		{ "*** Received alert [40]: Handshake failed", "alert 40" },
		{ "remote error: tls: bad certificate", "alert 42" },
		{ "remote error: tls: unknown certificate authority", "alert 48" },
		{ "remote error: tls: handshake failure", "alert 40" },
		{ "AlertReceived(HandshakeFailure)", "alert 40" },
		{ "received fatal alert: UnknownCA", "alert 48" },
		{ "Received fatal alert: handshake_failure", "alert 40" },
		{ "the client answers decrypt_error", "alert 51" },
		{ "bad certificate", "alert 42" },
		{ "Decode Error\n", "alert 50" },
		{ "\xe2\x80\x9cillegal_parameter\xe2\x80\x9d", "alert 47" },
		{ "The TLS protocol defined fatal error code is 70", "alert 70" },
		{ "<<< TLS 1.2, Alert [length 0002], fatal decrypt_error", "alert 51" },
		{ "alert 51 on one client and alert 47 on the other", "alert 51; alert 47" },
	};

	(void)state;
	expect_all(rows, COUNT(rows));
}

static void test_paste__names_of_tls_are_found(void **state)
{
	static const struct row rows[] = {
		{ "ecdsa_secp521r1_sha512 (0x0603)", "scheme ecdsa_secp521r1_sha512" },
		{ "Signature Algorithm: ecdsa_secp521r1_sha512 (0x0603)\n  Signature Length: 71",
			"scheme ecdsa_secp521r1_sha512" },
		{ "signature algorithm 0x0603", "scheme ecdsa_secp521r1_sha512" },
		{ "0x0603", "scheme ecdsa_secp521r1_sha512" },
		{ "named curve secp384r1 (0x0018)", "group secp384r1" },
		{ "P-256 and x25519.", "group secp256r1; group x25519" },
		{ "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 (0xc02c)",
			"suite TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" },
		{ "TLS-ECDHE-ECDSA-WITH-AES-256-GCM-SHA384",
			"suite TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" },
		{ "ECDHE-RSA-AES128-GCM-SHA256", "suite TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" },
		{ "cipher suite 0xC02C", "suite TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" },
		{ "0xc02c", "suite TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384; "
			    "MBEDTLS_ERR_PK_ALLOC_FAILED or MBEDTLS_ERR_CHACHAPOLY_BAD_STATE" },
		{ "extended_master_secret", "extension extended_master_secret" },
	};

	(void)state;
	expect_all(rows, COUNT(rows));
}

static void test_paste__a_number_alone_is_an_alert_first(void **state)
{
	static const struct row rows[] = {
		{ "47", "alert 47; MBEDTLS_ERR_MD5_HW_ACCEL_FAILED or "
			"X509_V_ERR_PERMITTED_VIOLATION "
			"or BR_ERR_X509_BAD_DN" },
		{ " 112\n", "alert 112; MBEDTLS_ERR_PLATFORM_HW_ACCEL_FAILED" },
		{ "-47", "MBEDTLS_ERR_MD5_HW_ACCEL_FAILED or "
			 "GNUTLS_E_X509_UNSUPPORTED_CRITICAL_EXTENSION" },
		{ "-0x4C80", "MBEDTLS_ERR_ECP_INVALID_KEY" },
	};
	struct paste p;

	(void)state;
	assert_true(paste_read(bytes_of("47", 2), &p));
	assert_true(p.n == 2 && p.finds[0].kind == PASTE_ALERT && p.finds[0].value == 47);
	paste_free(&p);
	expect_all(rows, COUNT(rows));
}

static void test_paste__a_number_of_tls_alone_is_that_first(void **state)
{
	static const struct row rows[] = {
		{ "0xC02C", "suite TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384; "
			    "MBEDTLS_ERR_PK_ALLOC_FAILED or MBEDTLS_ERR_CHACHAPOLY_BAD_STATE" },
		{ "c02c", "suite TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384; "
			  "MBEDTLS_ERR_PK_ALLOC_FAILED or MBEDTLS_ERR_CHACHAPOLY_BAD_STATE" },
		{ "{0xC0,0x2C}", "suite TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" },
		{ "0x13, 0x01", "suite TLS_AES_128_GCM_SHA256" },
		{ "0x1301", "suite TLS_AES_128_GCM_SHA256; MBEDTLS_ERR_PEM_PASSWORD_REQUIRED or "
			    "MBEDTLS_ERR_ERROR_GENERIC_ERROR" },
		{ "0x11EC", "group X25519MLKEM768; MBEDTLS_ERR_PEM_ALLOC_FAILED or "
			    "MBEDTLS_ERR_ASN1_BUF_TOO_SMALL" },
		{ "0x0018", "group secp384r1; MBEDTLS_ERR_BLOWFISH_INVALID_INPUT_LENGTH; extension "
			    "token_binding" },
		{ "0x0804", "scheme rsa_pss_rsae_sha256" },
		{ "0x28", "alert 40; MBEDTLS_ERR_XTEA_INVALID_INPUT_LENGTH" },
		/* codes that are as plain as they come */
		{ "0x2700", "MBEDTLS_ERR_X509_CERT_VERIFY_FAILED" },
		{ "0x0010", "MBEDTLS_ERR_MPI_ALLOC_FAILED" },
		{ "-0xC02C", "" },
	};

	(void)state;
	expect_all(rows, COUNT(rows));
}

static void test_paste__sentences_of_mbedtls_are_its_codes(void **state)
{
	static const struct row rows[] = {
		{ "SSL - A fatal alert message was received from our peer",
			"MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE" },
		{ "SSL - A fatal alert message was rec", "MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE" },
		{ "A fatal alert message was received from our peer",
			"MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE" },
		{ "we get \"ECP - The signature is not valid\" on the device",
			"MBEDTLS_ERR_ECP_VERIFY_FAILED" },
		{ "it says ssl - the connection indicated an eof", "MBEDTLS_ERR_SSL_CONN_EOF" },
		{ "X509 - Certificate verification failed, e.g. CRL, CA or signature check "
		  "failed : BIGNUM - Memory allocation failed",
			"MBEDTLS_ERR_X509_CERT_VERIFY_FAILED or MBEDTLS_ERR_MPI_ALLOC_FAILED" },
		/* the same words of two modules, and what breaks off too early to be told */
		{ "SSL - Memory allocation failed", "MBEDTLS_ERR_SSL_ALLOC_FAILED" },
		{ "PK - Memory allocation failed", "MBEDTLS_ERR_PK_ALLOC_FAILED" },
		{ "Memory allocation failed", "" },
		{ "SSL - A fatal", "" },
		{ "SSL - A fatal flaw of design", "" },
		{ "SSL - Processing of the S", "MBEDTLS_ERR_SSL_BAD_HS_SERVER_HELLO or "
					       "MBEDTLS_ERR_SSL_BAD_HS_SERVER_KEY_EXCHANGE or "
					       "MBEDTLS_ERR_SSL_BAD_HS_SERVER_HELLO_DONE" },
	};

	(void)state;
	expect_all(rows, COUNT(rows));
}

static void test_paste__prose_and_other_numbers_are_passed_over(void **state)
{
	static const char *const rows[] = { "", " \n", "hello", "It does not work.",
		"the server says internal error and I have 47 devices on port 4433",
		"at 12:33:10.123 line 1234 of ssl_tls.c in v3.6.2, 192.0.2.40:443",
		"I tried 3 times with 2048 bits and -5 degrees",
		"see issue 1234 and 0x41 in the dump", "mbedtls 2.28.3 with 16384 bytes of buffer",
		"2026-11-30 was -30 days ago", "alert the user", "alerts 1234 times",
		"a decode error of mine", "code 12345678901234", "-", "0x", "'\"(",
		"\xff\xfe\x00\x01", "a handshake failure I cannot explain", "an access denied page",
		"user canceled the order", "commit 0a000086 of a branch",
		"returned 2, exit code 12", "deadbeef", "192.0.2.10:4433",
		"connection 104 of 300" };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		expect(rows[i], "");
}

/* What has no code: sentences of programs. */
static void test_paste__sentences_of_programs_are_known_by_what_they_state(void **state)
{
	static const struct row rows[] = {
		{ "Hostname/IP does not match certificate's altnames: Host: a. is not in the "
		  "cert's "
		  "altnames: DNS:b",
			"Node.js: peer_name" },
		{ "Error: socket hang up", "Node.js: peer_closed" },
		{ "net/http: TLS handshake timeout", "Go: timeout" },
		{ "tls handshake eof", "rustls: peer_closed" },
		{ "SSL peer shut down incorrectly", "Java: peer_closed" },
		{ "Chain could not be linked to a trust anchor.", "BearSSL: peer_untrusted" },
		{ "hostname '192.0.2.10' doesn't match 'device.example'", "Python: peer_name" },
		{ "400 No required SSL certificate was sent", "nginx: no_certificate_from_peer" },
		{ "Connection closed during SSL handshake", "HAProxy: peer_closed" },
		{ "AWS_ERROR_MQTT_UNEXPECTED_HANGUP", "AWS IoT: peer_closed" },
		{ "none of the cipher suites supported by the client application are supported by "
		  "the server",
			"Schannel: no_common_suite" },
		{ "server does not support SSL, but SSL was required", "PostgreSQL: not_tls" },
		{ "SSL_accept error from unknown[192.0.2.7]: lost connection",
			"Postfix: peer_closed" },
		{ "one line\nError: socket hang up\nand another", "Node.js: peer_closed" },
		/* what a code tells already is not told twice */
		{ "BR_ERR_X509_NOT_TRUSTED", "BR_ERR_X509_NOT_TRUSTED" },
		{ "remote error: tls: bad certificate", "alert 42" },
	};

	(void)state;
	expect_all(rows, COUNT(rows));
}

static void test_paste__who_sent_an_alert_is_told_by_the_words_around_it(void **state)
{
	static const struct {
		const char *text;
		enum paste_sender sender;
	} rows[] = {
		{ "remote error: tls: bad certificate", PASTE_SENDER_PEER },
		{ "SSL alert number 40", PASTE_SENDER_PEER },
		{ "is a fatal alert message (msg 48)", PASTE_SENDER_PEER },
		{ "received fatal alert: UnknownCA", PASTE_SENDER_PEER },
		{ "SSL3 alert read:fatal:handshake failure", PASTE_SENDER_PEER },
		{ "local error: tls: bad record MAC", PASTE_SENDER_SELF },
		{ "SSL3 alert write:fatal:unknown CA", PASTE_SENDER_SELF },
		{ "-> send alert level=2 message=48", PASTE_SENDER_SELF },
		{ "A fatal alert was generated and sent to the remote endpoint. The TLS protocol "
		  "defined fatal error code is 70.",
			PASTE_SENDER_SELF },
		{ "Alert (Level: Fatal, Description: Illegal Parameter)", PASTE_SENDER_UNKNOWN },
		{ "47", PASTE_SENDER_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct paste p;

		assert_true(paste_read(bytes_of(rows[i].text, strlen(rows[i].text)), &p));
		if (p.n == 0 || p.finds[0].kind != PASTE_ALERT ||
			p.finds[0].sender != rows[i].sender)
			fail_msg("the sender in '%s'", rows[i].text);
		paste_free(&p);
	}
}

static void test_paste__each_thing_is_told_once_in_order(void **state)
{
	(void)state;
	expect("it says -0x7780, and again -0x7780 (-30592); then alert 40, handshake_failure, "
	       "and at the end errno 104: Connection reset by peer",
		"MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE; alert 40; ECONNRESET");
}

static void test_paste__what_is_too_much_is_counted(void **state)
{
	struct strbuf text = { 0 };
	struct paste p;
	size_t n = 0;
	const struct code *code;

	(void)state;
	for (size_t i = 0; (code = code_at(i)) != NULL && n < PASTE_FINDS_MAX + 10; i++)
		if (code->library == CODE_NSS) {
			strbuf_printf(&text, "%s\n", code->name);
			n++;
		}
	assert_true(n == PASTE_FINDS_MAX + 10);
	assert_true(paste_read(bytes_of(strbuf_text(&text), text.len), &p));
	assert_int_equal(p.n, PASTE_FINDS_MAX);
	assert_int_equal(p.left_out, 10);
	assert_int_equal(p.unread, 0);
	paste_free(&p);
	strbuf_clear(&text);
	while (text.len < PASTE_TEXT_MAX)
		strbuf_puts(&text, "nothing here ");
	strbuf_puts(&text, "-0x4C80");
	assert_true(paste_read(bytes_of(strbuf_text(&text), text.len), &p));
	assert_int_equal(p.n, 0);
	assert_int_equal(p.unread, text.len - PASTE_TEXT_MAX);
	paste_free(&p);
	strbuf_free(&text);
}

/* The name of a code finds that code, and so does each thing that its library says instead. */
static void expect_finds(const struct code *code)
{
	const char *text = code->name;
	struct paste p;

	for (;;) {
		size_t len = text == code->name ? strlen(text) : strcspn(text, "|");

		assert_true(paste_read(bytes_of(text, len), &p));
		if (p.n == 0 || p.finds[0].kind != PASTE_CODE ||
			strcmp(p.finds[0].match[0].code->name, code->name) != 0)
			fail_msg("'%.*s' does not find %s", (int)len, text, code->name);
		paste_free(&p);
		if (text == code->name) {
			text = code->says;
		} else {
			text += len;
			text += *text == '|';
		}
		if (*text == '\0')
			return;
	}
}

/* What a code goes with has a page, and two codes of a library are not said alike. */
static void test_paste__what_codes_go_with_is_explained(void **state)
{
	const struct code *code;

	(void)state;
	for (size_t i = 0; (code = code_at(i)) != NULL; i++) {
		for (const char *ids = code->see; *ids != '\0'; ids += strspn(ids, " ")) {
			char id[64];
			size_t len = strcspn(ids, " ");

			(void)snprintf(id, sizeof id, "%.*s", (int)len, ids);
			if (rule_page_find(id) == NULL)
				fail_msg("%s names '%s', which has no page", code->name, id);
			ids += len;
		}
		assert_true(code->meaning[0] != '\0');
		if (code->kind == CODE_PLAIN && code->library != CODE_OPENSSL)
			expect_finds(code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paste__lines_of_logs_give_their_codes),
		cmocka_unit_test(test_paste__words_of_libraries_and_browsers_are_known),
		cmocka_unit_test(test_paste__alerts_are_found_as_stacks_print_them),
		cmocka_unit_test(test_paste__names_of_tls_are_found),
		cmocka_unit_test(test_paste__a_number_alone_is_an_alert_first),
		cmocka_unit_test(test_paste__a_number_of_tls_alone_is_that_first),
		cmocka_unit_test(test_paste__sentences_of_mbedtls_are_its_codes),
		cmocka_unit_test(test_paste__prose_and_other_numbers_are_passed_over),
		cmocka_unit_test(test_paste__sentences_of_programs_are_known_by_what_they_state),
		cmocka_unit_test(test_paste__who_sent_an_alert_is_told_by_the_words_around_it),
		cmocka_unit_test(test_paste__each_thing_is_told_once_in_order),
		cmocka_unit_test(test_paste__what_is_too_much_is_counted),
		cmocka_unit_test(test_paste__what_codes_go_with_is_explained),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
