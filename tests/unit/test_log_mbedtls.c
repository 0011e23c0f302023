/* What is noted of mbedTLS debug output, in every dressing; and that no byte of it is made up. */
#include "base/strbuf.h"
#include "support/log_dump.h"
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>

enum { LOG_MAX = 64 * 1024, STREAM_MAX = 16 * 1024 };

/* The same whatever pieces the text comes in. */
static void assert_notes(const char *text, size_t len, const char *expected)
{
	static const size_t pieces[] = { 0, 1, 7, 64 };

	for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
		char *notes = log_dump(text, len, "mbedtls", pieces[i]);

		assert_string_equal(notes, expected);
		free(notes);
	}
}

#define NOTES(text, expected) assert_notes(text, sizeof(text) - 1, expected)

/* ---- dressings ---- */

static void test_dressing__of_a_line_does_not_matter(void **state)
{
	static const char *const lines[] = {
		"ssl_cli.c:3325: |1| mbedtls_pk_verify() returned -19968 (-0x4e00)\n",
		"ssl_cli.c:3325: |1| 0x7ffc7ab9fc30: mbedtls_pk_verify() returned -19968 "
		"(-0x4e00)\n",
		"../lib/mbedtls/library/ssl_cli.c:3325: mbedtls_pk_verify() returned -19968 "
		"(-0x4e00)\n",
		"..\\lib\\ssl_cli.c:3325: |1| mbedtls_pk_verify() returned -19968 (-0x4e00)\r\n",
		"W (2104) mbedtls: ssl_cli.c:3325 mbedtls_pk_verify() returned -19968 (-0x4e00)\n",
		"\x1b[0;33mW (2104) mbedtls: ssl_cli.c:3325 mbedtls_pk_verify() returned -19968 "
		"(-0x4e00)\x1b[0m\n",
		"[00:00:01.895,699] <err> mbedtls: ssl_cli.c:3325: mbedtls_pk_verify() returned "
		"-19968 (-0x4e00)\n",
		"12:46:51.069 -> ssl_cli.c:3325: |1| mbedtls_pk_verify() returned -19968 "
		"(-0x4e00)\n",
		"00> ssl_cli.c:3325: |1| mbedtls_pk_verify() returned -19968 (-0x4e00)\n",
		"> ssl_cli.c:3325: |1| mbedtls_pk_verify() returned -19968 (-0x4e00)\n",
		"my callback: ssl_cli.c:3325: |1| mbedtls_pk_verify() returned -19968 (-0x4e00)\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		assert_notes(lines[i], strlen(lines[i]),
			"conn 1 at 1: of-client client=mbedTLS 2.x\n"
			"  1 client result -0x4e00 'mbedtls_pk_verify'\n"
			"  1 client remark peer_signature 'mbedtls_pk_verify() returned -19968 "
			"(-0x4e00)'\n");
}

/* Nothing was decrypted: the code that says so is of the record's length. */
static void test_words__of_a_record_too_short_for_its_keys(void **state)
{
	(void)state;
	NOTES("ssl_msg.c:1586: |1| 0x7ffc: msglen (1) < taglen (16) \n"
	      "ssl_msg.c:4129: |1| 0x7ffc: ssl_decrypt_buf() returned -29056 (-0x7180)\n",
		"conn 1 at 1:\n"
		"  1 client remark record_short 'msglen (1) < taglen (16)'\n"
		"  2 client result -0x7180 'ssl_decrypt_buf'\n");
	NOTES("ssl_msg.c:4129: |1| 0x7ffc: ssl_decrypt_buf() returned -29056 (-0x7180)\n",
		"conn 1 at 1:\n"
		"  1 client result -0x7180 'ssl_decrypt_buf'\n"
		"  1 client remark bad_record 'ssl_decrypt_buf() returned -29056 (-0x7180)'\n");
}

static void test_foreign__lines_are_left_to_others(void **state)
{
	(void)state;
	NOTES("main.c:123: => handshake failed\n"
	      "statem_clnt.c:1918: bad signature\n"
	      "I (494) heap_init: At 3FFB7A28 len 000285D8 (161 KiB): DRAM\n"
	      "|1| a table |2| of two |3|\n"
	      "0000:  16 03 03 00 3f\n"
	      "the certificate has expired, we think!\n"
	      "ssl_lib.c:1: 0x: dumping '\n",
		"");
}

/* Printed bodies, without file and line. */
static void test_bodies__alone_are_known(void **state)
{
	(void)state;
	NOTES("=> handshake\n"
	      "client state: 0\n"
	      "client state: 1\n"
	      "dumping 'output record sent to network' (7 bytes)\n"
	      "0000:  15 03 03 00 02 02 28                             ......(\n",
		"conn 1 at 2: of-client\n"
		"  2 client state 'HELLO_REQUEST'\n"
		"  3 client state 'CLIENT_HELLO'\n"
		"  4 client wire 15030300020228\n"
		"  5 client end broken-off\n");
}

