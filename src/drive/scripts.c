/*
 * Steps are sent and awaited in turn; what is said back wrongly ends the script with the server's
 * own words.
 */
#include "drive/scripts.h"

#include "base/array.h"
#include "drive/reply.h"

#define TEXT(s)                                                                                    \
	{                                                                                          \
		(const uint8_t *)(s), sizeof(s) - 1                                                \
	}
#define SCRIPT(id, called, limit)                                                                  \
	const struct script script_##id = {                                                        \
		.peer = (called),                                                                  \
		.steps = (id),                                                                     \
		.n_steps = COUNT(id),                                                              \
		.max = (limit),                                                                    \
	}

static const char greeting[] = "the connection"; /* what a greeting answers */

/* RFC 3207. A server that does not offer STARTTLS is asked all the same: its answer is its word. */
static const struct step smtp[] = {
	{ .what = greeting, .read = reply_code, .code = "220" },
	{ .what = "EHLO",
		.say = TEXT("EHLO tlsdiag.invalid\r\n"),
		.read = reply_code,
		.code = "250" },
	{ .what = "STARTTLS", .say = TEXT("STARTTLS\r\n"), .read = reply_code, .code = "220" },
};
SCRIPT(smtp, "SMTP server", SCRIPT_MAX);

/* RFC 9051 6.2.1. */
static const struct reply_word imap_greetings[] = {
	{ "* OK", REPLY_OK },
	{ "* PREAUTH", REPLY_OK },
	{ "* BYE", REPLY_REFUSED },
	{ NULL, REPLY_STRANGE },
};
static const struct reply_word imap_answers[] = {
	{ "a1 OK", REPLY_OK },
	{ "a1 NO", REPLY_REFUSED },
	{ "a1 BAD", REPLY_REFUSED },
	{ "* BYE", REPLY_REFUSED },
	{ "* ", REPLY_MORE },
	{ NULL, REPLY_STRANGE },
};
static const struct step imap[] = {
	{ .what = greeting, .read = reply_words, .words = imap_greetings },
	{ .what = "STARTTLS",
		.say = TEXT("a1 STARTTLS\r\n"),
		.read = reply_words,
		.words = imap_answers },
};
SCRIPT(imap, "IMAP server", SCRIPT_MAX);

/* RFC 2595 4. */
static const struct reply_word pop3_answers[] = {
	{ "+OK", REPLY_OK },
	{ "-ERR", REPLY_REFUSED },
	{ NULL, REPLY_STRANGE },
};
static const struct step pop3[] = {
	{ .what = greeting, .read = reply_words, .words = pop3_answers },
	{ .what = "STLS", .say = TEXT("STLS\r\n"), .read = reply_words, .words = pop3_answers },
};
SCRIPT(pop3, "POP3 server", SCRIPT_MAX);

/* RFC 4217 4. */
static const struct step ftp[] = {
	{ .what = greeting, .read = reply_code, .code = "220", .free_lines = true },
	{ .what = "AUTH TLS",
		.say = TEXT("AUTH TLS\r\n"),
		.read = reply_code,
		.code = "234",
		.free_lines = true },
};
SCRIPT(ftp, "FTP server", SCRIPT_MAX);

/* RFC 4511 4.14: LDAPMessage { 1, ExtendedRequest { StartTLS } }. */
static const struct step ldap[] = {
	{ .what = "StartTLS",
		.say = TEXT("\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
			    "1.3.6.1.4.1.1466.20037"),
		.read = reply_ldap },
};
SCRIPT(ldap, "LDAP server", SCRIPT_MAX);

/* In an attribute's value in apostrophes. */
static void write_xml(struct strbuf *out, const char *name)
{
	for (; *name != '\0'; name++) {
		unsigned char c = (unsigned char)*name;

		if (c < 0x20 || strchr("<>&'\"", c) != NULL)
			strbuf_printf(out, "&#%u;", c);
		else
			strbuf_add(out, name, 1);
	}
}

static const struct step xmpp[] = {
	{ .what = "the stream's header",
		.say = TEXT("<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
			    "xmlns:stream='http://etherx.jabber.org/streams' to='%' "
			    "version='1.0'>"),
		.name = write_xml,
		.read = reply_xmpp_features },
	{ .what = "starttls",
		.say = TEXT("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
		.read = reply_xmpp_proceed },
};
SCRIPT(xmpp, "XMPP server", SCRIPT_MAX);

/* SSLRequest: the length 8, and 1234 and 5679 where a version would stand. */
static const struct step postgres[] = {
	{ .what = "SSLRequest", .say = TEXT("\0\0\0\x08\x04\xd2\x16\x2f"), .read = reply_postgres },
};
SCRIPT(postgres, "PostgreSQL server", SCRIPT_MAX);

/*
 * SSLRequest: a packet of 32 bytes, numbered 1, that ends where a user's name would begin:
 * CLIENT_LONG_PASSWORD, PROTOCOL_41, SSL, SECURE_CONNECTION and PLUGIN_AUTH, packets of 16 MiB,
 * utf8, 23 zeros. The server answers nothing but waits for a ClientHello.
 */
static const struct step mysql[] = {
	{ .what = greeting, .read = reply_mysql },
	{ .what = "SSLRequest",
		.say = TEXT("\x20\0\0\x01"
			    "\x01\x8a\x08\0"
			    "\0\0\0\x01"
			    "\x21"
			    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0") },
};
SCRIPT(mysql, "MySQL server", SCRIPT_MAX);

/* RFC 3986 3.2.2: what a name may not hold as it is. The brackets and the colon are the URL's own. */
static void write_authority(struct strbuf *out, const char *name)
{
	for (; *name != '\0'; name++) {
		unsigned char c = (unsigned char)*name;

		if (c <= ' ' || c >= 0x7f || strchr("\"#%/<>?@\\^`{|}", c) != NULL)
			strbuf_printf(out, "%%%02X", c);
		else
			strbuf_add(out, name, 1);
	}
}

/* RFC 9110 9.3.6. */
static const struct step proxy[] = {
	{ .what = "CONNECT",
		.say = TEXT("CONNECT % HTTP/1.1\r\nHost: %\r\n\r\n"),
		.name = write_authority,
		.read = reply_http },
};
SCRIPT(proxy, "HTTP proxy", SCRIPT_PROXY_MAX);
