/* Sentences of programs: each pattern is found, the first that fits counts, and prose is passed over. */
#include "log/said.h"
#include "support/log_notes.h"

#include <stdio.h>

static struct bytes text_of(const char *s)
{
	return bytes_of(s, strlen(s));
}

/* With something for each "*" and around it; what is found stands in the table at the row or before it. */
static void test_sentence__every_row_is_found_in_a_line(void **state)
{
	const struct sentence *s;

	(void)state;
	for (size_t i = 0; (s = sentence_at(i)) != NULL; i++) {
		char line[512];
		size_t n = (size_t)snprintf(line, sizeof line, "[x] ");
		struct sentence_found f;

		for (const char *p = s->pattern; *p != '\0' && n < sizeof line - 8; p++)
			n += (size_t)snprintf(
				line + n, sizeof line - n, *p == '*' ? "~~" : "%c", *p);
		(void)snprintf(line + n, sizeof line - n, " ~");
		assert_true(sentence_fits(s, text_of(line)));
		f = sentence_find(text_of(line));
		if (s->saying == SAYING_NONE && s->alert == SENTENCE_NO_ALERT)
			assert_true(f.marked);
		else
			assert_true(f.sentence != NULL && f.sentence <= s);
	}
}

static void test_sentence__a_number_ends_where_its_digits_do(void **state)
{
	(void)state;
	assert_non_null(sentence_find(text_of("read: errno 104")).sentence);
	assert_null(sentence_find(text_of("read: errno 1041")).sentence);
	assert_null(sentence_find(text_of("read: errno 128")).sentence);
}

struct saying_case {
	const char *line;
	enum saying saying;
	int alert;
	enum sentence_side by;
};

static void test_said__what_programs_print(void **state)
{
	static const struct saying_case cases[] = {
		{ "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate "
		  "verify failed: certificate has expired (_ssl.c:1006)",
			SAYING_peer_expired, -1, SENTENCE_EITHER },
		{ "ssl.SSLError: [SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] sslv3 alert handshake "
		  "failure "
		  "(_ssl.c:1006)",
			SAYING_NONE, 40, SENTENCE_EITHER },
		{ "ssl.SSLError: [SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] tlsv13 alert",
			SAYING_NONE, 116, SENTENCE_EITHER },
		{ "  code: 'ERR_SSL_NO_SHARED_CIPHER'", SAYING_no_common_suite, -1,
			SENTENCE_SERVER },
		{ "http: TLS handshake error from 192.0.2.1:5: remote error: tls: unknown "
		  "certificate authority",
			SAYING_NONE, 48, SENTENCE_SERVER },
		{ "dial tcp 192.0.2.1:443: connect: connection refused", SAYING_refused, -1,
			SENTENCE_CLIENT },
		{ "x509: certificate is valid for a.example, not b.example", SAYING_peer_name, -1,
			SENTENCE_EITHER },
		{ "GnuTLS: received alert [112]: The server name sent was not recognized",
			SAYING_NONE, 112, SENTENCE_EITHER },
		{ "curl: (35) OpenSSL/3.0.19: error:0A00014D:SSL routines::legacy sigalg "
		  "disallowed or unsupported",
			SAYING_no_common_version, -1, SENTENCE_EITHER },
		{ "error:0A00018A:SSL routines::dh key too small", SAYING_peer_weak_group, -1,
			SENTENCE_EITHER },
		{ "SSL_CTX_use_certificate:ee key too small error:0A00018F:SSL routines::ee key "
		  "too small",
			SAYING_own_weak_key, -1, SENTENCE_EITHER },
		{ "error:0A0000B5:SSL routines::no ciphers available", SAYING_no_common_suite, -1,
			SENTENCE_EITHER },
		{ "error:0A0000C1:SSL routines::no shared cipher", SAYING_no_common_suite, -1,
			SENTENCE_SERVER },
		{ "failed: Connection refused.", SAYING_refused, -1, SENTENCE_CLIENT },
		{ "Error: received fatal alert: CertificateExpired", SAYING_NONE, 45,
			SENTENCE_EITHER },
		{ "javax.net.ssl.SSLHandshakeException: Received fatal alert: protocol_version",
			SAYING_NONE, 70, SENTENCE_EITHER },
		{ "2026/11/29 [info] 7#7: *1 SSL_do_handshake() failed (SSL: "
		  "error:0A000416:SSL routines::sslv3 alert certificate unknown:SSL alert number "
		  "46) while SSL handshaking, client: 192.0.2.1, server: 0.0.0.0:443",
			SAYING_NONE, 46, SENTENCE_SERVER },
		{ "OpenSSL Error[0]: error:0A000126:SSL routines::unexpected eof while reading",
			SAYING_peer_closed, -1, SENTENCE_EITHER },
		{ "AH02039: Certificate Verification: Error (20): unable to get local issuer "
		  "certificate",
			SAYING_peer_issuer_unknown, -1, SENTENCE_SERVER },
		{ "error:8000006F:system library::Connection refused", SAYING_refused, -1,
			SENTENCE_EITHER },
		{ "error:0A000086:lib(20)::reason(134)", SAYING_peer_refused, -1, SENTENCE_EITHER },
		{ "140:error:1407742E:SSL routines:SSL23_GET_SERVER_HELLO:tlsv1 alert protocol "
		  "version:s23_clnt.c:769:",
			SAYING_NONE, 70, SENTENCE_CLIENT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct said said;

		assert_true(said_find(text_of(cases[i].line), &said));
		assert_int_equal(said.saying, cases[i].saying);
		assert_int_equal(said.alert, cases[i].alert);
		assert_int_equal(said.by, cases[i].by);
	}
}

static void test_said__prose_is_passed_over(void **state)
{
	static const char *const lines[] = { "I think the certificate has expired, or has it?",
		"no, the handshake does not fail with the old firmware", "an error: nothing works",
		"we have no shared cipher suites list", "[SSL: see above] is what it said",
		"the connection was refused by my wife", "" };

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct said said;

		assert_false(said_find(text_of(lines[i]), &said) && said_tells(&said));
	}
}

