/* What is noted of the logs of GnuTLS, wolfSSL, Java and curl. */
#include "support/log_notes.h"

/* ---- GnuTLS ---- */

static void test_gnutls__messages_alerts_and_errors_by_session(void **state)
{
	(void)state;
	assert_notes(
		"|<5>| REC[0x5565]: Allocating epoch #0\n"
		"|<2>| HSK[0x5565]: sent server name: 'a.example'\n"
		"|<4>| HSK[0x5565]: CLIENT HELLO was queued [174 bytes]\n"
		"|<4>| HSK[0x5565]: SERVER HELLO (2) was received. Length 87[87], frag offset 0, "
		"frag length: 87, sequence: 0\n"
		"|<4>| HSK[0x5565]: Server's version: 3.3\n"
		"|<4>| HSK[0x5565]: Selected cipher suite: "
		"GNUTLS_ECDHE_ECDSA_CHACHA20_POLY1305\n"
		"|<5>| REC[0x5565]: SSL 3.3 ChangeCipherSpec packet received. Epoch 0, length: 1\n"
		"|<5>| REC[0x5565]: Alert[2|40] - Handshake failed - was received\n"
		"*** Fatal error: A TLS fatal alert has been received.\n"
		"*** Received alert [40]: Handshake failed\n",
		"conn 1 at 1: of-client client=GnuTLS version=0303 suite=cca9 sni=a.example\n"
		"  3 client seen 1\n"
		"  4 server seen 2\n"
		"  7 server ccs\n"
		"  8 server alert 2:40\n"
		"  9 client remark failed '*** Fatal error: A TLS fatal alert has been "
		"received.'\n");
}

/* Sessions come to lie where earlier ones lay. */
static void test_gnutls__a_hello_behind_a_flight_begins_another_session(void **state)
{
	(void)state;
	assert_notes(
		"|<4>| HSK[0x5565]: CLIENT HELLO was queued [174 bytes]\n"
		"|<4>| HSK[0x5565]: CERTIFICATE (11) was received. Length 445[445], frag offset 0\n"
		"*** Fatal error: Error in the certificate.\n"
		"|<4>| HSK[0x5565]: Adv. version: 3.3\n"
		"|<4>| HSK[0x5565]: CLIENT HELLO was queued [174 bytes]\n"
		"|<4>| HSK[0x5565]: HELLO RETRY REQUEST (6) was received. Length 84[84], frag "
		"offset 0\n"
		"|<4>| HSK[0x5565]: CLIENT HELLO was queued [300 bytes]\n",
		"conn 1 at 1: of-client client=GnuTLS\n"
		"  1 client seen 1\n"
		"  2 server seen 11\n"
		"  3 client remark peer_refused '*** Fatal error: Error in the certificate.'\n"
		"conn 2 at 4: of-client client=GnuTLS\n"
		"  5 client seen 1\n"
		"  6 server seen 2\n"
		"  7 client seen 1\n");
}

static void test_gnutls__sessions_of_a_server_are_told_apart(void **state)
{
	(void)state;
	assert_notes(
		"HTTP Server listening on IPv4 0.0.0.0 port 4433...done\n"
		"|<4>| HSK[0xa]: CLIENT HELLO (1) was received. Length 9[9], frag offset 0, frag "
		"length: 9, sequence: 0\n"
		"|<4>| HSK[0xb]: CLIENT HELLO (1) was received. Length 9[9], frag offset 0, frag "
		"length: 9, sequence: 0\n"
		"|<4>| HSK[0xa]: SERVER HELLO was queued [87 bytes]\n"
		"Error in handshake: No supported cipher suites have been found.\n",
		"conn 1 at 2: of-server server=GnuTLS\n"
		"  2 client seen 1\n"
		"  4 server seen 2\n"
		"  5 server remark no_common_suite 'Error in handshake: No supported cipher suites "
		"have been found.'\n"
		"conn 2 at 3: of-server server=GnuTLS\n"
		"  3 client seen 1\n");
}

/* ---- wolfSSL ---- */

