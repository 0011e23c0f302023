/* TLS is found by its bytes, whatever is spoken before it; and what is spoken instead is named. */
#include "session/conn.h"
#include "support/tls_talk.h"

struct line {
	unsigned dir;
	const char *text;
	size_t n; /* 0: strlen */
};

struct dialogue {
	const char *name;
	enum plain_protocol before;
	struct line line[6];
};

#define TEXT(dir, s)                                                                               \
	{                                                                                          \
		(dir), (s), 0                                                                      \
	}
#define BYTES(dir, s)                                                                              \
	{                                                                                          \
		(dir), (s), sizeof(s) - 1                                                          \
	}

static const struct dialogue dialogues[] = {
	{ "SMTP", PLAIN_SMTP,
		{ TEXT(1, "220 mx.example ESMTP\r\n"), TEXT(0, "EHLO dev.example\r\n"),
			TEXT(1, "250-mx.example\r\n250 STARTTLS\r\n"), TEXT(0, "STARTTLS\r\n"),
			TEXT(1, "220 2.0.0 Ready\r\n") } },
	{ "IMAP", PLAIN_IMAP,
		{ TEXT(1, "* OK ready\r\n"), TEXT(0, "a STARTTLS\r\n"),
			TEXT(1, "a OK begin\r\n") } },
	{ "POP3", PLAIN_POP3,
		{ TEXT(1, "+OK ready\r\n"), TEXT(0, "STLS\r\n"), TEXT(1, "+OK begin\r\n") } },
	{ "FTP", PLAIN_FTP,
		{ TEXT(1, "220 FTP server\r\n"), TEXT(0, "AUTH TLS\r\n"), TEXT(1, "234 go\r\n") } },
	{ "LDAP", PLAIN_LDAP,
		{ BYTES(0, "\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
			   "1.3.6.1.4.1.1466.20037"),
			BYTES(1, "\x30\x24\x02\x01\x01\x78\x1f\x0a\x01\x00\x04\x00\x04\x00\x8a\x16"
				 "1.3.6.1.4.1.1466.20037") } },
	{ "XMPP", PLAIN_XMPP,
		{ TEXT(0, "<?xml version='1.0'?><stream:stream to='dev.example'>"),
			TEXT(1, "<?xml version='1.0'?><stream:stream>"), TEXT(0, "<starttls/>"),
			TEXT(1, "<proceed/>") } },
	{ "PostgreSQL", PLAIN_POSTGRES, { BYTES(0, "\0\0\0\x08\x04\xd2\x16\x2f"), TEXT(1, "S") } },
	{ "MySQL", PLAIN_MYSQL,
		{ BYTES(1, "\x4a\0\0\0\x0a"
			   "8.0.36\0\x0b\0\0\0abcdefgh\0\xff\xff\xff\x02\0\xff\xdf\x15"),
			BYTES(0, "\x20\0\0\x01\x85\xae\xff\x19\0\0\0\x01\xff\0\0\0\0\0\0\0\0\0\0\0"
				 "\0\0"
				 "\0\0\0\0\0\0\0\0\0\0") } },
	{ "HTTP", PLAIN_HTTP,
		{ TEXT(0, "CONNECT dev.example:443 HTTP/1.1\r\nHost: dev.example\r\n\r\n"),
			TEXT(1, "HTTP/1.1 200 Connection established\r\n\r\n") } },
	{ "SOCKS5", PLAIN_SOCKS,
		{ BYTES(0, "\x05\x01\0"), BYTES(1, "\x05\0"),
			BYTES(0, "\x05\x01\0\x03\x0b"
				 "dev.example\x01\xbb"),
			BYTES(1, "\x05\0\0\x01\xc0\0\x02\x02\x01\xbb") } },
	{ "SOCKS4", PLAIN_SOCKS,
		{ BYTES(0, "\x04\x01\x01\xbb\xc0\0\x02\x02\0"), BYTES(1, "\0\x5a\0\0\0\0\0\0") } },
	{ "RDP", PLAIN_RDP,
		{ BYTES(0, "\x03\0\0\x13\x0e\xe0\0\0\0\0\0\x01\0\x08\0\x03\0\0\0"),
			BYTES(1, "\x03\0\0\x13\x0e\xd0\0\0\x12\x34\0\x02\x1f\x08\0\x02\0\0\0") } },
	{ "PROXY 1", PLAIN_PROXY, { TEXT(0, "PROXY TCP4 192.0.2.7 192.0.2.2 1234 443\r\n") } },
	{ "PROXY 2", PLAIN_PROXY,
		{ BYTES(0, "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x07\xc0\0\x02\x02\x04\xd2"
			   "\x01\xbb") } },
	{ "Sieve", PLAIN_SIEVE,
		{ TEXT(1, "\"IMPLEMENTATION\" \"x\"\r\nOK\r\n"), TEXT(0, "STARTTLS\r\n"),
			TEXT(1, "OK\r\n") } },
};

