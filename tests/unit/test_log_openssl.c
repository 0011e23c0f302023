/* What is noted of the output of `openssl s_client` and `s_server`. */
#include "support/log_notes.h"

#include <stdio.h>

static void test_msg__gives_records_and_what_was_under_keys(void **state)
{
	(void)state;
	assert_notes("CONNECTED(00000003)\n"
		     ">>> TLS 1.0, RecordHeader [length 0005]\n"
		     "    16 03 01 00 08\n"
		     ">>> TLS 1.2, Handshake [length 0008], ClientHello\n"
		     "    01 00 00 04 03 03 aa bb\n"
		     "<<< TLS 1.2, RecordHeader [length 0005]\n"
		     "    16 03 03 00 08\n"
		     "<<< TLS 1.2, Handshake [length 0004], ServerHelloDone\n"
		     "    0e 00 00 00\n"
		     "<<< TLS 1.2, Handshake [length 0004], ServerHelloDone\n"
		     "    0e 00 00 00\n"
		     ">>> TLS 1.2, RecordHeader [length 0005]\n"
		     "    14 03 03 00 01\n"
		     ">>> TLS 1.2, ChangeCipherSpec [length 0001]\n"
		     "    01\n"
		     ">>> TLS 1.2, RecordHeader [length 0005]\n"
		     "    16 03 03 00 28\n"
		     ">>> TLS 1.2, Handshake [length 0010], Finished\n"
		     "    14 00 00 0c 00 01 02 03 04 05 06 07 08 09 0a 0b\n",
		"conn 1 at 1: of-client client=OpenSSL\n"
		"  4 client wire 1603010008010000040303aabb\n"
		"  8 server wire 16030300080e000000\n"
		"  10 server wire 0e000000\n"
		"  12 client ccs\n"
		"  18 client message under-keys 1400000c000102030405060708090a0b\n");
}

static void test_msg__of_a_server_and_of_older_releases(void **state)
{
	(void)state;
	assert_notes("ACCEPT\n"
		     "<<< ??? [length 0005]\n"
		     "    16 03 01 00 06\n"
		     "<<< TLS 1.2 Handshake [length 0006], ClientHello\n"
		     "    01 00 00 02 03 03\n"
		     ">>> TLS 1.2 Alert [length 0002], fatal handshake_failure\n"
		     "    02 28\n"
		     "ERROR\n"
		     "140735:error:1408A0C1:SSL routines:ssl3_get_client_hello:no shared "
		     "cipher:s3_srvr.c:1417:\n",
		"conn 1 at 2: of-server server=OpenSSL\n"
		"  4 client wire 1603010006010000020303\n"
		"  6 server alert 2:40\n"
		"  9 server remark no_common_suite '140735:error:1408A0C1:SSL "
		"routines:ssl3_get_client_hello:no shared cipher:s3_srvr.c:1417:'\n");
}

static void test_debug__is_the_stream_and_msg_beside_it_is_not_taken_twice(void **state)
{
	(void)state;
	assert_notes("CONNECTED(00000003)\n"
		     ">>> TLS 1.0, RecordHeader [length 0005]\n"
		     "    16 03 01 00 04\n"
		     ">>> TLS 1.3, Handshake [length 0004], ClientHello\n"
		     "    01 00 00 00\n"
		     "write to 0x5581 [0x5582] (9 bytes => 9 (0x9))\n"
		     "0000 - 16 03 01 00 04 01 00 00-00                        .........\n"
		     "read from 0x5581 [0x5583] (5 bytes => 5 (0x5))\n"
		     "0000 - 17 03 03 00 17                                    .....\n"
		     "<<< TLS 1.2, RecordHeader [length 0005]\n"
		     "    17 03 03 00 17\n"
		     "<<< TLS 1.3, InnerContent [length 0001]\n"
		     "    16\n"
		     "<<< TLS 1.3, Handshake [length 0006], EncryptedExtensions\n"
		     "    08 00 00 02 00 00\n"
		     "read from 0x5581 [0x5583] (5 bytes => 0)\n",
		"conn 1 at 1: of-client client=OpenSSL\n"
		"  6 client wire 160301000401000000\n"
		"  8 server wire 1703030017\n"
		"  14 server opened 22 under-keys 080000020000\n"
		"  16 server end closed\n");
}

