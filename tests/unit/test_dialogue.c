/* What is said before TLS, as bytes in and out: every protocol's yes, no and anything else. */
#include "drive/scripts.h"

#include "support/unit.h"

#include <stdlib.h>

struct said {
	bool peer;
	const char *text;
	size_t len;
};

#define WE(s)                                                                                      \
	{                                                                                          \
		false, (s), sizeof(s) - 1                                                          \
	}
#define PEER(s)                                                                                    \
	{                                                                                          \
		true, (s), sizeof(s) - 1                                                           \
	}

#define LDAP_REQUEST                                                                               \
	"\x30\x1d\x02\x01\x01\x77\x18\x80\x16"                                                     \
	"1.3.6.1.4.1.1466.20037"
#define MYSQL_REQUEST                                                                              \
	"\x20\0\0\x01\x01\x8a\x08\0\0\0\0\x01\x21"                                                 \
	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define MYSQL_GREETING(capabilities)                                                               \
	"\x1d\0\0\0\x0a"                                                                           \
	"8.0.36\0\x0b\0\0\0abcdefgh\0" capabilities "\xff\x02\0\xff\xdf\x15"
#define XMPP_OPEN(to)                                                                              \
	"<?xml version='1.0'?><stream:stream xmlns='jabber:client' "                               \
	"xmlns:stream='http://etherx.jabber.org/streams' to='" to "' version='1.0'>"
#define XMPP_HEADER   "<?xml version='1.0'?><stream:stream id='a>b' version='1.0'>"
#define XMPP_STARTTLS "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
#define XMPP_OFFER    "<stream:features>" XMPP_STARTTLS "</stream:features>"
#define CONNECT       "CONNECT dev.example:443 HTTP/1.1\r\nHost: dev.example:443\r\n\r\n"

/* The dialogue up to its end: what is said is checked, and how it ends. */
struct talk {
	const char *claim;
	const struct script *script;
	struct said said[8];
	enum dialogue_state ends;
	const char *quoted;
	size_t surplus;
};