/* The fingerprint at the end is no dump. */
static void test_words__with_a_fingerprint_behind_them_are_words(void **state)
{
	(void)state;
	assert_notes("cat: /: Fatal error: Certificate verification: The certificate is NOT "
		     "trusted. The "
		     "certificate issuer is unknown.  "
		     "(30:5E:2A:52:8C:A6:83:C7:90:69:26:B7:DB:83:B4:75:55:09:5E:72)\n",
		"conn 1 at 1: client=GnuTLS\n"
		"  1 client remark peer_issuer_unknown 'cat: /: Fatal error: Certificate "
		"verification: The certificate is NOT trusted. The certificate issuer is unknown.  "
		"(30:5E:2A:52:8C:A6:83:C7:90:69:26:B7:DB:83:B4'\n");
}

static void test_servers__a_number_of_nginx_is_a_connection(void **state)
{
	(void)state;
	assert_notes(
		"2026/11/30 22:52:15 [info] 18793#18793: *12 SSL_do_handshake() failed (SSL: "
		"error:0A0000C1:SSL routines::no shared cipher) while SSL handshaking, client: "
		"192.0.2.7, server: 192.0.2.1:443\n"
		"2026/11/30 22:52:15 [info] 18793#18793: *13 recv() failed (104: Connection reset "
		"by peer) while SSL handshaking, client: 192.0.2.8, server: 192.0.2.1:443\n"
		"2026/11/30 22:52:26 [info] 18793#18793: *18 handshake rejected while SSL "
		"handshaking, client: 192.0.2.9, server: 192.0.2.1:443\n",
		"conn 1 at 1: of-server client-at=192.0.2.7:0 server=OpenSSL "
		"server-at=192.0.2.1:443\n"
		"  1 server remark no_common_suite '[info] 18793#18793: *12 SSL_do_handshake() "
		"failed (SSL: error:0A0000C1:SSL routines::no shared cipher) while SSL "
		"handshaking, client: 192.0.2.7, server: 192.0.2'\n"
		"conn 2 at 2: of-server client-at=192.0.2.8:0 server-at=192.0.2.1:443\n"
		"  2 server remark reset '[info] 18793#18793: *13 recv() failed (104: Connection "
		"reset by peer) while SSL handshaking, client: 192.0.2.8, server: 192.0.2.1:443'\n"
		"  2 client end reset\n"
		"conn 3 at 3: of-server client-at=192.0.2.9:0 server-at=192.0.2.1:443\n"
		"  3 server remark sni '[info] 18793#18793: *18 handshake rejected while SSL "
		"handshaking, client: 192.0.2.9, server: 192.0.2.1:443'\n");
}