/* ---- dumps ---- */

#define RECORD "ssl_msg.c:3646: |4| dumping 'input record from network' (40 bytes)\n"
#define ROW_1                                                                                      \
	"ssl_msg.c:3646: |4| 0000:  16 03 03 00 23 02 00 00 1f 03 03 6b 04 ca 8e af  "             \
	"....#......k....\n"
#define ROW_2                                                                                      \
	"ssl_msg.c:3646: |4| 0010:  c3 8e 21 a1 8c 92 55 5d be e0 3c 68 48 48 94 df  "             \
	"..!...U]..<hHH..\n"
#define ROW_3                                                                                      \
	"ssl_msg.c:3646: |4| 0020:  a2 6d cf ef d4 01 d1 aa                          .m......\n"
#define STATE "ssl_cli.c:4272: |2| client state: 2\n"

static void test_dump__of_a_record_is_put_together(void **state)
{
	(void)state;
	NOTES(STATE RECORD ROW_1 ROW_2 ROW_3,
		"conn 1 at 1: of-client client=mbedTLS 2.x\n"
		"  1 client state 'SERVER_HELLO'\n"
		"  2 server wire 16030300230200001f03036b04ca8eaf+24\n"
		"  5 client end broken-off\n");
	/* a line that is there twice */
	NOTES(STATE RECORD ROW_1 ROW_1 ROW_2 ROW_3,
		"conn 1 at 1: of-client client=mbedTLS 2.x\n"
		"  1 client state 'SERVER_HELLO'\n"
		"  2 server wire 16030300230200001f03036b04ca8eaf+24\n"
		"  6 client end broken-off\n");
}

static void test_dump__with_a_lost_row_has_a_hole(void **state)
{
	(void)state;
	NOTES(STATE RECORD ROW_1 ROW_3, "conn 1 at 1: of-client client=mbedTLS 2.x\n"
					"  1 client state 'SERVER_HELLO'\n"
					"  2 server wire 16030300230200001f03036b04ca8eaf -16\n"
					"  2 server wire a26dcfefd401d1aa\n"
					"  4 client end broken-off\n");
	/* and one whose end is lost is cut */
	NOTES(STATE RECORD ROW_1 ROW_2 "ssl_msg.c:3860: |2| <= read record\n",
		"conn 1 at 1: of-client client=mbedTLS 2.x\n"
		"  1 client state 'SERVER_HELLO'\n"
		"  2 server wire 16030300230200001f03036b04ca8eaf+16 -8\n"
		"  5 client end broken-off\n");
}

/* At 62 columns a row of bytes ends early; half a byte is none. */
static void test_dump__that_is_cut_in_width_has_holes(void **state)
{
	(void)state;
	NOTES(STATE RECORD "ssl_msg.c:3646: |4| 0000:  16 03 03 00 23 02 00 00 1f 03 03 6\n"
			   "ssl_msg.c:3646: |4| 0010:  c3 8e 21 a1 8c 92 55 5d be e0 3c 6\n" ROW_3,
		"conn 1 at 1: of-client client=mbedTLS 2.x\n"
		"  1 client state 'SERVER_HELLO'\n"
		"  2 server wire 16030300230200001f0303 -5\n"
		"  2 server wire c38e21a18c92555dbee03c -5\n"
		"  2 server wire a26dcfefd401d1aa\n"
		"  5 client end broken-off\n");
}

/* A terminal broke the lines. */
static void test_dump__that_is_wrapped_is_whole(void **state)
{
	(void)state;
	NOTES(STATE RECORD "ssl_msg.c:3646: |4| 0000:  16 03 03 00 23 02 00 00 1f 03 03 6\n"
			   "b 04 ca 8e af  ....#......k....\n"
			   "ssl_msg.c:3646: |4| 0010:  c3 8e 21 a1 8c 92 55 5d be e0 3c\n"
			   "68 48 48 94 df  ..!...U]..<hHH..\n" ROW_3,
		"conn 1 at 1: of-client client=mbedTLS 2.x\n"
		"  1 client state 'SERVER_HELLO'\n"
		"  2 server wire 16030300230200001f03036b04ca8eaf+24\n"
		"  7 client end broken-off\n");
}