static const struct talk talks[] = {
	{ "smtp begins", &script_smtp,
		{ PEER("220 mx.example ESMTP\r\n"), WE("EHLO tlsdiag.invalid\r\n"),
			PEER("250-mx.example\r\n250-STARTTLS\r\n250 SIZE 1\r\n"),
			WE("STARTTLS\r\n"), PEER("220 2.0.0 Ready\r\n") },
		DIALOGUE_DONE, "", 0 },
	{ "smtp greets at length, without blanks behind its codes, and with bare line feeds",
		&script_smtp,
		{ PEER("220-mx.example\n220\n"), WE("EHLO tlsdiag.invalid\r\n"), PEER("250\n"),
			WE("STARTTLS\r\n"), PEER("220\n") },
		DIALOGUE_DONE, "", 0 },
	{ "smtp refuses TLS for now", &script_smtp,
		{ PEER("220 mx.example\r\n"), WE("EHLO tlsdiag.invalid\r\n"),
			PEER("250 mx.example\r\n"), WE("STARTTLS\r\n"),
			PEER("454 4.7.0 TLS not available\r\n") },
		DIALOGUE_REFUSED, "454 4.7.0 TLS not available", 0 },
	{ "smtp refuses the connection in two lines", &script_smtp,
		{ PEER("554-no SMTP service here\r\n554 go away\r\n") }, DIALOGUE_REFUSED,
		"554-no SMTP service here", 0 },
	{ "smtp changes its code within a reply", &script_smtp,
		{ PEER("220-mx.example\r\n554 no\r\n") }, DIALOGUE_STRANGE, NULL, 0 },
	{ "smtp has something slipped in behind its consent", &script_smtp,
		{ PEER("220 mx.example\r\n"), WE("EHLO tlsdiag.invalid\r\n"),
			PEER("250 mx.example\r\n"), WE("STARTTLS\r\n"),
			PEER("220 Ready\r\n250 x\r\n") },
		DIALOGUE_DONE, "", 7 },
	{ "ssh is no smtp", &script_smtp, { PEER("SSH-2.0-dropbear\r\n") }, DIALOGUE_STRANGE, NULL,
		0 },
	{ "an alert is no smtp", &script_smtp, { PEER("\x15\x03\x01\0\x02\x02\x0a") },
		DIALOGUE_STRANGE, NULL, 0 },
	{ "a success that says something else is no smtp", &script_smtp,
		{ PEER("200 news.example\r\n") }, DIALOGUE_STRANGE, "200 news.example", 0 },

	{ "imap begins", &script_imap,
		{ PEER("* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n"), WE("a1 STARTTLS\r\n"),
			PEER("* 1 EXISTS\r\na1 ok begin\r\n") },
		DIALOGUE_DONE, "", 0 },
	{ "imap refuses", &script_imap,
		{ PEER("* OK ready\r\n"), WE("a1 STARTTLS\r\n"), PEER("a1 NO not now\r\n") },
		DIALOGUE_REFUSED, "a1 NO not now", 0 },
	{ "imap does not know the command", &script_imap,
		{ PEER("* PREAUTH hello\r\n"), WE("a1 STARTTLS\r\n"), PEER("a1 BAD what\r\n") },
		DIALOGUE_REFUSED, "a1 BAD what", 0 },
	{ "imap hangs up on the greeting", &script_imap, { PEER("* BYE too many\r\n") },
		DIALOGUE_REFUSED, "* BYE too many", 0 },
	{ "imap hangs up on the command", &script_imap,
		{ PEER("* OK\r\n"), WE("a1 STARTTLS\r\n"), PEER("* BYE too many\r\n") },
		DIALOGUE_REFUSED, "* BYE too many", 0 },
	{ "imap answers another command", &script_imap,
		{ PEER("* OK\r\n"), WE("a1 STARTTLS\r\n"), PEER("a2 OK\r\n") }, DIALOGUE_STRANGE,
		NULL, 0 },

	{ "pop3 begins", &script_pop3,
		{ PEER("+OK <1@dev.example>\r\n"), WE("STLS\r\n"), PEER("+OK begin\r\n") },
		DIALOGUE_DONE, "", 0 },
	{ "pop3 refuses", &script_pop3,
		{ PEER("+OK\r\n"), WE("STLS\r\n"), PEER("-ERR no certificate\r\n") },
		DIALOGUE_REFUSED, "-ERR no certificate", 0 },
	{ "imap is no pop3", &script_pop3, { PEER("* OK ready\r\n") }, DIALOGUE_STRANGE, NULL, 0 },

	{ "ftp begins after a while", &script_ftp,
		{ PEER("120 in a minute\r\n220-welcome\r\n to 500 files\r\n220-\r\n220 go\r\n"),
			WE("AUTH TLS\r\n"), PEER("234 go\r\n") },
		DIALOGUE_DONE, "", 0 },
	{ "ftp refuses", &script_ftp,
		{ PEER("220 ftp\r\n"), WE("AUTH TLS\r\n"), PEER("530 log in first\r\n") },
		DIALOGUE_REFUSED, "530 log in first", 0 },
	{ "ftp begins something else", &script_ftp,
		{ PEER("220 ftp\r\n"), WE("AUTH TLS\r\n"), PEER("334 ADAT\r\n") }, DIALOGUE_STRANGE,
		"334 ADAT", 0 },

	{ "ldap begins", &script_ldap,
		{ WE(LDAP_REQUEST), PEER("\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\0\x04\0\x04\0") },
		DIALOGUE_DONE, "", 0 },
	{ "ldap begins with long lengths and its name", &script_ldap,
		{ WE(LDAP_REQUEST),
			PEER("\x30\x84\0\0\0\x28\x02\x01\x01\x78\x84\0\0\0\x1f\x0a\x01\0\x04\0"
			     "\x04\0\x8a\x16"
			     "1.3.6.1.4.1.1466.20037") },
		DIALOGUE_DONE, "", 0 },
	{ "ldap refuses", &script_ldap,
		{ WE(LDAP_REQUEST),
			PEER("\x30\x12\x02\x01\x01\x78\x0d\x0a\x01\x02\x04\0\x04\x06no TLS") },
		DIALOGUE_REFUSED, "2 protocolError no TLS", 0 },
	{ "ldap hangs up", &script_ldap,
		{ WE(LDAP_REQUEST), PEER("\x30\x10\x02\x01\0\x78\x0b\x0a\x01\x34\x04\0\x04\x04"
					 "full") },
		DIALOGUE_REFUSED, "52 unavailable full", 0 },
	{ "ldap refuses with a code of its own", &script_ldap,
		{ WE(LDAP_REQUEST), PEER("\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x7b\x04\0\x04\0") },
		DIALOGUE_REFUSED, "123 an error", 0 },
	{ "ldap answers another message", &script_ldap,
		{ WE(LDAP_REQUEST), PEER("\x30\x0c\x02\x01\x02\x78\x07\x0a\x01\0\x04\0\x04\0") },
		DIALOGUE_STRANGE, NULL, 0 },
	{ "ldap's parts are longer than the whole", &script_ldap,
		{ WE(LDAP_REQUEST), PEER("\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\0\x04\0\x04\x09") },
		DIALOGUE_STRANGE, NULL, 0 },
	{ "ldap of indefinite length is none", &script_ldap,
		{ WE(LDAP_REQUEST), PEER("\x30\x80\x02\x01\x01") }, DIALOGUE_STRANGE, NULL, 0 },
	{ "ldap of 2 GiB is none", &script_ldap,
		{ WE(LDAP_REQUEST), PEER("\x30\x84\x80\0\0\0\x02") }, DIALOGUE_STRANGE, NULL, 0 },

	{ "xmpp begins", &script_xmpp,
		{ WE(XMPP_OPEN("dev.example")), PEER(XMPP_HEADER XMPP_OFFER), WE(XMPP_STARTTLS),
			PEER("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>") },
		DIALOGUE_DONE, "", 0 },
	{ "xmpp begins with other prefixes, and much besides", &script_xmpp,
		{ WE(XMPP_OPEN("dev.example")),
			PEER("<x:stream>\n<x:features><starttls><required/></starttls><m>PLAIN</m>"
			     "</x:features>"),
			WE(XMPP_STARTTLS), PEER(" <proceed></proceed>") },
		DIALOGUE_DONE, "", 0 },
	{ "xmpp offers no TLS", &script_xmpp,
		{ WE(XMPP_OPEN("dev.example")),
			PEER(XMPP_HEADER "<stream:features><bind/></stream:features>") },
		DIALOGUE_REFUSED, "<stream:features><bind/></stream:features>", 0 },
	{ "xmpp offers nothing", &script_xmpp,
		{ WE(XMPP_OPEN("dev.example")), PEER(XMPP_HEADER "<stream:features/>") },
		DIALOGUE_REFUSED, "<stream:features/>", 0 },
	{ "xmpp is not for this host", &script_xmpp,
		{ WE(XMPP_OPEN("dev.example")),
			PEER(XMPP_HEADER "<stream:error><host-unknown/></stream:error>") },
		DIALOGUE_REFUSED, "<stream:error><host-unknown/></stream:error>", 0 },
	{ "xmpp fails", &script_xmpp,
		{ WE(XMPP_OPEN("dev.example")), PEER(XMPP_HEADER XMPP_OFFER), WE(XMPP_STARTTLS),
			PEER("<failure xmlns='x'/></stream:stream>") },
		DIALOGUE_REFUSED, "<failure xmlns='x'/>", 18 },
	{ "xmpp answers something else", &script_xmpp,
		{ WE(XMPP_OPEN("dev.example")), PEER(XMPP_HEADER XMPP_OFFER), WE(XMPP_STARTTLS),
			PEER("<message/>") },
		DIALOGUE_STRANGE, NULL, 0 },
	{ "xmpp's stream is over as it begins", &script_xmpp,
		{ WE(XMPP_OPEN("dev.example")), PEER("<stream:stream/>") }, DIALOGUE_STRANGE, NULL,
		0 },
	{ "html is no xmpp", &script_xmpp, { WE(XMPP_OPEN("dev.example")), PEER("<html><p>") },
		DIALOGUE_STRANGE, NULL, 0 },
	{ "http is no xmpp", &script_xmpp, { WE(XMPP_OPEN("dev.example")), PEER("HTTP/1.1 400") },
		DIALOGUE_STRANGE, NULL, 0 },

	{ "postgres begins", &script_postgres, { WE("\0\0\0\x08\x04\xd2\x16\x2f"), PEER("S") },
		DIALOGUE_DONE, "", 0 },
	{ "postgres has something slipped in", &script_postgres,
		{ WE("\0\0\0\x08\x04\xd2\x16\x2f"), PEER("SE") }, DIALOGUE_DONE, "", 1 },
	{ "postgres refuses", &script_postgres, { WE("\0\0\0\x08\x04\xd2\x16\x2f"), PEER("N") },
		DIALOGUE_REFUSED, "N", 0 },
	{ "postgres is full", &script_postgres,
		{ WE("\0\0\0\x08\x04\xd2\x16\x2f"),
			PEER("E\0\0\0\x1dSFATAL\0C53300\0Mtoo many\0\0") },
		DIALOGUE_REFUSED, "too many", 0 },
	{ "postgres refuses without words", &script_postgres,
		{ WE("\0\0\0\x08\x04\xd2\x16\x2f"), PEER("E\0\0\0\x05\0and more") },
		DIALOGUE_REFUSED, "45 00 00 00 05 00", 8 },
	{ "postgres has an error of no length", &script_postgres,
		{ WE("\0\0\0\x08\x04\xd2\x16\x2f"), PEER("E\0\0\0\x03") }, DIALOGUE_STRANGE, NULL,
		0 },
	{ "http is no postgres", &script_postgres,
		{ WE("\0\0\0\x08\x04\xd2\x16\x2f"), PEER("HTTP/1.1 400 Bad\r\n") },
		DIALOGUE_STRANGE, NULL, 0 },

	{ "mysql begins", &script_mysql, { PEER(MYSQL_GREETING("\xff\xff")), WE(MYSQL_REQUEST) },
		DIALOGUE_DONE, "", 0 },
	{ "mysql has no TLS", &script_mysql, { PEER(MYSQL_GREETING("\xff\xf7")) }, DIALOGUE_REFUSED,
		"version 8.0.36 without CLIENT_SSL", 0 },
	{ "mysql does not like the address", &script_mysql,
		{ PEER("\x0e\0\0\0\xff\x6a\x04not allowed") }, DIALOGUE_REFUSED,
		"error 1130: not allowed", 0 },
	{ "mysql's version has no end", &script_mysql,
		{ PEER("\x04\0\0\0\x0a"
		       "8.0") },
		DIALOGUE_STRANGE, NULL, 0 },
	{ "an empty packet is no mysql", &script_mysql, { PEER("\0\0\0\0") }, DIALOGUE_STRANGE,
		NULL, 0 },
	{ "smtp is no mysql", &script_mysql, { PEER("220 mx.example\r\n") }, DIALOGUE_STRANGE, NULL,
		0 },

	{ "the proxy connects", &script_proxy,
		{ WE(CONNECT), PEER("HTTP/1.1 200 Connection established\r\nVia: 1.1 x\r\n\r\n") },
		DIALOGUE_DONE, "", 0 },
	{ "the proxy connects after an interim answer", &script_proxy,
		{ WE(CONNECT), PEER("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 204\n\n") },
		DIALOGUE_DONE, "", 0 },
	{ "the proxy wants credentials", &script_proxy,
		{ WE(CONNECT), PEER("HTTP/1.1 407 Proxy Authentication Required\r\n"
				    "Proxy-Authenticate: Basic\r\n\r\n<html>") },
		DIALOGUE_CREDENTIALS, "HTTP/1.1 407 Proxy Authentication Required", 6 },
	{ "the proxy refuses", &script_proxy,
		{ WE(CONNECT), PEER("HTTP/1.1 403 Forbidden\r\n\r\n") }, DIALOGUE_REFUSED,
		"HTTP/1.1 403 Forbidden", 0 },
	{ "ssh is no proxy", &script_proxy, { WE(CONNECT), PEER("SSH-2.0-x\r\n") },
		DIALOGUE_STRANGE, NULL, 0 },
	{ "a status of two digits is none", &script_proxy, { WE(CONNECT), PEER("HTTP/1.1 20\r\n") },
		DIALOGUE_STRANGE, NULL, 0 },
};