static void test_servers__a_thread_of_apache_is_a_connection(void **state)
{
	(void)state;
	assert_notes(
		"[Mon Nov 30 22:52:24.9 2026] [ssl:info] [pid 9:tid 19] [client 192.0.2.7:40742] "
		"AH01964: Connection to child 4 established (server localhost:443)\n"
		"[Mon Nov 30 22:52:24.9 2026] [ssl:info] [pid 9:tid 20] [client 192.0.2.8:40756] "
		"AH01964: Connection to child 5 established (server localhost:443)\n"
		"[Mon Nov 30 22:52:24.9 2026] [ssl:info] [pid 9:tid 19] [client 192.0.2.7:40742] "
		"AH02276: Certificate Verification: Error (10): certificate has expired [subject: "
		"CN=a]\n"
		"[Mon Nov 30 22:52:24.9 2026] [ssl:info] [pid 9:tid 20] SSL Library Error: "
		"error:0A000418:SSL routines::tlsv1 alert unknown ca (SSL alert number 48)\n"
		"[Mon Nov 30 22:52:24.9 2026] [ssl:info] [pid 9:tid 19] SSL Library Error: "
		"error:0A000086:SSL routines::certificate verify failed\n",
		"conn 1 at 1: of-server client-at=192.0.2.7:40742 server=OpenSSL\n"
		"  3 server remark peer_expired '[Mon Nov 30 22:52:24.9 2026] [ssl:info] [pid "
		"9:tid 19] [client 192.0.2.7:40742] AH02276: Certificate Verification: Error (10): "
		"certificate has expired [subject:'\n"
		"  5 server remark peer_refused '[Mon Nov 30 22:52:24.9 2026] [ssl:info] [pid "
		"9:tid 19] SSL Library Error: error:0A000086:SSL routines::certificate verify "
		"failed'\n"
		"conn 2 at 2: of-server client-at=192.0.2.8:40756 server=OpenSSL\n"
		"  4 client alert 2:48\n");
}

static void test_servers__a_thread_of_stunnel_is_a_connection(void **state)
{
	(void)state;
	assert_notes("2026.11.30 22:51:43 LOG5[0]: Service [mtls] accepted connection from "
		     "192.0.2.7:54604\n"
		     "2026.11.30 22:51:44 LOG5[1]: Service [mtls] accepted connection from "
		     "192.0.2.8:54614\n"
		     "2026.11.30 22:51:44 LOG6[0]: TLS accepted: new session negotiated\n"
		     "2026.11.30 22:51:44 LOG4[1]: CERT: Pre-verification error: unable to get "
		     "local issuer certificate\n"
		     "2026.11.30 22:51:44 LOG3[1]: SSL_accept: ../ssl/statem/statem_srvr.c:3530: "
		     "error:0A000086:SSL routines::certificate verify failed\n",
		"conn 1 at 1: of-server client-at=192.0.2.7:54604\n"
		"  3 server done\n"
		"conn 2 at 2: of-server client-at=192.0.2.8:54614 server=OpenSSL\n"
		"  4 server remark peer_issuer_unknown '2026.11.30 22:51:44 LOG4[1]: CERT: "
		"Pre-verification error: unable to get local issuer certificate'\n"
		"  5 server remark peer_refused '2026.11.30 22:51:44 LOG3[1]: SSL_accept: "
		"../ssl/statem/statem_srvr.c:3530: error:0A000086:SSL routines::certificate verify "
		"failed'\n");
}