static void say_dialogue(struct tls_talk *t, const struct dialogue *d)
{
	for (size_t i = 0; i < 6 && d->line[i].text != NULL; i++)
		talk_send(t, d->line[i].dir, d->line[i].text,
			d->line[i].n != 0 ? d->line[i].n : strlen(d->line[i].text));
}

static void test_detect__tls_is_found_after_plaintext(void **state)
{
	static const size_t segments[] = { 0, 1, 9 };

	(void)state;
	for (size_t k = 0; k < 3; k++) {
		for (size_t i = 0; i < sizeof dialogues / sizeof *dialogues; i++) {
			const struct dialogue *d = &dialogues[i];
			struct tls_talk t;

			tls_talk_open(&t, NULL);
			t.segment = segments[k];
			say_dialogue(&t, d);
			talk_say(&t, "c:CH s:SH s:CERT s:SKE s:SHD c:CKE c:CCS c:e22 s:CCS s:e22 "
				     "c:e23");
			talk_end(&t, FLOW_CLOSED);
			if (t.n != 1 || t.hs[0]->outcome != OUTCOME_COMPLETED ||
				t.hs[0]->before != d->before || t.hs[0]->server_spoke != PLAIN_NONE)
				fail_msg("%s: %zu handshakes, before %s", d->name, t.n,
					t.n != 0 ? plain_protocol_name(t.hs[0]->before) : "-");
			tls_talk_close(&t);
		}
	}
}

static void test_detect__hello_in_the_segment_of_the_last_plain_bytes_is_found(void **state)
{
	struct wire *m = calloc(1, sizeof *m), *w = calloc(1, sizeof *w);
	struct tls_talk t;

	(void)state;
	tls_talk_open(&t, NULL);
	put(w, "CONNECT dev.example:443 HTTP/1.1\r\n\r\n", 36);
	put_message(m, "CH");
	put_record(w, CONTENT_HANDSHAKE, m->b, m->n);
	talk_send(&t, 0, w->b, w->n);
	talk_say(&t, "s:SH s:alert40");
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.n, 1);
	assert_int_equal(t.hs[0]->before, PLAIN_HTTP);
	assert_true(t.hs[0]->client_hello.seen && t.hs[0]->server_hello.seen);
	free(w);
	free(m);
	tls_talk_close(&t);
}

static void test_detect__plain_answer_to_a_hello_is_named(void **state)
{
	static const struct {
		const char *greeting, *answer;
		enum plain_protocol spoke;
		bool first;
	} rows[] = {
		{ NULL, "HTTP/1.1 400 Bad Request\r\n\r\n", PLAIN_HTTP, false },
		{ "220 mx.example ESMTP\r\n", "500 5.5.1 what?\r\n", PLAIN_SMTP, true },
		{ "SSH-2.0-dropbear\r\n", NULL, PLAIN_SSH, true },
		{ "+OK POP3 ready\r\n", "-ERR\r\n", PLAIN_POP3, true },
		{ NULL, "-ERR Protocol error\r\n", PLAIN_REDIS, false },
		{ NULL, "*\x01\x02\x03", PLAIN_UNKNOWN, false },
		{ NULL, "\xff\xfd\x18\xff\xfd\x20", PLAIN_TELNET, false },
		{ ":irc.example NOTICE * :hello\r\n", NULL, PLAIN_IRC, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tls_talk t;

		tls_talk_open(&t, NULL);
		if (rows[i].greeting != NULL)
			talk_text(&t, 1, rows[i].greeting);
		talk_say(&t, "c:CH");
		if (rows[i].answer != NULL)
			talk_text(&t, 1, rows[i].answer);
		talk_say(&t, "s:fin");
		talk_end(&t, FLOW_CLOSED);
		assert_int_equal(t.n, 1);
		assert_int_equal(t.hs[0]->server_spoke, rows[i].spoke);
		assert_int_equal(t.hs[0]->server_spoke_first, rows[i].first);
		assert_int_not_equal(t.hs[0]->server_said.len, 0);
		assert_int_not_equal(t.hs[0]->server_said_packet, 0);
		assert_int_equal(t.hs[0]->outcome, OUTCOME_FAILED);
		tls_talk_close(&t);
	}
}

static void test_detect__refused_upgrade_is_what_came_after_it(void **state)
{
	struct tls_talk t;

	(void)state;
	tls_talk_open(&t, NULL);
	talk_text(&t, 1, "220 mx.example ESMTP\r\n");
	talk_text(&t, 0, "EHLO dev.example\r\n");
	talk_text(&t, 1, "250 mx.example\r\n");
	talk_say(&t, "c:CH");
	talk_text(&t, 1, "500 unknown command\r\n");
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.hs[0]->before, PLAIN_SMTP);
	assert_int_equal(t.hs[0]->server_spoke, PLAIN_SMTP);
	assert_memory_equal(t.hs[0]->server_said.data, "500 unknown", 11);
	tls_talk_close(&t);
}