enum { N_TALKS = sizeof talks / sizeof *talks };

/* Says what the peer says, at most `piece` bytes at a time; each piece in memory of its own. */
static void peer_says(struct dialogue *d, const struct said *s, size_t piece)
{
	for (size_t at = 0; at < s->len; at += piece) {
		size_t n = s->len - at < piece ? s->len - at : piece;
		uint8_t *copy = malloc(n);

		assert_non_null(copy);
		memcpy(copy, s->text + at, n);
		dialogue_feed(d, bytes_of(copy, n));
		free(copy);
	}
}

static void play(const struct talk *t, size_t piece, struct dialogue_result *out)
{
	struct dialogue d;

	dialogue_open(
		&d, t->script, t->script == &script_proxy ? "dev.example:443" : "dev.example");
	for (const struct said *s = t->said; s->text != NULL; s++) {
		if (d.state != (s->peer ? DIALOGUE_WANT : DIALOGUE_SEND))
			fail_msg("%s: '%s' is not the turn of who says it", t->claim, s->text);
		if (s->peer) {
			peer_says(&d, s, piece);
			continue;
		}
		assert_true(bytes_equal(dialogue_message(&d), bytes_of(s->text, s->len)));
		dialogue_sent(&d);
	}
	dialogue_read_result(&d, out);
	dialogue_close(&d);
}