/* The other stream's lines come whenever its buffer is written, also in the middle of a byte. */
static void test_rows__broken_by_other_output_are_put_together(void **state)
{
	(void)state;
	assert_notes("<<< TLS 1.2, RecordHeader [length 0005]\n"
		     "    16 0depth=0 CN = device.example\n"
		     "verify error:num=10:certificate has expired\n"
		     "3 03 00 04\n"
		     "<<< TLS 1.2, Handshake [length 0004], ServerHelloDone\n"
		     "    0e 00 00 00\n",
		"conn 1 at 1: client=OpenSSL\n"
		"  3 client remark peer_expired 'verify error:num=10:certificate has "
		"expired'\n"
		"  5 server wire 16030300040e000000\n");
}

static void test_heading__broken_by_other_output_is_put_together(void **state)
{
	(void)state;
	assert_notes("write to 0x5581 [0x5582] (9 bytes => 9 (0x9))\n"
		     "0000 - 16 03 01 00 04 01 00 00-00                        .........\n"
		     "read from depth=0 CN = device.example\n"
		     "verify error:num=10:certificate has expired\n"
		     "verify return:1\n"
		     "0x5581 [0x5583] (5 bytes => 5 (0x5))\n"
		     "0000 - 16 03 03 00 01                                    .....\n",
		"conn 1 at 1: of-client client=OpenSSL\n"
		"  1 client wire 160301000401000000\n"
		"  4 client remark peer_expired 'verify error:num=10:certificate has "
		"expired'\n"
		"  6 server wire 1603030001\n");
}

/* An indented post, whose lines are wrapped, too. */
static void test_heading__waits_for_the_line_that_makes_one_of_it(void **state)
{
	(void)state;
	assert_notes("\twrite to 0x5581 [0x5582] (9 bytes => 9 (0x9))\n"
		     "\t0000 - 16 03 01 00 04 01 00 00-00                        .........\n"
		     "\trSSL_connect:SSLv3/TLS write finished\n"
		     "\troutines:of something that was wrapped\n"
		     "\tead from 0x5581 [0x5583] (5 bytes => 5 (0x5))\n"
		     "\t0000 - 16 03 03 00 01                                    .....\n",
		"conn 1 at 1: of-client client=OpenSSL\n"
		"  1 client wire 160301000401000000\n"
		"  5 server wire 1603030001\n");
}

static void test_rows__that_are_lost_leave_a_gap_and_nothing_invented(void **state)
{
	(void)state;
	assert_notes("CONNECTED(00000003)\n"
		     "read from 0x5581 [0x5583] (40 bytes => 40 (0x28))\n"
		     "0000 - 16 03 03 00 23 0e 00 00-00 01 02 03 04 05 06 07   ................\n"
		     "0020 - 08 09 0a 0b 0c 0d 0e 0f                           ........\n"
		     "---\n",
		"conn 1 at 1: of-client client=OpenSSL\n"
		"  2 server wire 16030300230e00000001020304050607 -24\n");
}

#define MSG_HEADING "<<< TLS 1.2, Handshake [length 0034], ServerKeyExchange\n"
#define MSG_ROW_1   "    0c 00 00 30 03 00 17 01 02 03 04 05 06 07 08 09\n"
#define MSG_ROW_2   "    0a 0b 0c 0d 0e 0f 10 11 12 13 14 15 16 17 18 19\n"
#define MSG_ROW_3   "    00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
#define MSG_ROW_4   "    1a 1b 1c 1d\n"
#define MSG_NEXT                                                                                   \
	"<<< TLS 1.2, Handshake [length 0004], ServerHelloDone\n"                                  \
	"    0e 00 00 00\n"
#define MSG_NOTED     "  1 server message 0c000030030017010203040506070809"
#define MSG_NOTED_ALL MSG_NOTED "+36\n"