static void test_detect__connection_without_tls_is_only_counted(void **state)
{
	struct tls_talk t;

	(void)state;
	tls_talk_open(&t, NULL);
	talk_text(&t, 0, "GET / HTTP/1.1\r\nHost: dev.example\r\n\r\n");
	talk_text(&t, 1, "HTTP/1.1 200 OK\r\n\r\n\x16\x03\x01 and \x16\x03\x01\x02\x00\x05 text");
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.n, 0);
	assert_int_equal(session_totals(t.session).plain_flows, 1);
	tls_talk_close(&t);
}

static void test_detect__long_plaintext_is_given_up(void **state)
{
	char text[1024];
	struct tls_talk t;

	(void)state;
	memset(text, 'x', sizeof text);
	tls_talk_open(&t, NULL);
	for (int i = 0; i < 100 && t.answer == SINK_MORE; i++)
		talk_send(&t, 1, text, sizeof text);
	assert_int_equal(t.answer, SINK_DONE);
	talk_end(&t, FLOW_CLOSED);
	assert_int_equal(t.n, 0);
	assert_int_equal(session_totals(t.session).plain_flows, 1);
	tls_talk_close(&t);
}

static void test_detect__alert_without_a_hello_is_a_handshake(void **state)
{
	struct tls_talk t;
	struct handshake *hs;

	(void)state;
	hs = talk_whole(&t, "c:fin s:alert50 c:rst");
	assert_int_equal(hs->outcome, OUTCOME_FAILED);
	assert_int_equal(hs->ending, ENDING_FIN);
	assert_int_equal(hs->ended_by, SIDE_CLIENT);
	assert_false(hs->roles_guessed);
	assert_false(hs->only_protected);
	tls_talk_close(&t);
}