static void test_wolfssl__errors_are_sayings(void **state)
{
	(void)state;
	assert_notes(
		"I (2169) wolfssl: wolfSSL Entering SSL_connect()\n"
		"I (2170) wolfssl: wolfSSL Leaving SendClientHello, return 0\n"
		"I (2171) wolfssl: processing server hello\n"
		"I (2172) wolfssl: processing certificate\n"
		"I (2173) wolfssl: wolfSSL error occurred, error = -188\n"
		"I (2174) wolfssl: wolfSSL error occurred, error = -188\n"
		"I (2175) wolfssl: wolfSSL_connect failed: error = -188, ASN no signer error\n",
		"conn 1 at 1: of-client client=wolfSSL\n"
		"  2 client seen 1\n"
		"  3 server seen 2\n"
		"  4 server seen 11\n"
		"  5 client remark peer_untrusted 'wolfSSL error occurred, error = -188'\n");
}

static void test_wolfssl__alerts_and_the_next_session(void **state)
{
	(void)state;
	assert_notes("wolfSSL Entering SSL_connect()\n"
		     "wolfSSL Leaving SSL_connect(), return 1\n"
		     "SSL version is TLSv1.2\n"
		     "wolfSSL Entering SSL_new\n"
		     "wolfSSL Entering SSL_accept()\n"
		     "got ALERT!\n"
		     "Alert type: unknown_ca\n",
		"conn 1 at 1: of-client client=wolfSSL version=0303\n"
		"  2 client done\n"
		"conn 2 at 4: of-server server=wolfSSL\n"
		"  7 client alert 2:48\n");
}

/* ---- Java ---- */

#define JSSE       "javax.net.ssl|DEBUG|10|main|2026-11-29 19:13:57.919 UTC|"
#define JSSE_ERROR "javax.net.ssl|ERROR|10|main|2026-11-29 19:13:57.919 UTC|"

static void test_java__names_messages_and_says_why(void **state)
{
	(void)state;
	assert_notes(JSSE
		"ClientHello.java:639|Produced ClientHello handshake message (\n"
		"\"ClientHello\": {\n"
		"      type=host_name (0), value=a.example\n"
		"}\n"
		")\n" JSSE "ServerHello.java:897|Consuming ServerHello handshake message (\n"
		"  \"cipher suite\"        : \"TLS_AES_256_GCM_SHA384(0x1302)\",\n" JSSE
		"ServerHello.java:993|Negotiated protocol version: TLSv1.3\n" JSSE_ERROR
		"TransportContext.java:375|Fatal (CERTIFICATE_UNKNOWN): PKIX path building "
		"failed: x (\n"
		"  Caused by: x: unable to find valid certification path to requested "
		"target\n"
		"  \tat java.base/sun.security.ssl.Alert.create(Alert.java:131)\n" JSSE
		"SSLSocketImpl.java:1759|close the underlying socket\n",
		"conn 1 at 1: of-client client=Java version=0304 suite=1302 sni=a.example\n"
		"  1 client seen 1\n"
		"  6 server seen 2\n"
		"  9 client remark peer_issuer_unknown 'PKIX path building failed: x'\n"
		"  12 client alert 2:46\n");
}

static void test_java__bytes_of_all_take_the_place_of_names(void **state)
{
	(void)state;
	assert_notes(JSSE
		"ClientHello.java:639|Produced ClientHello handshake message (\n" JSSE
		"SSLSocketOutputRecord.java:275|Raw write (\n"
		"  0000: 16 03 03 00 0E 01 00 00   0A 03 03 A6 14 A5 A7 EF  ................\n"
		"  0010: 18 B9 AF                                           ...\n"
		")\n" JSSE "SSLSocketInputRecord.java:494|Raw read (\n"
		"  0000: 17 03 03 00 17                                     .....\n"
		")\n" JSSE "SSLCipher.java:1961|Plaintext after DECRYPTION (\n"
		"  0000: 08 00 00 02 00 00                                  ......\n"
		")\n" JSSE
		"SSLSocketOutputRecord.java:71|WRITE: TLSv1.3 alert(unknown_ca), length = 2\n" JSSE
		"SSLCipher.java:2066|Plaintext before ENCRYPTION (\n"
		"  0000: 02 30 15 00 00 00 00 00   00 00                    .0........\n"
		")\n",
		"conn 1 at 1: of-client client=Java\n"
		"  2 client wire 160303000e0100000a0303a614a5a7ef+3\n"
		"  6 server wire 1703030017\n"
		"  9 server opened 22 under-keys 080000020000\n"
		"  13 client opened 21 under-keys 0230\n");
}