static void test_dialogue__ends_as_its_protocol_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_TALKS; i++) {
		const struct talk *t = &talks[i];
		struct dialogue_result r;

		play(t, SIZE_MAX / 2, &r);
		if (r.state != t->ends || (t->quoted != NULL && strcmp(r.said, t->quoted) != 0) ||
			(t->ends == DIALOGUE_DONE && r.surplus != t->surplus))
			fail_msg("%s: ends as %d, '%s', %zu more", t->claim, (int)r.state, r.said,
				r.surplus);
	}
}

static void test_dialogue__ends_alike_however_the_bytes_are_cut(void **state)
{
	(void)state;
	for (size_t piece = 1; piece < 8; piece++) {
		for (size_t i = 0; i < N_TALKS; i++) {
			struct dialogue_result r;

			play(&talks[i], piece, &r);
			if (r.state != talks[i].ends ||
				(talks[i].quoted != NULL && strcmp(r.said, talks[i].quoted) != 0))
				fail_msg("%s, by %zu: ends as %d, '%s'", talks[i].claim, piece,
					(int)r.state, r.said);
		}
	}
}

/* Every reply of a talk that ends well, without its last byte, is waited for. */
static void test_dialogue__a_reply_without_its_last_byte_is_waited_for(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_TALKS; i++) {
		struct talk cut = talks[i];
		struct dialogue_result r;
		size_t last = 0;

		if (cut.ends != DIALOGUE_DONE || cut.surplus != 0)
			continue;
		for (size_t k = 0; cut.said[k].text != NULL; k++)
			if (cut.said[k].peer)
				last = k;
		cut.said[last].len--;
		cut.said[last + 1].text = NULL;
		play(&cut, SIZE_MAX / 2, &r);
		if (r.state != DIALOGUE_WANT)
			fail_msg("%s: ends as %d", cut.claim, (int)r.state);
	}
}