/* Without a hello seven bytes must say all of an alert, or they are plaintext. */
static void test_detect__what_is_not_quite_an_alert_is_none(void **state)
{
	static const struct {
		const char *bytes;
		size_t n, handshakes;
	} rows[] = {
		{ "\x15\x03\x03\0\x02\x02\x32", 7, 1 },
		{ "\x15\x03\0\0\x02\x01\0", 7, 1 },
		{ "\x15\x03\x03\0\x02\x02\x32\x15", 8, 1 },
		{ "\x15\x03\x03\0\x02\x02", 6, 0 },
		{ "\x14\x03\x03\0\x02\x02\x32", 7, 0 },
		{ "\x17\x03\x03\0\x02\x02\x32", 7, 0 },
		{ "\x15\x02\x03\0\x02\x02\x32", 7, 0 },
		{ "\x15\x03\x05\0\x02\x02\x32", 7, 0 },
		{ "\x15\x03\x03\x01\x02\x02\x32", 7, 0 },
		{ "\x15\x03\x03\0\x01\x02\x32", 7, 0 },
		{ "\x15\x03\x03\0\x03\x02\x32\0", 8, 0 },
		{ "\x15\x03\x03\0\x02\0\x32", 7, 0 },
		{ "\x15\x03\x03\0\x02\x03\x32", 7, 0 },
		{ "\x15\x03\x03\0\x02\x02\xfe", 7, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tls_talk t;

		tls_talk_open(&t, NULL);
		talk_send(&t, 1, rows[i].bytes, rows[i].n);
		talk_say(&t, "s:fin c:fin");
		talk_end(&t, FLOW_CLOSED);
		if (t.n != rows[i].handshakes)
			fail_msg("row %zu: %zu handshakes", i, t.n);
		if (t.n != 0)
			assert_int_equal(t.hs[0]->n_alerts, 1);
		tls_talk_close(&t);
	}
}

/* Behind other bytes of a segment a hello must have a version and a session id that can be. */
static void test_detect__inside_plaintext_a_hello_must_be_possible(void **state)
{
	static const struct {
		size_t at;
		uint8_t byte;
		size_t handshakes;
	} rows[] = {
		{ 0, 0x16, 1 },
		{ 0, 0x17, 0 },
		{ 9, 0x03, 1 }, /* client_version */
		{ 9, 0x04, 0 },
		{ 43, 0, 1 }, /* length of the session id */
		{ 43, 33, 0 },
		{ 43, 0xff, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct wire *m = calloc(1, sizeof *m), *w = calloc(1, sizeof *w);
		struct tls_talk t;

		tls_talk_open(&t, NULL);
		put(w, "plain text ", 11);
		put_message(m, "CH");
		put_record(w, CONTENT_HANDSHAKE, m->b, m->n);
		w->b[11 + rows[i].at] = rows[i].byte;
		talk_send(&t, 0, w->b, w->n);
		talk_say(&t, "s:fin c:fin");
		talk_end(&t, FLOW_CLOSED);
		if (t.n != rows[i].handshakes)
			fail_msg("row %zu: %zu handshakes", i, t.n);
		free(w);
		free(m);
		tls_talk_close(&t);
	}
}

/* Fewer bytes than a record's header: one that broke off, unless they fit none. */
static void test_detect__an_answer_that_broke_off_is_no_other_protocol(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		enum plain_protocol spoke;
	} rows[] = {
		{ "", 0, PLAIN_NONE }, { "\x14", 1, PLAIN_NONE }, { "\x16", 1, PLAIN_NONE },
		{ "\x18", 1, PLAIN_NONE }, { "\x13", 1, PLAIN_UNKNOWN },
		{ "\x19", 1, PLAIN_UNKNOWN }, { "\x16\x03", 2, PLAIN_NONE },
		{ "\x16\x02", 2, PLAIN_UNKNOWN }, { "\x15\x03\x04", 3, PLAIN_NONE },
		{ "\x15\x03\x05", 3, PLAIN_UNKNOWN }, { "\x16\x03\x03\0", 4, PLAIN_NONE },
		{ "\x13\x03\x03\0", 4, PLAIN_UNKNOWN },
		{ "\x16\x03\x03\xff\xff", 5, PLAIN_UNKNOWN }, /* a header, of no record */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tls_talk t;

		tls_talk_open(&t, NULL);
		talk_say(&t, "c:CH");
		talk_send(&t, 1, rows[i].bytes, rows[i].n);
		talk_say(&t, "s:fin c:fin");
		talk_end(&t, FLOW_CLOSED);
		assert_int_equal(t.n, 1);
		if (t.hs[0]->server_spoke != rows[i].spoke)
			fail_msg("row %zu: %s", i, plain_protocol_name(t.hs[0]->server_spoke));
		tls_talk_close(&t);
	}
}

/* An agreement to begin TLS that the capture has too late, and then a hole where the flight was. */
static void test_detect__whom_the_client_has_understood_speaks_tls(void **state)
{
	static const struct {
		const char *after;
		enum plain_protocol spoke;
	} rows[] = {
		{ "s:gap1300 c:CKE c:CCS c:e22 c:e23 c:fin", PLAIN_NONE },
		{ "s:gap1300 c:CKE c:fin", PLAIN_NONE },
		{ "s:gap1300 c:fin", PLAIN_POSTGRES },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tls_talk t;

		tls_talk_open(&t, NULL);
		talk_send(&t, 0, "\0\0\0\x08\x04\xd2\x16\x2f", 8);
		talk_say(&t, "c:CH");
		talk_send(&t, 1, "S", 1);
		talk_say(&t, rows[i].after);
		talk_end(&t, FLOW_CLOSED);
		assert_int_equal(t.n, 1);
		if (t.hs[0]->server_spoke != rows[i].spoke)
			fail_msg("row %zu: %s", i, plain_protocol_name(t.hs[0]->server_spoke));
		tls_talk_close(&t);
	}
}

/* More than is kept of it, in the segment of the header that is none. */
static void test_detect__plaintext_after_records_may_be_long(void **state)
{
	static const size_t lengths[] = { 4, 5, 6, 90, 91, 95, 96, 97, 101, 300 };

	(void)state;
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		char text[300];
		struct tls_talk t;

		memset(text, 'y', sizeof text);
		tls_talk_open(&t, NULL);
		talk_say(&t, "c:CH s:SH");
		talk_send(&t, 1, text, lengths[i]);
		talk_say(&t, "s:fin c:fin");
		talk_end(&t, FLOW_CLOSED);
		assert_int_equal(t.n, 1);
		assert_true(t.hs[0]->server_hello.seen);
		assert_int_equal(t.hs[0]->outcome, OUTCOME_FAILED);
		tls_talk_close(&t);
	}
}