/* The library stops after 4096 bytes. */
static void test_dump__of_a_long_record_is_cut(void **state)
{
	struct strbuf text = { 0 };
	char *notes;

	(void)state;
	strbuf_puts(&text,
		STATE "ssl_msg.c:3646: |4| dumping 'input record from network' (5000 bytes)\n");
	for (unsigned at = 0; at < 4096; at += 16)
		strbuf_printf(&text,
			"ssl_msg.c:3646: |4| %04x:  17 03 03 13 83 05 06 07 08 09 0a 0b 0c 0d 0e 0f"
			"  ................\n",
			at);
	notes = log_dump(strbuf_text(&text), strlen(strbuf_text(&text)), "mbedtls", 0);
	assert_string_equal(notes, "conn 1 at 1: of-client client=mbedTLS 2.x\n"
				   "  1 client state 'SERVER_HELLO'\n"
				   "  2 server wire 170303138305060708090a0b0c0d0e0f+4080 -904\n"
				   "  258 client end broken-off\n");
	free(notes);
	strbuf_free(&text);
}

/* Its record was refused by its header alone. */
static void test_header__whose_record_is_not_read_is_noted(void **state)
{
	(void)state;
	NOTES(STATE
		"ssl_msg.c:3536: |4| dumping 'input record header' (5 bytes)\n"
		"ssl_msg.c:3536: |4| 0000:  16 03 03 49 00                                   "
		"...I.\n"
		"ssl_msg.c:3538: |3| input record: msgtype = 22, version = [3:3], msglen = 18688\n"
		"ssl_msg.c:1843: |1| requesting more data than fits\n"
		"ssl_msg.c:4540: |1| mbedtls_ssl_fetch_input() returned -28928 (-0x7100)\n"
		"ssl_tls.c:5815: |2| <= handshake\n",
		"conn 1 at 1: of-client client=mbedTLS 2.x\n"
		"  1 client state 'SERVER_HELLO'\n"
		"  5 client remark record_too_large 'requesting more data than fits: msglen = "
		"18688'\n"
		"  2 server wire 1603034900 -18688\n"
		"  6 client result -0x7100 'mbedtls_ssl_fetch_input'\n");
}

/* ---- both sides of one handshake ---- */

static char *read_log(const char *name, char *out, bool without_level_4)
{
	char path[128], line[512];
	size_t len = 0;
	FILE *f;

	(void)snprintf(path, sizeof path, "fixtures/log/mbedtls/%s.log", name);
	f = fopen(path, "r");
	assert_non_null(f);
	out[0] = '\0';
	while (fgets(line, sizeof line, f) != NULL) {
		assert_true(len + strlen(line) < LOG_MAX);
		if (without_level_4 && strstr(line, ": |4| ") != NULL)
			continue;
		memcpy(out + len, line, strlen(line) + 1);
		len += strlen(line);
	}
	assert_int_equal(fclose(f), 0);
	return out;
}

struct streams {
	uint8_t bytes[2][STREAM_MAX];
	size_t n[2];
	size_t opened[2];
	uint8_t messages
		[2][STREAM_MAX]; /* that were made of fields: whole ones, one after the other */
	size_t n_messages[2];
	unsigned conns, done;
};

static void add(uint8_t *out, size_t *n, struct bytes b)
{
	assert_true(b.len <= STREAM_MAX - *n);
	if (b.len != 0)
		memcpy(out + *n, b.data, b.len);
	*n += b.len;
}

static void take_conn(void *ctx, const struct log_conn *c)
{
	struct streams *s = ctx;

	s->conns++;
	for (const struct log_note *n = c->notes; n != NULL; n = n->next) {
		if (n->kind == LOG_WIRE)
			add(s->bytes[n->from], &s->n[n->from], n->bytes);
		if (n->kind == LOG_OPENED)
			s->opened[n->from] += n->bytes.len;
		if (n->kind == LOG_MESSAGE && n->missing == 0 && !n->under_keys)
			add(s->messages[n->from], &s->n_messages[n->from], n->bytes);
		s->done += n->kind == LOG_DONE;
		assert_true(n->kind != LOG_WIRE || n->missing == 0);
	}
}

static void streams_of(const char *name, bool without_level_4, struct streams *out)
{
	static char text[LOG_MAX];
	struct log *l;

	memset(out, 0, sizeof *out);
	read_log(name, text, without_level_4);
	l = log_open((struct log_conn_sink){ take_conn, out }, NULL);
	assert_non_null(l);
	log_feed(l, bytes_of(text, strlen(text)));
	log_end(l);
	log_close(l);
}

/* A client of 2.28 and the server that it spoke to, each with its own log of level 4. */
static void test_level_4__gives_the_bytes_that_the_other_side_logs(void **state)
{
	static struct streams client, server;

	(void)state;
	streams_of("client", false, &client);
	streams_of("server", false, &server);
	assert_int_equal(client.conns, 1);
	assert_int_equal(server.conns, 1);
	assert_int_equal(client.done, 1);
	assert_int_equal(server.done, 1);
	for (unsigned s = 0; s < 2; s++) {
		assert_true(client.n[s] > 100);
		assert_int_equal(client.n[s], server.n[s]);
		assert_memory_equal(client.bytes[s], server.bytes[s], client.n[s]);
		assert_int_equal(client.opened[s], 16); /* Finished */
		assert_int_equal(server.opened[s], 16);
	}
}