static void test_dialogue__what_was_said_so_far_is_quoted_when_it_stops(void **state)
{
	static const struct {
		const char *said;
		size_t len;
		const char *quoted;
	} rows[] = {
		{ "22", 2, "22" },
		{ "SSH-2.0-x\x1b[31m\r\nmore", 21, "SSH-2.0-x.[31m" },
		{ "\r\n  hello  ", 11, "hello" },
		{ "\x15\x03\x01\0\x02\x02\x0a", 7, "15 03 01 00 02 02 0a" },
		{ "abc\0def", 7, "61 62 63 00 64 65 66" },
		{ "", 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct dialogue d;
		struct dialogue_result r;

		dialogue_open(&d, &script_smtp, "dev.example");
		dialogue_feed(&d, bytes_of(rows[i].said, rows[i].len));
		dialogue_stop(&d, DIALOGUE_TIMEOUT);
		dialogue_read_result(&d, &r);
		assert_int_equal(r.state, DIALOGUE_TIMEOUT);
		assert_string_equal(r.said, rows[i].quoted);
		dialogue_close(&d);
	}
}

static void test_dialogue__is_bounded(void **state)
{
	static const struct {
		const struct script *script;
		const char *opening, *line;
	} rows[] = {
		{ &script_smtp, "", "220-on and on\r\n" },
		{ &script_ftp, "220-\r\n", "on and on\r\n" },
		{ &script_pop3, "", "+OK" },
		{ &script_xmpp, "<stream>", "<a/>" },
		{ &script_proxy, "HTTP/1.1 200\r\n", "Via: x\r\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct dialogue d;
		struct dialogue_result r;
		size_t said = strlen(rows[i].opening);

		dialogue_open(&d, rows[i].script, "dev.example");
		dialogue_sent(&d);
		dialogue_feed(&d, bytes_of(rows[i].opening, said));
		for (; d.state == DIALOGUE_WANT; said += strlen(rows[i].line))
			dialogue_feed(&d, bytes_of(rows[i].line, strlen(rows[i].line)));
		assert_int_equal(d.state, DIALOGUE_TOO_LONG);
		assert_int_equal(d.in.len, rows[i].script->max);
		dialogue_read_result(&d, &r);
		assert_in_range(r.bytes, 1, rows[i].script->max);
		dialogue_close(&d);
	}
}

static void test_dialogue__a_name_cannot_leave_its_place(void **state)
{
	static const struct {
		const struct script *script;
		const char *name, *message;
	} rows[] = {
		{ &script_xmpp, "a'><b&\n", XMPP_OPEN("a&#39;&#62;&#60;b&#38;&#10;") },
		{ &script_xmpp, "b\xc3\xbc.example", XMPP_OPEN("b\xc3\xbc.example") },
		{ &script_xmpp, "%", XMPP_OPEN("%") },
		{ &script_proxy, "a\r\nX: y",
			"CONNECT a%0D%0AX:%20y HTTP/1.1\r\nHost: a%0D%0AX:%20y\r\n\r\n" },
		{ &script_proxy, "[fe80::1%eth0]:443",
			"CONNECT [fe80::1%25eth0]:443 HTTP/1.1\r\n"
			"Host: [fe80::1%25eth0]:443\r\n\r\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct dialogue d;

		dialogue_open(&d, rows[i].script, rows[i].name);
		assert_string_equal((const char *)dialogue_message(&d).data, rows[i].message);
		dialogue_close(&d);
	}
}

static void test_dialogue__result_is_a_sentence(void **state)
{
	static const struct {
		struct dialogue_result result;
		const char *text;
	} rows[] = {
		{ { DIALOGUE_REFUSED, &script_smtp, "STARTTLS", "454 no", 0, 0, 0 },
			"SMTP server refuses STARTTLS: '454 no'" },
		{ { DIALOGUE_CREDENTIALS, &script_proxy, "CONNECT", "HTTP/1.1 407 x", 0, 0, 0 },
			"HTTP proxy wants credentials for CONNECT: 'HTTP/1.1 407 x'" },
		{ { DIALOGUE_STRANGE, &script_smtp, "the connection", "SSH-2.0-x", 0, 0, 0 },
			"no SMTP server: the answer to the connection is of another protocol: "
			"'SSH-2.0-x'" },
		{ { DIALOGUE_TIMEOUT, &script_xmpp, "starttls", "", 0, 0, 0 },
			"XMPP server did not answer starttls in time" },
		{ { DIALOGUE_TIMEOUT, &script_smtp, "STARTTLS", "2", 1, 9960, 0 },
			"SMTP server did not end its answer to STARTTLS in time (1 byte in 10.0 "
			"s): '2'" },
		{ { DIALOGUE_TOO_LONG, &script_smtp, "the connection", "220-x", 65536, 200, 0 },
			"SMTP server never ends its answer to the connection (65536 bytes in 0.2 "
			"s): '220-x'" },
		{ { DIALOGUE_RESET, &script_postgres, "SSLRequest", "", 0, 0, 0 },
			"PostgreSQL server reset the connection instead of answering SSLRequest" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[320];

		dialogue_result_text(&rows[i].result, text, sizeof text);
		assert_string_equal(text, rows[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dialogue__ends_as_its_protocol_says),
		cmocka_unit_test(test_dialogue__ends_alike_however_the_bytes_are_cut),
		cmocka_unit_test(test_dialogue__a_reply_without_its_last_byte_is_waited_for),
		cmocka_unit_test(test_dialogue__what_was_said_so_far_is_quoted_when_it_stops),
		cmocka_unit_test(test_dialogue__is_bounded),
		cmocka_unit_test(test_dialogue__a_name_cannot_leave_its_place),
		cmocka_unit_test(test_dialogue__result_is_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