/* RFC 5246 7.4.1.1: nine bytes of a server that asks for the hello, and no others. */
static void test_detect__a_hello_request_may_come_first(void **state)
{
	static const struct {
		const char *bytes;
		size_t n, handshakes;
	} rows[] = {
		{ "\x16\x03\x03\0\x04\0\0\0\0", 9, 1 },
		{ "\x16\x03\x03\0\x04\0\0\0", 8, 0 },
		{ "\x15\x03\x03\0\x04\0\0\0\0", 9, 0 },
		{ "\x16\x03\x03\0\x05\0\0\0\0\0", 10, 0 },
		{ "\x16\x03\x03\0\x04\0\0\0\x01", 9, 0 },
		{ "\x16\x04\x03\0\x04\0\0\0\0", 9, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tls_talk t;

		tls_talk_open(&t, NULL);
		talk_send(&t, 1, rows[i].bytes, rows[i].n);
		talk_say(&t, "s:fin c:fin");
		talk_end(&t, FLOW_CLOSED);
		if (t.n != rows[i].handshakes)
			fail_msg("row %zu: %zu handshakes", i, t.n);
		tls_talk_close(&t);
	}
}

static void test_detect__dtls_is_counted(void **state)
{
	static const uint8_t dtls[] = { 22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0 };
	struct tls_talk t;

	(void)state;
	tls_talk_open(&t, NULL);
	t.flow.transport = TRANSPORT_UDP;
	talk_send(&t, 0, dtls, sizeof dtls);
	assert_int_equal(t.answer, SINK_DONE);
	talk_end(&t, FLOW_INPUT_ENDED);
	assert_int_equal(t.n, 0);
	assert_int_equal(session_totals(t.session).dtls_flows, 1);
	assert_int_equal(session_totals(t.session).plain_flows, 0);
	tls_talk_close(&t);
}

/* A flight in records of `size` bytes, sent in segments of `segment`. */
static void say_tiny(
	struct tls_talk *t, unsigned dir, const char *word, size_t size, size_t segment)
{
	struct wire *m = calloc(1, sizeof *m), *w = calloc(1, sizeof *w);

	assert_true(put_message(m, word));
	for (size_t at = 0; at < m->n; at += size)
		put_record(w, CONTENT_HANDSHAKE, m->b + at, m->n - at < size ? m->n - at : size);
	t->segment = segment;
	talk_send(t, dir, w->b, w->n);
	t->segment = 0;
	free(w);
	free(m);
}

static void test_detect__hellos_in_records_of_any_size_are_found(void **state)
{
	static const size_t segments[] = { 0, 1, 2, 3, 7, 24, 35, 36, 37, 100 };

	(void)state;
	for (size_t size = 1; size <= 9; size++) {
		for (size_t i = 0; i < 2 * sizeof segments / sizeof segments[0]; i++) {
			struct tls_talk t;

			tls_talk_open(&t, NULL);
			if (i % 2 != 0)
				talk_text(&t, 0, "STARTTLS\r\n");
			say_tiny(&t, 0, "CH", size, segments[i / 2]);
			say_tiny(&t, 1, "SH", size, segments[i / 2]);
			talk_say(&t, "s:alert40 s:fin");
			talk_end(&t, FLOW_CLOSED);
			if (t.n != 1 || !t.hs[0]->client_hello.seen || !t.hs[0]->server_hello.seen)
				fail_msg("records of %zu, row %zu", size, i);
			assert_int_equal(u16s_count(&t.hs[0]->client_hello.suites), 3);
			assert_int_equal(t.hs[0]->suite_value, 0xc02f);
			tls_talk_close(&t);
		}
	}
}

/* One side of it captured: the ServerHello is found by itself. */
static void test_detect__a_server_hello_in_tiny_records_is_found_alone(void **state)
{
	(void)state;
	for (size_t size = 1; size <= 6; size++) {
		struct tls_talk t;

		tls_talk_open(&t, NULL);
		say_tiny(&t, 1, "SH", size, 5);
		talk_say(&t, "s:alert40 s:fin");
		talk_end(&t, FLOW_CLOSED);
		assert_int_equal(t.n, 1);
		assert_true(t.hs[0]->server_hello.seen);
		tls_talk_close(&t);
	}
}

/* Which first four bytes of what a record holds are a message's, by type, length and what is left of the record. */
static void test_detect__a_message_s_header_is_told_from_noise(void **state)
{
	static const struct {
		uint8_t type;
		uint32_t least, most; /* lengths; most 0: all that is left of the record */
	} rows[] = { { HS_HELLO_REQUEST, 0, 0 }, { HS_CLIENT_HELLO, 3, 1 << 15 },
		{ HS_SERVER_HELLO, 3, 1 << 15 }, { HS_NEW_SESSION_TICKET, 0, 996 },
		{ HS_HELLO_RETRY_REQUEST, 0, 996 }, { HS_CERTIFICATE, 3, 1 << 15 },
		{ HS_SERVER_KEY_EXCHANGE, 3, 1 << 15 }, { HS_CERTIFICATE_REQUEST, 3, 1 << 15 },
		{ HS_SERVER_HELLO_DONE, 0, 0 }, { HS_CERTIFICATE_VERIFY, 0, 996 },
		{ HS_CLIENT_KEY_EXCHANGE, 0, 996 }, { HS_FINISHED, 0, 996 },
		{ HS_CERTIFICATE_STATUS, 0, 996 }, { HS_SUPPLEMENTAL_DATA, 0, 996 } };
	enum { RECORD = 1000 };

	(void)state;
	for (unsigned type = 0; type < 256; type++) {
		int row = -1;

		for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
			if (rows[i].type == type)
				row = (int)i;
		for (uint32_t length = 0; length < 1 << 18; length += length < 1100 ? 1 : 127) {
			const uint8_t header[4] = { (uint8_t)type, (uint8_t)(length >> 16),
				(uint8_t)(length >> 8), (uint8_t)length };
			bool want =
				row >= 0 && length >= rows[row].least && length <= rows[row].most;

			assert_int_equal(message_plausible(header, RECORD), want);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_detect__a_message_s_header_is_told_from_noise),
		cmocka_unit_test(test_detect__hellos_in_records_of_any_size_are_found),
		cmocka_unit_test(test_detect__a_server_hello_in_tiny_records_is_found_alone),
		cmocka_unit_test(test_detect__tls_is_found_after_plaintext),
		cmocka_unit_test(
			test_detect__hello_in_the_segment_of_the_last_plain_bytes_is_found),
		cmocka_unit_test(test_detect__plain_answer_to_a_hello_is_named),
		cmocka_unit_test(test_detect__refused_upgrade_is_what_came_after_it),
		cmocka_unit_test(test_detect__connection_without_tls_is_only_counted),
		cmocka_unit_test(test_detect__long_plaintext_is_given_up),
		cmocka_unit_test(test_detect__alert_without_a_hello_is_a_handshake),
		cmocka_unit_test(test_detect__what_is_not_quite_an_alert_is_none),
		cmocka_unit_test(test_detect__inside_plaintext_a_hello_must_be_possible),
		cmocka_unit_test(test_detect__whom_the_client_has_understood_speaks_tls),
		cmocka_unit_test(test_detect__an_answer_that_broke_off_is_no_other_protocol),
		cmocka_unit_test(test_detect__plaintext_after_records_may_be_long),
		cmocka_unit_test(test_detect__a_hello_request_may_come_first),
		cmocka_unit_test(test_detect__dtls_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