static void test_servers__an_address_of_openvpn_or_haproxy_is_a_connection(void **state)
{
	(void)state;
	assert_notes("2026-11-30 22:51:41 192.0.2.30:50123 TLS: Initial packet from "
		     "[AF_INET]192.0.2.30:50123, sid=a1b2c3d4 e5f60718\n"
		     "2026-11-30 22:51:42 192.0.2.30:50123 VERIFY ERROR: depth=0, "
		     "error=certificate has expired: CN=client7, serial=4711\n"
		     "2026-11-30 22:51:42 192.0.2.30:50123 OpenSSL: error:0A000086:SSL "
		     "routines::certificate verify failed:\n"
		     "Nov 30 22:52:18 lb haproxy[99]: 192.0.2.52:47266 [30/Nov/2026:22:52:18.086] "
		     "mtls/1: SSL handshake failure (error:0A000418:SSL routines::tlsv1 alert "
		     "unknown ca)\n",
		"conn 1 at 2: of-server client-at=192.0.2.30:50123 server=OpenSSL\n"
		"  2 server remark peer_expired '192.0.2.30:50123 VERIFY ERROR: depth=0, "
		"error=certificate has expired: CN=client7, serial=4711'\n"
		"  3 server remark peer_refused '192.0.2.30:50123 OpenSSL: error:0A000086:SSL "
		"routines::certificate verify failed:'\n"
		"conn 2 at 4: of-server client-at=192.0.2.52:47266 server=OpenSSL\n"
		"  4 client alert 2:48\n");
}

static void test_servers__a_process_or_session_is_a_connection(void **state)
{
	(void)state;
	assert_notes(
		"Nov 30 22:51:41 mx postfix/smtpd[4711]: connect from unknown[192.0.2.77]\n"
		"Nov 30 22:51:41 mx postfix/smtpd[4712]: connect from unknown[192.0.2.78]\n"
		"Nov 30 22:51:41 mx postfix/smtpd[4711]: warning: TLS library problem: "
		"error:0A0000C1:SSL routines::no shared cipher:../ssl/statem/statem_srvr.c:2220:\n"
		"Nov 30 22:51:42 mx postfix/smtpd[4712]: Anonymous TLS connection established from "
		"unknown[192.0.2.78]: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384\n"
		"2026-11-30 22:51:42.1 UTC [4713] LOG:  could not accept SSL connection: "
		"certificate verify failed\n"
		"2026-11-30 22:51:42.1 UTC [4713] DETAIL:  Client certificate verification failed "
		"at depth 0: unable to get local issuer certificate.\n"
		"Nov 30 22:52:41 mail dovecot: pop3-login: Disconnected: user=<>, rip=192.0.2.11, "
		"lip=192.0.2.20, TLS handshaking: SSL_accept() failed: error:0A000102:SSL "
		"routines::unsupported protocol, session=<q3AbCdEf>\n",
		"conn 1 at 1: of-server client-at=192.0.2.77:0 server=OpenSSL\n"
		"  3 server remark no_common_suite 'warning: TLS library problem: "
		"error:0A0000C1:SSL routines::no shared cipher:../ssl/statem/statem_srvr.c:2220:'\n"
		"conn 2 at 2: of-server client-at=192.0.2.78:0\n"
		"  4 server done\n"
		"conn 3 at 5: of-server server=OpenSSL\n"
		"  5 server remark peer_refused '[4713] LOG:  could not accept SSL connection: "
		"certificate verify failed'\n"
		"  6 server remark peer_issuer_unknown '[4713] DETAIL:  Client certificate "
		"verification failed at depth 0: unable to get local issuer certificate.'\n"
		"conn 4 at 7: of-server client-at=192.0.2.11:0 server=OpenSSL "
		"server-at=192.0.2.20:0\n"
		"  7 server remark no_common_version 'pop3-login: Disconnected: user=<>, "
		"rip=192.0.2.11, lip=192.0.2.20, TLS handshaking: SSL_accept() failed: "
		"error:0A000102:SSL routines::unsupported protocol, sess'\n");
}