static bool contains(const uint8_t *all, size_t n, const uint8_t *part, size_t len)
{
	for (size_t at = 0; at + len <= n; at++)
		if (memcmp(all + at, part, len) == 0)
			return true;
	return false;
}

/* Each whole message that was made of fields stands so in the records. */
static unsigned made_as_sent(const struct streams *made, const struct streams *wire, unsigned side)
{
	unsigned count = 0;

	for (size_t at = 0; at + 4 <= made->n_messages[side]; count++) {
		const uint8_t *m = made->messages[side] + at;
		size_t len = 4 + ((size_t)m[1] << 16 | (size_t)m[2] << 8 | m[3]);

		assert_true(at + len <= made->n_messages[side]);
		assert_true(contains(wire->bytes[side], wire->n[side], m, len));
		at += len;
	}
	return count;
}

/* The same logs without what only level 4 prints. */
static void test_level_3__gives_messages_as_they_were_sent(void **state)
{
	static struct streams wire, made;

	(void)state;
	streams_of("client", false, &wire);
	streams_of("client", true, &made);
	assert_int_equal(made.n[0] + made.n[1], 0);
	assert_int_equal(made_as_sent(&made, &wire, SIDE_CLIENT), 1); /* ClientKeyExchange */
	assert_int_equal(made_as_sent(&made, &wire, SIDE_SERVER), 1); /* ServerKeyExchange */
	streams_of("server", true, &made);
	assert_int_equal(made_as_sent(&made, &wire, SIDE_CLIENT), 2); /* ClientHello as well */
	assert_int_equal(made_as_sent(&made, &wire, SIDE_SERVER), 1);
}

/* ---- lines ---- */

static void test_level_2__names_the_messages(void **state)
{
	(void)state;
	NOTES("ssl_tls.c:5804: |2| => handshake\n"
	      "ssl_cli.c:4272: |2| client state: 1\n"
	      "ssl_cli.c:0994: |2| => write client hello\n"
	      "ssl_msg.c:2451: |2| => write handshake message\n"
	      "ssl_msg.c:2575: |2| <= write handshake message\n"
	      "ssl_cli.c:1434: |2| <= write client hello\n"
	      "ssl_cli.c:2040: |2| => parse server hello\n"
	      "ssl_msg.c:3860: |2| <= read record\n"
	      "ssl_cli.c:2528: |2| <= parse server hello\n"
	      "ssl_cli.c:3375: |2| => parse certificate request\n"
	      "ssl_msg.c:1835: |2| => fetch input\n"
	      "ssl_msg.c:3860: |2| <= read record\n"
	      "ssl_cli.c:3521: |2| <= parse certificate request\n"
	      "ssl_cli.c:3532: |2| => parse server hello done\n"
	      "ssl_msg.c:3856: |2| reuse previously read message\n"
	      "ssl_msg.c:3860: |2| <= read record\n"
	      "ssl_cli.c:3560: |2| <= parse server hello done\n"
	      "ssl_tls.c:2161: |2| => write certificate\n"
	      "ssl_tls.c:2172: |2| <= skip write certificate\n"
	      "ssl_msg.c:4807: |2| => write change cipher spec\n"
	      "ssl_msg.c:4820: |2| <= write change cipher spec\n",
		"conn 1 at 2: of-client client=mbedTLS 2.x\n"
		"  2 client state 'CLIENT_HELLO'\n"
		"  3 client seen 1\n"
		"  7 server seen 2\n"
		"  14 server seen 14\n"
		"  20 client ccs\n"
		"  21 client end broken-off\n");
}

static void test_alerts__are_noted_once(void **state)
{
	(void)state;
	NOTES("ssl_srv.c:4511: |2| server state: 8\n"
	      "ssl_msg.c:4698: |2| got an alert message, type: [2:51]\n"
	      "ssl_msg.c:4705: |1| is a fatal alert message (msg 51)\n"
	      "ssl_msg.c:3847: |1| mbedtls_ssl_handle_message_type() returned -30592 (-0x7780)\n"
	      " failed\n"
	      "  ! mbedtls_ssl_handshake returned -0x7780\n"
	      "\n"
	      "Last error was: -30592 - SSL - A fatal alert message was received from our peer\n",
		"conn 1 at 1: of-server server=mbedTLS 2.x\n"
		"  1 server state 'CLIENT_KEY_EXCHANGE'\n"
		"  2 client alert 2:51\n"
		"  4 server result -0x7780 'mbedtls_ssl_handle_message_type'\n"
		"  6 server result -0x7780 'mbedtls_ssl_handshake'\n");
	NOTES("ssl_msg.c:4786: |2| => send alert message\n"
	      "ssl_msg.c:4787: |3| send alert level=2 message=48\n"
	      "ssl_msg.c:4798: |2| <= send alert message\n"
	      "ssl_cli.c:1: |1| x() returned -1 (-0x0001)\n",
		"conn 1 at 2: of-client client=mbedTLS 2.x\n"
		"  2 client alert 2:48\n"
		"  4 client result -0x1 'x'\n");
}