static void test_java__in_its_older_style(void **state)
{
	(void)state;
	assert_notes(
		"*** ClientHello, TLSv1.2\n"
		"main, WRITE: TLSv1.2 Handshake, length = 193\n"
		"main, READ: TLSv1.2 Handshake, length = 85\n"
		"*** ServerHello, TLSv1.2\n"
		"*** Certificate chain\n"
		"*** ECDH ServerKeyExchange\n"
		"*** ServerHelloDone\n"
		"*** ECDHClientKeyExchange\n"
		"main, READ: TLSv1.2 Alert, length = 2\n"
		"main, RECV TLSv1.2 ALERT:  fatal, handshake_failure\n"
		"main, handling exception: javax.net.ssl.SSLHandshakeException: Received fatal "
		"alert: handshake_failure\n",
		"conn 1 at 1: of-client client=Java\n"
		"  1 client seen 1\n"
		"  4 server seen 2\n"
		"  5 server seen 11\n"
		"  6 server seen 12\n"
		"  7 server seen 14\n"
		"  8 client seen 16\n"
		"  10 server alert 2:40\n");
}

/* ---- curl ---- */

static void test_curl__names_messages_and_says_why(void **state)
{
	(void)state;
	assert_notes("*   Trying 192.0.2.10:443...\n"
		     "* Connected to a.example (192.0.2.10) port 443 (#0)\n"
		     "* TLSv1.3 (OUT), TLS handshake, Client hello (1):\n"
		     "* TLSv1.3 (IN), TLS handshake, Server hello (2):\n"
		     "* TLSv1.3 (IN), TLS handshake, Encrypted Extensions (8):\n"
		     "* TLSv1.3 (OUT), TLS alert, unknown CA (560):\n"
		     "* SSL certificate problem: unable to get local issuer certificate\n"
		     "* Closing connection 0\n"
		     "*   Trying 192.0.2.11:443...\n"
		     "curl: (35) error:14094410:SSL routines:ssl3_read_bytes:sslv3 alert handshake "
		     "failure\n",
		"conn 1 at 1: of-client client=OpenSSL server-at=192.0.2.10:443 name=a.example\n"
		"  3 client seen 1\n"
		"  4 server seen 2\n"
		"  5 server seen 8 under-keys\n"
		"  6 client alert 2:48\n"
		"  7 client remark peer_issuer_unknown 'SSL certificate problem: unable to get "
		"local issuer certificate'\n"
		"conn 2 at 9: of-client client=OpenSSL\n"
		"  10 server alert 2:40\n");
}

static void test_curl__bytes_of_a_trace_take_the_place_of_names(void **state)
{
	(void)state;
	assert_notes("== Info: Connected to a.example (192.0.2.10) port 443 (#0)\n"
		     "=> Send SSL data, 5 bytes (0x5)\n"
		     "0000: 16 03 01 00 04                                  .....\n"
		     "== Info: TLSv1.2 (OUT), TLS handshake, Client hello (1):\n"
		     "=> Send SSL data, 4 bytes (0x4)\n"
		     "0000: 01 00 00 00                                     ....\n"
		     "<= Recv SSL data, 5 bytes (0x5)\n"
		     "0000: 15 03 01 00 02                                  .....\n"
		     "== Info: TLSv1.2 (IN), TLS alert, handshake failure (552):\n"
		     "<= Recv SSL data, 2 bytes (0x2)\n"
		     "0000: 02 28                                           .(\n",
		"conn 1 at 1: of-client server-at=192.0.2.10:443 name=a.example\n"
		"  5 client wire 160301000401000000\n"
		"  10 server wire 15030100020228\n");
}

static void test_log_programs__lines_near_these_say_what_they_said(void **state)
{
	(void)state;
	assert_near_logs("programs");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gnutls__messages_alerts_and_errors_by_session),
		cmocka_unit_test(test_gnutls__a_hello_behind_a_flight_begins_another_session),
		cmocka_unit_test(test_gnutls__sessions_of_a_server_are_told_apart),
		cmocka_unit_test(test_wolfssl__errors_are_sayings),
		cmocka_unit_test(test_wolfssl__alerts_and_the_next_session),
		cmocka_unit_test(test_java__names_messages_and_says_why),
		cmocka_unit_test(test_java__bytes_of_all_take_the_place_of_names),
		cmocka_unit_test(test_java__in_its_older_style),
		cmocka_unit_test(test_curl__names_messages_and_says_why),
		cmocka_unit_test(test_curl__bytes_of_a_trace_take_the_place_of_names),
		cmocka_unit_test(test_log_programs__lines_near_these_say_what_they_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