static void test_words__of_a_server_begin_a_connection_each(void **state)
{
	(void)state;
	assert_notes(
		"http: TLS handshake error from 192.0.2.1:5: EOF\n"
		"http: TLS handshake error from 192.0.2.1:6: remote error: tls: bad certificate\n",
		"conn 1 at 1: of-server client-at=192.0.2.1:5 server=Go\n"
		"  1 server remark peer_closed 'http: TLS handshake error from 192.0.2.1:5: EOF'\n"
		"  1 client end closed\n"
		"conn 2 at 2: of-server client-at=192.0.2.1:6 server=Go\n"
		"  2 client alert 2:42\n");
}

/* It costs no more than its length, whatever it is full of. */
static void test_sentence__a_hostile_line_is_looked_at_once(void **state)
{
	static char line[SENTENCE_TEXT_MAX * 4];

	(void)state;
	for (size_t i = 0; i < sizeof line; i++)
		line[i] = "x509:"[i % 5];
	for (unsigned i = 0; i < 100; i++)
		assert_null(sentence_find(bytes_of(line, sizeof line)).sentence);
}

static void test_log_words__lines_near_these_say_what_they_said(void **state)
{
	(void)state;
	assert_near_logs("words");
}

/* By mailers, at 72 columns or so. */
static void test_words__a_sentence_may_be_broken_over_two_lines(void **state)
{
	(void)state;
	assert_notes("javax.net.ssl.SSLHandshakeException: No subject alternative DNS name\n"
		     "matching www.example found.\n",
		"conn 1 at 2: of-client client=Java\n"
		"  2 client remark peer_name 'javax.net.ssl.SSLHandshakeException: No subject "
		"alternative DNS name matching www.example found.'\n");
	/* what the first line says by itself is said once, and no more where nothing is added */
	assert_notes("the peer: The certificate is NOT trusted. The certificate chain\n"
		     "uses expired certificate.\n\nand nothing more\n",
		"conn 1 at 1: client=GnuTLS\n"
		"  1 client remark peer_refused 'the peer: The certificate is NOT trusted. The "
		"certificate chain'\n"
		"  2 client remark peer_expired 'the peer: The certificate is NOT trusted. The "
		"certificate chain uses expired certificate.'\n");
	/* short lines were not broken */
	assert_notes("No subject alternative DNS name\nmatching www.example found.\n", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words__a_sentence_may_be_broken_over_two_lines),
		cmocka_unit_test(test_sentence__every_row_is_found_in_a_line),
		cmocka_unit_test(test_sentence__a_number_ends_where_its_digits_do),
		cmocka_unit_test(test_said__what_programs_print),
		cmocka_unit_test(test_said__prose_is_passed_over),
		cmocka_unit_test(test_words__of_a_server_begin_a_connection_each),
		cmocka_unit_test(test_words__with_a_fingerprint_behind_them_are_words),
		cmocka_unit_test(test_servers__a_number_of_nginx_is_a_connection),
		cmocka_unit_test(test_servers__a_thread_of_apache_is_a_connection),
		cmocka_unit_test(test_servers__a_thread_of_stunnel_is_a_connection),
		cmocka_unit_test(test_servers__an_address_of_openvpn_or_haproxy_is_a_connection),
		cmocka_unit_test(test_servers__a_process_or_session_is_a_connection),
		cmocka_unit_test(test_sentence__a_hostile_line_is_looked_at_once),
		cmocka_unit_test(test_log_words__lines_near_these_say_what_they_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