/* A dump without offsets: rows that do not add up are not in their places, but for the first, which says whose it is. */
static void test_msg__rows_that_do_not_add_up_are_not_taken_for_bytes(void **state)
{
	static const struct {
		const char *dump, *noted;
	} rows[] = {
		{ MSG_ROW_1 MSG_ROW_2 MSG_ROW_3 MSG_ROW_4, MSG_NOTED_ALL },
		{ MSG_ROW_1 MSG_ROW_1 MSG_ROW_2 MSG_ROW_3 MSG_ROW_4, MSG_NOTED_ALL },
		{ MSG_ROW_1 MSG_ROW_2 MSG_ROW_3 MSG_ROW_4 MSG_ROW_4, MSG_NOTED_ALL },
		{ MSG_HEADING MSG_ROW_1 MSG_ROW_2 MSG_ROW_3 MSG_ROW_4, MSG_NOTED_ALL },
		{ MSG_ROW_1 MSG_ROW_3 MSG_ROW_4, MSG_NOTED " -36\n" },
		{ MSG_ROW_1 MSG_ROW_2 MSG_ROW_3, MSG_NOTED " -36\n" },
		{ MSG_ROW_1 MSG_ROW_2 MSG_ROW_2 MSG_ROW_4, MSG_NOTED " -36\n" },
		{ MSG_ROW_1 MSG_ROW_2 MSG_ROW_3 MSG_ROW_3 MSG_ROW_4, MSG_NOTED " -36\n" },
		{ MSG_ROW_1 "    0a 0b 0c 0d 0e 0f 10 11 12 13 17 18 19\n" MSG_ROW_3 MSG_ROW_4,
			MSG_NOTED " -36\n" },
		{ MSG_ROW_2 MSG_ROW_3 MSG_ROW_4, "  1 server lost -52\n" },
		{ "", "  1 server lost -52\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[1024], noted[1024];
		const char *first = strstr(rows[i].dump, MSG_HEADING) != NULL ? "" : MSG_HEADING;

		(void)snprintf(text, sizeof text, "%s%s%s", first, rows[i].dump, MSG_NEXT);
		(void)snprintf(
			noted, sizeof noted, "conn 1 at 1: client=OpenSSL\n%s", rows[i].noted);
		assert_begins(text, noted);
	}
}

static void test_msg__a_log_that_ends_in_a_dump_has_what_came_before(void **state)
{
	(void)state;
	assert_notes(MSG_HEADING MSG_ROW_1 MSG_ROW_2,
		"conn 1 at 1: client=OpenSSL\n" MSG_NOTED "+16 -20\n");
	assert_notes(MSG_HEADING MSG_ROW_1 MSG_ROW_2 "---\n",
		"conn 1 at 1: client=OpenSSL\n" MSG_NOTED " -36\n");
}

#define DEBUG_HEADING   "read from 0x5581 [0x5583] (40 bytes => 40 (0x28))\n"
#define DEBUG_ROW_1     "0000 - 16 03 03 00 23 0e 00 00-00 01 02 03 04 05 06 07   ....#...........\n"
#define DEBUG_ROW_2     "0010 - 08 09 0a 0b 0c 0d 0e 0f-10 11 12 13 14 15 16 17   ................\n"
#define DEBUG_ROW_3     "0020 - 18 19 1a 1b 1c 1d 1e 1f                           ........\n"
#define DEBUG_NOTED_1   "  1 server wire 16030300230e00000001020304050607"
#define DEBUG_NOTED_ALL DEBUG_NOTED_1 "+24\n"

static void test_debug__rows_twice_are_once_and_a_part_of_a_row_is_none(void **state)
{
	static const struct {
		const char *dump, *noted;
	} rows[] = {
		{ DEBUG_ROW_1 DEBUG_ROW_2 DEBUG_ROW_3, DEBUG_NOTED_ALL },
		{ DEBUG_ROW_1 DEBUG_ROW_1 DEBUG_ROW_2 DEBUG_ROW_2 DEBUG_ROW_3 DEBUG_ROW_3,
			DEBUG_NOTED_ALL },
		{ DEBUG_HEADING DEBUG_ROW_1 DEBUG_ROW_2 DEBUG_ROW_3, DEBUG_NOTED_ALL },
		{ DEBUG_ROW_1 "0010 - 08 09 0a 0b 0f-10 11 12 13 14 15 16 17   ..\n" DEBUG_ROW_3,
			DEBUG_NOTED_1 " -24\n" },
		{ DEBUG_ROW_1 DEBUG_ROW_2 "0020 - 18 19 1d 1e 1f   ........\n",
			DEBUG_NOTED_1 "+16 -8\n" },
		/* the heading of the next dump is lost */
		{ DEBUG_ROW_1 "0000 - aa bb cc dd   ....\n" DEBUG_ROW_2, DEBUG_NOTED_1 " -24\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[1024], noted[1024];
		const char *first =
			strstr(rows[i].dump, DEBUG_HEADING) != NULL ? "" : DEBUG_HEADING;

		(void)snprintf(text, sizeof text, "%s%s---\n", first, rows[i].dump);
		(void)snprintf(noted, sizeof noted, "conn 1 at 1: of-client client=OpenSSL\n%s",
			rows[i].noted);
		assert_begins(text, noted);
	}
}

static void test_trace__is_turned_back_into_bytes(void **state)
{
	(void)state;
	assert_notes("Sent Record\n"
		     "Header:\n"
		     "  Version = TLS 1.0 (0x301)\n"
		     "  Content Type = Handshake (22)\n"
		     "  Length = 84\n"
		     "    ClientHello, Length=80\n"
		     "      client_version=0x303 (TLS 1.2)\n"
		     "      Random:\n"
		     "        gmt_unix_time=0x541A436A\n"
		     "        random_bytes (len=28): "
		     "D371C67B93289F19A41AADF3946016461F8469426BB13EFD3C703085\n"
		     "      session_id (len=0): \n"
		     "      cipher_suites (len=2)\n"
		     "        {0xC0, 0x2B} TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256\n"
		     "      compression_methods (len=1)\n"
		     "        No Compression (0x00)\n"
		     "      extensions, length = 37\n"
		     "        extension_type=server_name(0), length=9\n"
		     "          0000 - 00 07 00 00 04 61 2e 62-63               .....a.bc\n"
		     "        extension_type=supported_groups(10), length=4\n"
		     "          secp256r1 (P-256) (23)\n"
		     "        extension_type=application_layer_protocol_negotiation(16), length=5\n"
		     "          h2\n"
		     "        extension_type=supported_versions(43), length=3\n"
		     "          TLS 1.2 (771)\n"
		     "\n"
		     "Received Record\n"
		     "Header:\n"
		     "  Version = TLS 1.2 (0x303)\n"
		     "  Content Type = Alert (21)\n"
		     "  Length = 2\n"
		     "    Level=fatal(2), description=handshake failure(40)\n",
		"conn 1 at 1: of-client\n"
		"  1 client wire 1603010054010000500303541a436ad3+73\n"
		"  26 server alert 2:40\n");
}

/* A name that is printed as text is not its DER: the message is known up to there. */
static void test_trace__leaves_out_what_cannot_be_turned_back(void **state)
{
	(void)state;
	assert_notes("Received Record\n"
		     "Header:\n"
		     "  Version = TLS 1.2 (0x303)\n"
		     "  Content Type = Handshake (22)\n"
		     "  Length = 22\n"
		     "    CertificateRequest, Length=18\n"
		     "      certificate_types (len=1)\n"
		     "        ecdsa_sign (64)\n"
		     "      signature_algorithms (len=2)\n"
		     "        ecdsa_secp256r1_sha256 (0x0403)\n"
		     "      certificate_authorities (len=10)\n"
		     "        DistinguishedName (len=8): CN = A\n",
		"conn 1 at 1:\n"
		"  1 server wire 16030300160d00001201400002040300+1 -10\n");
}

/* Its heading is all that is listed of it, and these are its first five bytes. */
static void test_trace__of_what_is_no_record_gives_its_first_bytes(void **state)
{
	(void)state;
	assert_notes("Received Record\n"
		     "Header:\n"
		     "  Version = UNKNOWN (0x4f4b)\n"
		     "  Content Type = UNKNOWN (43)\n"
		     "  Length = 8272\n",
		"conn 1 at 1:\n"
		"  1 server wire 2b4f4b2050\n");
	/* one of an unknown kind, in a version that there is, may be one all the same */
	assert_notes("Received Record\n"
		     "Header:\n"
		     "  Version = TLS 1.2 (0x303)\n"
		     "  Content Type = UNKNOWN (43)\n"
		     "  Length = 16\n",
		"conn 1 at 1:\n");
}

/* Some collectors hand on what they read in small letters. */
static void test_lines__without_their_capitals_are_read_all_the_same(void **state)
{
	(void)state;
	assert_notes("connected(00000003)\n"
		     ">>> tls 1.0, recordheader [length 0005]\n"
		     "    16 03 01 00 08\n"
		     ">>> tls 1.2, handshake [length 0008], clienthello\n"
		     "    01 00 00 04 03 03 aa bb\n"
		     "<<< tls 1.2, alert [length 0002], fatal handshake_failure\n"
		     "    02 28\n",
		"conn 1 at 2: of-client client=OpenSSL\n"
		"  4 client wire 1603010008010000040303aabb\n"
		"  6 server alert 2:40\n");
	/* of a word of capitals alone nothing would be left but a word */
	assert_notes("connected to the broker\n", "");
}

static void test_errors__tell_whose_log_it_is_and_how_it_ended(void **state)
{
	(void)state;
	assert_notes("803B4ABDA57F0000:error:0A000132:SSL routines:tls_process_ske_ecdhe:bad "
		     "ecpoint:../ssl/statem/statem_clnt.c:2160:\n",
		"conn 1 at 1: of-client client=OpenSSL\n"
		"  1 client remark peer_point_bad '803B4ABDA57F0000:error:0A000132:SSL "
		"routines:tls_process_ske_ecdhe:bad ecpoint:../ssl/statem/statem_clnt.c:2160:'\n");
	assert_notes("connect:errno=111\n",
		"conn 1 at 1: of-client client=OpenSSL\n  1 server end refused\n");
	assert_notes("CONNECTED(00000003)\nwrite:errno=104\n",
		"conn 1 at 1: of-client client=OpenSSL\n  2 server end reset\n");
	assert_notes("SSL_connect:SSLv3/TLS write client hello\n"
		     "SSL3 alert read:fatal:unknown CA\n"
		     "80CB:error:0A000418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown "
		     "ca:../ssl/record/rec_layer_s3.c:1601:SSL alert number 48\n",
		"conn 1 at 1: of-client client=OpenSSL\n"
		"  1 client seen 1\n"
		"  2 server alert 2:48\n");
}

/* What -msg shows first is the alert, but it answers the end. */
static void test_errors__of_an_end_come_before_the_alert_that_answers_it(void **state)
{
	(void)state;
	assert_notes("CONNECTED(00000003)\n"
		     ">>> TLS 1.0, RecordHeader [length 0005]\n"
		     "    15 03 01 00 02\n"
		     ">>> TLS 1.3, Alert [length 0002], fatal decode_error\n"
		     "    02 32\n"
		     "804B:error:0A000126:SSL routines:ssl3_read_n:unexpected eof while "
		     "reading:../ssl/record/rec_layer_s3.c:318:\n",
		"conn 1 at 1: of-client client=OpenSSL\n"
		"  4 client wire 15030100020232\n"
		"  6 client remark peer_closed '804B:error:0A000126:SSL "
		"routines:ssl3_read_n:unexpected eof while "
		"reading:../ssl/record/rec_layer_s3.c:318:'\n"
		"  3 server end closed\n");
}

static void test_summary__of_a_handshake_that_went_well(void **state)
{
	(void)state;
	assert_notes("CONNECTED(00000003)\n---\n"
		     "Server Temp Key: ECDH, prime256v1, 256 bits\n---\n"
		     "New, TLSv1.2, Cipher is ECDHE-ECDSA-AES128-GCM-SHA256\n"
		     "ALPN protocol: h2\n"
		     "Verify return code: 0 (ok)\n---\nDONE\n"
		     "depth=0 CN = b\n"
		     "CONNECTED(00000003)\n"
		     "Verify return code: 62 (hostname mismatch)\n",
		"conn 1 at 1: of-client client=OpenSSL version=0303 suite=c02b group=0017 alpn=h2\n"
		"  5 client done\n"
		"conn 2 at 10: of-client client=OpenSSL\n"
		"  12 client remark peer_name 'Verify return code: 62 (hostname mismatch)'\n");
}

static void test_prose__is_nobodys(void **state)
{
	(void)state;
	assert_notes("The certificate has expired? No. New, shiny board. ad hoc.\n"
		     "Verification: OK\nDONE\n    16 03 01\n",
		"");
}

static void test_log_openssl__lines_near_these_say_what_they_said(void **state)
{
	(void)state;
	assert_near_logs("openssl");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_msg__gives_records_and_what_was_under_keys),
		cmocka_unit_test(test_msg__of_a_server_and_of_older_releases),
		cmocka_unit_test(test_debug__is_the_stream_and_msg_beside_it_is_not_taken_twice),
		cmocka_unit_test(test_rows__broken_by_other_output_are_put_together),
		cmocka_unit_test(test_heading__broken_by_other_output_is_put_together),
		cmocka_unit_test(test_heading__waits_for_the_line_that_makes_one_of_it),
		cmocka_unit_test(test_rows__that_are_lost_leave_a_gap_and_nothing_invented),
		cmocka_unit_test(test_msg__rows_that_do_not_add_up_are_not_taken_for_bytes),
		cmocka_unit_test(test_msg__a_log_that_ends_in_a_dump_has_what_came_before),
		cmocka_unit_test(test_debug__rows_twice_are_once_and_a_part_of_a_row_is_none),
		cmocka_unit_test(test_trace__is_turned_back_into_bytes),
		cmocka_unit_test(test_trace__leaves_out_what_cannot_be_turned_back),
		cmocka_unit_test(test_trace__of_what_is_no_record_gives_its_first_bytes),
		cmocka_unit_test(test_lines__without_their_capitals_are_read_all_the_same),
		cmocka_unit_test(test_errors__tell_whose_log_it_is_and_how_it_ended),
		cmocka_unit_test(test_errors__of_an_end_come_before_the_alert_that_answers_it),
		cmocka_unit_test(test_summary__of_a_handshake_that_went_well),
		cmocka_unit_test(test_prose__is_nobodys),
		cmocka_unit_test(test_log_openssl__lines_near_these_say_what_they_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