static void test_verify__words_are_flags(void **state)
{
	(void)state;
	NOTES("Verify requested for (Depth 1):\n"
	      "  ! The certificate is not correctly signed by the trusted CA\n"
	      "\n"
	      "Verify requested for (Depth 0):\n"
	      "  ! The certificate validity has expired\n"
	      "ssl_tls.c:2613: |1| x509_verify_cert() returned -9984 (-0x2700)\n"
	      "ssl_tls.c:2707: |3| ! Certificate verification flags 00000009\n",
		"conn 1 at 2:\n"
		"  2 client flags 0x9\n"
		"  6 client result -0x2700 'x509_verify_cert'\n");
	NOTES("ssl_tls.c:2707: |3| ! Certificate verification flags ffffffff\n",
		"conn 1 at 1:\n"
		"  1 client flags 0xffffffff\n"
		"  1 client remark all_flags 'every flag of the verification is set'\n");
}

static void test_suites__that_cannot_be_used_say_why(void **state)
{
	(void)state;
	NOTES("ssl_srv.c:0946: |3| certificate mismatch: elliptic curve\n"
	      "ssl_srv.c:1061: |3| ciphersuite mismatch: no suitable certificate\n"
	      "ssl_srv.c:2180: |1| got ciphersuites in common, but none of them usable\n",
		"conn 1 at 3: of-server server=mbedTLS 2.x\n"
		"  3 server remark no_common_group 'got ciphersuites in common, but none of them "
		"usable: certificate mismatch: elliptic curve'\n");
}

static void test_bad_messages__are_named_by_the_code(void **state)
{
	(void)state;
	NOTES("ssl_tls.c:2811: |1| bad certificate message\n"
	      "  ! mbedtls_ssl_handshake returned -0x7700\n",
		"conn 1 at 1:\n"
		"  1 client remark unexpected 'bad certificate message'\n"
		"  2 client result -0x7700 'mbedtls_ssl_handshake'\n");
	NOTES("ssl_tls.c:2811: |1| bad certificate message\n"
	      "  ! mbedtls_ssl_handshake returned -0x7a00\n",
		"conn 1 at 1:\n"
		"  1 client remark malformed 'bad certificate message'\n"
		"  2 client result -0x7a00 'mbedtls_ssl_handshake'\n");
}

/* What ssl_client2 prints when it reads and the server has gone. */
static void test_program__that_finds_the_server_gone_says_so(void **state)
{
	(void)state;
	NOTES("  . Connecting to tcp/192.0.2.10/4433... ok\n"
	      "  . Performing the SSL/TLS handshake... ok\n"
	      "    [ Protocol is TLSv1.3 ]\n"
	      " connection was reset by peer\n",
		"conn 1 at 2: of-client server-at=192.0.2.10:4433 version=0304\n"
		"  2 client done\n"
		"  4 client remark reset 'connection was reset by peer'\n"
		"  4 server end reset\n");
}

/* An empty message of which another kind came: the code is that of a bad form. */
static void test_bad_messages__of_another_type_are_out_of_turn(void **state)
{
	(void)state;
	NOTES("ssl_msg.c:3242: |3| handshake message: msglen = 149, type = 12, hslen = 149\n"
	      "ssl_tls12_client.c:2721: |1| bad server hello done message\n"
	      "  ! mbedtls_ssl_handshake returned -0x7300\n",
		"conn 1 at 1: of-client\n"
		"  1 server seen 12\n"
		"  2 client remark unexpected 'bad server hello done message'\n"
		"  3 client result -0x7300 'mbedtls_ssl_handshake'\n");
	NOTES("ssl_msg.c:3242: |3| handshake message: msglen = 5, type = 14, hslen = 5\n"
	      "ssl_tls12_client.c:2721: |1| bad server hello done message\n"
	      "  ! mbedtls_ssl_handshake returned -0x7300\n",
		"conn 1 at 1: of-client\n"
		"  1 server seen 14\n"
		"  2 client remark malformed 'bad server hello done message'\n"
		"  3 client result -0x7300 'mbedtls_ssl_handshake'\n");
}

static void test_first_byte__of_what_is_no_tls_is_kept(void **state)
{
	(void)state;
	NOTES("ssl_cli.c:4272: |2| client state: 2\n"
	      "ssl_msg.c:3485: |1| unknown record type 50\n"
	      "ssl_msg.c:3823: |1| ssl_get_next_record() returned -29184 (-0x7200)\n",
		"conn 1 at 1: of-client client=mbedTLS 2.x\n"
		"  1 client state 'SERVER_HELLO'\n"
		"  2 server wire 32 -4\n"
		"  2 client remark greeting 'unknown record type 50'\n"
		"  3 client result -0x7200 'ssl_get_next_record'\n");
	/* "SSH-2.0": nobody's greeting before TLS */
	NOTES("ssl_cli.c:4272: |2| client state: 2\n"
	      "ssl_msg.c:3485: |1| unknown record type 83\n",
		"conn 1 at 1: of-client client=mbedTLS 2.x\n"
		"  1 client state 'SERVER_HELLO'\n"
		"  2 server wire 53 -4\n"
		"  2 client remark not_tls 'unknown record type 83'\n"
		"  2 client end broken-off\n");
	/* "HTTP/1.1 400" */
	NOTES("ssl_cli.c:4272: |2| client state: 2\n"
	      "ssl_msg.c:3485: |1| unknown record type 72\n",
		"conn 1 at 1: of-client client=mbedTLS 2.x\n"
		"  1 client state 'SERVER_HELLO'\n"
		"  2 server wire 48 -4\n"
		"  2 client remark http 'unknown record type 72'\n"
		"  2 client end broken-off\n");
}

static void test_memory__that_runs_out_is_said(void **state)
{
	(void)state;
	NOTES("ssl_tls.c:3857: |1| alloc(4429 bytes) failed\n"
	      "  ! mbedtls_ssl_setup returned -0x7f00\n",
		"conn 1 at 1:\n"
		"  1 client remark out_of_memory 'alloc(4429 bytes) failed'\n"
		"  2 client result -0x7f00 'mbedtls_ssl_setup'\n"
		"  2 client remark out_of_memory '! mbedtls_ssl_setup returned -0x7f00'\n");
}

/* ---- programs ---- */

static void test_programs__say_codes_in_many_ways(void **state)
{
	static const struct {
		const char *line, *function;
	} cases[] = {
		{ "  ! mbedtls_ssl_handshake returned -0x2700\n", "mbedtls_ssl_handshake" },
		{ " failed\n  !  mbedtls_ssl_handshake returned -9984\n", "mbedtls_ssl_handshake" },
		{ "E (2104) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x2700\n",
			"mbedtls_ssl_handshake" },
		{ "[00:00:01.482,237] <err> net_sock_tls: TLS handshake error: -0x2700\n",
			"handshake" },
		{ "[00:00:01.482,237] <err> net_sock_tls: TLS handshake error: -2700\n",
			"handshake" },
		{ "[E][ssl_client.cpp:37] _handle_error(): [start_ssl_client():273]: (-9984) X509 "
		  "- "
		  "Certificate verification failed\n",
			"start_ssl_client" },
		{ "OSError: (-9984, 'MBEDTLS_ERR_X509_CERT_VERIFY_FAILED')\n", "handshake" },
		{ "I (9) https: Last mbedtls failure: 0x2700\n", "handshake" },
		{ "E (9) mqtt: Last tls stack error number: 0xffffd900\n", "handshake" },
		{ "E (9) esp-tls-mbedtls: read error :-0x2700:\n", "mbedtls_ssl_read" },
		{ "ERROR: mbedtls_ssl_handshake() failed: -0x2700\n", "mbedtls_ssl_handshake" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char expected[128];
		char *notes = log_dump(cases[i].line, strlen(cases[i].line), "mbedtls", 0);

		(void)snprintf(expected, sizeof expected, " client result -0x2700 '%s'\n",
			cases[i].function);
		if (strstr(notes, expected) == NULL)
			print_error("%s: %s", cases[i].line, notes);
		assert_non_null(strstr(notes, expected));
		free(notes);
	}
}

/* A number that the end of a line cuts is none. */
static void test_codes__that_are_cut_are_not_noted(void **state)
{
	(void)state;
	NOTES("ssl_cli.c:3325: |1| mbedtls_pk_verify() returned -199\n"
	      "ssl_tls.c:2707: |3| ! Certificate verification flags 0000000\n"
	      "ssl_msg.c:4705: |1| is a fatal alert message (msg 5\n"
	      "mbedtls_version of 2024-01-02\n",
		"");
	/* the second number may be */
	NOTES("ssl_cli.c:3325: |1| x() returned -19968 (-0x4\n",
		"conn 1 at 1: of-client client=mbedTLS 2.x\n"
		"  1 client result -0x4e00 'x'\n");
}

static void test_programs__tell_who_they_are(void **state)
{
	(void)state;
	NOTES("build version: mbed TLS 2.28.3 (build 35390208)\n"
	      "  . Bind on tcp://192.0.2.10:4433/ ... ok\n"
	      "  . Waiting for a remote connection ...  . Performing the SSL/TLS "
	      "handshake...ssl_tls.c:5804: |2| => handshake\n"
	      "ssl_srv.c:4511: |2| server state: 0\n",
		"conn 1 at 4: of-server server=mbedTLS 2.28.3 server-at=192.0.2.10:4433\n"
		"  4 server state 'HELLO_REQUEST'\n"
		"  4 server end broken-off\n");
	NOTES("  . Connecting to tcp/device.example/4433... ok\n"
	      "    [ Protocol is TLSv1.2 ]\n"
	      "    [ Ciphersuite is TLS-ECDHE-ECDSA-WITH-AES-128-GCM-SHA256 ]\n",
		"conn 1 at 2: of-client server-at=device.example:4433 version=0303 suite=c02b\n"
		"  2 client done\n");
}

/* ---- connections ---- */

static void test_connections__of_pointers_are_told_apart(void **state)
{
	(void)state;
	NOTES("ssl_cli.c:1: |2| 0x7ffc10: client state: 0\n"
	      "ssl_cli.c:1: |2| 0x7ffc20: client state: 0\n"
	      "ssl_cli.c:1: |2| 0x7ffc10: client state: 1\n"
	      "ssl_msg.c:3: |1| 0x7ffc20: is a fatal alert message (msg 40)\n"
	      "ssl_msg.c:2: |1| 0x7ffc20: f() returned -30592 (-0x7780)\n"
	      "ssl_msg.c:3: |1| 0x7ffc10: is a fatal alert message (msg 48)\n",
		"conn 1 at 1: of-client client=mbedTLS 2.x\n"
		"  1 client state 'HELLO_REQUEST'\n"
		"  3 client state 'CLIENT_HELLO'\n"
		"  6 server alert 2:48\n"
		"  6 client end broken-off\n"
		"conn 2 at 2: of-client client=mbedTLS 2.x\n"
		"  2 client state 'HELLO_REQUEST'\n"
		"  4 server alert 2:40\n"
		"  5 client result -0x7780 'f'\n");
}

/* A program that is started again has its context elsewhere, and lines of its own without a pointer before that. */
static void test_connections__of_a_program_that_runs_again_are_one_each(void **state)
{
	(void)state;
	NOTES("  . Connecting to tcp/device.example/4433... ok\n"
	      "ssl_tls.c:2613: |1| 0x7ffc10: x509_verify_cert() returned -9984 (-0x2700)\n"
	      "  ! mbedtls_ssl_handshake returned -0x2700\n"
	      "  . Connecting to tcp/device.example/4433... ok\n"
	      "  ! The certificate is not correctly signed by the trusted CA\n"
	      "ssl_tls.c:2613: |1| 0x7ffd20: x509_verify_cert() returned -9984 (-0x2700)\n"
	      "  ! mbedtls_ssl_handshake returned -0x2700\n",
		"conn 1 at 2: of-client server-at=device.example:4433\n"
		"  2 client result -0x2700 'x509_verify_cert'\n"
		"  3 client result -0x2700 'mbedtls_ssl_handshake'\n"
		"conn 2 at 5: of-client server-at=device.example:4433\n"
		"  5 client flags 0x8\n"
		"  6 client result -0x2700 'x509_verify_cert'\n"
		"  7 client result -0x2700 'mbedtls_ssl_handshake'\n");
}

static void test_connections__begin_where_the_handshake_does(void **state)
{
	(void)state;
	/* again, without a word between */
	NOTES("ssl_srv.c:4511: |2| server state: 0\n"
	      "ssl_srv.c:4511: |2| server state: 1\n"
	      "ssl_srv.c:4511: |2| server state: 0\n",
		"conn 1 at 1: of-server server=mbedTLS 2.x\n"
		"  1 server state 'HELLO_REQUEST'\n"
		"  2 server state 'CLIENT_HELLO'\n"
		"conn 2 at 3: of-server server=mbedTLS 2.x\n"
		"  3 server state 'HELLO_REQUEST'\n"
		"  3 server end broken-off\n");
	/* at level 1, a failure at the same place */
	NOTES("ssl_srv.c:3366: |1| mbedtls_ecdh_make_params() returned -19584 (-0x4c80)\n"
	      "ssl_srv.c:3366: |1| mbedtls_ecdh_make_params() returned -19584 (-0x4c80)\n",
		"conn 1 at 1: of-server server=mbedTLS 2.x\n"
		"  1 server result -0x4c80 'mbedtls_ecdh_make_params'\n"
		"  1 server remark own_arithmetic 'mbedtls_ecdh_make_params() returned -19584 "
		"(-0x4c80)'\n"
		"conn 2 at 2: of-server server=mbedTLS 2.x\n"
		"  2 server result -0x4c80 'mbedtls_ecdh_make_params'\n"
		"  2 server remark own_arithmetic 'mbedtls_ecdh_make_params() returned -19584 "
		"(-0x4c80)'\n");
	/* a device that boots in the middle */
	NOTES("ssl_cli.c:4272: |2| client state: 2\n"
	      "ets Jul 29 2019 12:21:46\n"
	      "ssl_cli.c:4272: |2| client state: 1\n"
	      "  ! mbedtls_ssl_handshake returned -0x7280\n",
		"conn 1 at 1: of-client client=mbedTLS 2.x\n"
		"  1 client state 'SERVER_HELLO'\n"
		"  2 client end broken-off\n"
		"conn 2 at 3: of-client client=mbedTLS 2.x\n"
		"  3 client state 'CLIENT_HELLO'\n"
		"  4 client result -0x7280 'mbedtls_ssl_handshake'\n"
		"  4 server end closed\n");
}

/* What was noted before the role was known is turned round. */
static void test_role__is_learnt_late(void **state)
{
	(void)state;
	NOTES("ssl_msg.c:4705: |1| is a fatal alert message (msg 48)\n"
	      "ssl_msg.c:3847: |1| f() returned -30592 (-0x7780)\n"
	      "ssl_srv.c:3997: |1| mbedtls_ssl_read_record() returned -30592 (-0x7780)\n",
		"conn 1 at 1: of-server server=mbedTLS 2.x\n"
		"  1 client alert 2:48\n"
		"  2 server result -0x7780 'f'\n"
		"  3 server result -0x7780 'mbedtls_ssl_read_record'\n");
}

/* Of 3.x: the ClientHello is read by the code of TLS 1.3, and again by that of TLS 1.2. */
static void test_hello__that_is_left_to_tls12_is_one(void **state)
{
	(void)state;
	NOTES("ssl_tls13_server.c:1957: => parse client hello\n"
	      "ssl_msg.c:2158: => fetch input\n"
	      "ssl_msg.c:4404: <= read record\n"
	      "ssl_tls13_server.c:1998: non-1.3 ClientHello left for later processing\n"
	      "ssl_tls12_server.c:0913: => parse client hello\n"
	      "ssl_msg.c:4400: reuse previously read message\n"
	      "ssl_msg.c:4404: <= read record\n"
	      "ssl_tls12_server.c:1600: <= parse client hello\n"
	      "ssl_tls12_server.c:1: x() returned -1 (-0x0001)\n",
		"conn 1 at 1: of-server server=mbedTLS 3.x\n"
		"  5 client seen 1\n"
		"  9 server result -0x1 'x'\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dressing__of_a_line_does_not_matter),
		cmocka_unit_test(test_words__of_a_record_too_short_for_its_keys),
		cmocka_unit_test(test_foreign__lines_are_left_to_others),
		cmocka_unit_test(test_bodies__alone_are_known),
		cmocka_unit_test(test_dump__of_a_record_is_put_together),
		cmocka_unit_test(test_dump__with_a_lost_row_has_a_hole),
		cmocka_unit_test(test_dump__that_is_cut_in_width_has_holes),
		cmocka_unit_test(test_dump__that_is_wrapped_is_whole),
		cmocka_unit_test(test_dump__of_a_long_record_is_cut),
		cmocka_unit_test(test_header__whose_record_is_not_read_is_noted),
		cmocka_unit_test(test_level_4__gives_the_bytes_that_the_other_side_logs),
		cmocka_unit_test(test_level_3__gives_messages_as_they_were_sent),
		cmocka_unit_test(test_level_2__names_the_messages),
		cmocka_unit_test(test_alerts__are_noted_once),
		cmocka_unit_test(test_verify__words_are_flags),
		cmocka_unit_test(test_suites__that_cannot_be_used_say_why),
		cmocka_unit_test(test_bad_messages__are_named_by_the_code),
		cmocka_unit_test(test_program__that_finds_the_server_gone_says_so),
		cmocka_unit_test(test_bad_messages__of_another_type_are_out_of_turn),
		cmocka_unit_test(test_first_byte__of_what_is_no_tls_is_kept),
		cmocka_unit_test(test_memory__that_runs_out_is_said),
		cmocka_unit_test(test_programs__say_codes_in_many_ways),
		cmocka_unit_test(test_codes__that_are_cut_are_not_noted),
		cmocka_unit_test(test_programs__tell_who_they_are),
		cmocka_unit_test(test_connections__of_pointers_are_told_apart),
		cmocka_unit_test(test_connections__of_a_program_that_runs_again_are_one_each),
		cmocka_unit_test(test_connections__begin_where_the_handshake_does),
		cmocka_unit_test(test_role__is_learnt_late),
		cmocka_unit_test(test_hello__that_is_left_to_tls12_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
