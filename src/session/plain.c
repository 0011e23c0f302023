/* What is spoken by a side that does not speak TLS, told by its first bytes. */
#include "base/array.h"
#include "session/conn.h"

const char *plain_protocol_name(enum plain_protocol p)
{
	static const char *const names[] = {
		[PLAIN_NONE] = "nothing",
		[PLAIN_UNKNOWN] = "an unknown protocol",
		[PLAIN_HTTP] = "HTTP",
		[PLAIN_SMTP] = "SMTP",
		[PLAIN_IMAP] = "IMAP",
		[PLAIN_POP3] = "POP3",
		[PLAIN_FTP] = "FTP",
		[PLAIN_SMTP_OR_FTP] = "SMTP or FTP",
		[PLAIN_LDAP] = "LDAP",
		[PLAIN_XMPP] = "XMPP",
		[PLAIN_POSTGRES] = "PostgreSQL",
		[PLAIN_MYSQL] = "MySQL",
		[PLAIN_SSH] = "SSH",
		[PLAIN_SOCKS] = "SOCKS",
		[PLAIN_RDP] = "RDP",
		[PLAIN_MQTT] = "MQTT",
		[PLAIN_REDIS] = "Redis",
		[PLAIN_TELNET] = "Telnet",
		[PLAIN_SIEVE] = "ManageSieve",
		[PLAIN_NNTP] = "NNTP",
		[PLAIN_IRC] = "IRC",
		[PLAIN_PROXY] = "the PROXY protocol",
		[PLAIN_OPENVPN] = "OpenVPN",
		[PLAIN_WEBSOCKET] = "WebSocket",
	};

	return (size_t)p < COUNT(names) ? names[p] : names[PLAIN_UNKNOWN];
}

static bool starts(struct bytes b, const char *text)
{
	size_t n = strlen(text);

	return b.len >= n && memcmp(b.data, text, n) == 0;
}

static bool says(struct bytes b, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= b.len; i++) {
		size_t k = 0;

		while (k < n && byte_lower(b.data[i + k]) == (uint8_t)word[k])
			k++;
		if (k == n)
			return true;
	}
	return false;
}

/* Text at the start of what a side says. */
struct opening {
	const char *text;
	enum plain_protocol protocol;
};

static const struct opening server_openings[] = {
	{ "HTTP/", PLAIN_HTTP },
	{ "<!DOCTYPE", PLAIN_HTTP },
	{ "<html", PLAIN_HTTP },
	{ "SSH-", PLAIN_SSH },
	{ "* OK", PLAIN_IMAP },
	{ "* PREAUTH", PLAIN_IMAP },
	{ "* BYE", PLAIN_IMAP },
	{ "+OK", PLAIN_POP3 },
	{ "-ERR unknown command", PLAIN_REDIS },
	{ "-ERR Protocol error", PLAIN_REDIS },
	{ "-NOAUTH", PLAIN_REDIS },
	{ "-DENIED", PLAIN_REDIS },
	{ "+PONG", PLAIN_REDIS },
	{ "<?xml", PLAIN_XMPP },
	{ "<stream:", PLAIN_XMPP },
	{ "<proceed", PLAIN_XMPP },
	{ "\"IMPLEMENTATION\"", PLAIN_SIEVE },
	{ "200 NNTP", PLAIN_NNTP },
	{ "NOTICE AUTH", PLAIN_IRC },
	{ "NOTICE *", PLAIN_IRC },
	{ "PROXY ", PLAIN_PROXY },
};

static const struct opening client_openings[] = {
	{ "CONNECT ", PLAIN_HTTP },
	{ "GET ", PLAIN_HTTP },
	{ "POST ", PLAIN_HTTP },
	{ "HEAD ", PLAIN_HTTP },
	{ "PUT ", PLAIN_HTTP },
	{ "OPTIONS ", PLAIN_HTTP },
	{ "EHLO ", PLAIN_SMTP },
	{ "HELO ", PLAIN_SMTP },
	{ "LHLO ", PLAIN_SMTP },
	{ "AUTH TLS", PLAIN_FTP },
	{ "AUTH SSL", PLAIN_FTP },
	{ "STLS", PLAIN_POP3 },
	{ "CAPA", PLAIN_POP3 },
	{ "SSH-", PLAIN_SSH },
	{ "<?xml", PLAIN_XMPP },
	{ "<stream:", PLAIN_XMPP },
	{ "NICK ", PLAIN_IRC },
	{ "CAP LS", PLAIN_IRC },
	{ "PROXY ", PLAIN_PROXY },
};

static enum plain_protocol by_opening(struct bytes b, const struct opening *table, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (starts(b, table[i].text))
			return table[i].protocol;
	return PLAIN_NONE;
}

/* "220 ..." greets in two protocols, and both know STARTTLS; RFC 5321 has the server name its own. */
static enum plain_protocol by_greeting(struct bytes server, struct bytes client)
{
	if (starts(server, "220")) {
		if (says(server, "smtp") || says(server, "mail") || says(server, "postfix") ||
			says(client, "ehlo") || says(client, "helo"))
			return PLAIN_SMTP;
		if (says(server, "ftp") || says(client, "auth tls"))
			return PLAIN_FTP;
		return starts(server, "220 ") || starts(server, "220-") ? PLAIN_SMTP_OR_FTP
									: PLAIN_UNKNOWN;
	}
	if (starts(server, "200 ") || starts(server, "201 "))
		return says(server, "nntp") || says(server, "news") || says(server, "inn")
			       ? PLAIN_NNTP
			       : PLAIN_UNKNOWN;
	if (starts(server, "421 ") || starts(server, "500 ") || starts(server, "501 ") ||
		starts(server, "502 ") || starts(server, "503 ") || starts(server, "554 "))
		return says(server, "ftp") ? PLAIN_FTP : PLAIN_SMTP;
	if (starts(server, ":") && (says(server, "notice") || says(server, "cap ")))
		return PLAIN_IRC;
	return PLAIN_NONE;
}

static uint32_t be32(struct bytes b, size_t at)
{
	return (uint32_t)b.data[at] << 24 | (uint32_t)b.data[at + 1] << 16 |
	       (uint32_t)b.data[at + 2] << 8 | b.data[at + 3];
}

/* A BER SEQUENCE that begins with a small INTEGER: an LDAPMessage (RFC 4511 4.1.1). */
static bool is_ldap(struct bytes b)
{
	size_t at = 2, id;

	if (b.len < 7 || b.data[0] != 0x30)
		return false;
	if (b.data[1] > 0x84)
		return false;
	if (b.data[1] >= 0x80)
		at += b.data[1] & 0x7f;
	if (b.len < at + 2 || b.data[at] != 0x02)
		return false;
	id = b.data[at + 1];
	/* what follows is no value of a universal type: the operation has a tag of its own */
	return id >= 1 && id <= 4 && b.len > at + 2 + id && (b.data[at + 2 + id] & 0xe0) != 0;
}

/* The greeting of a MySQL server: length, sequence number 0, protocol 10, "8.0.36"; or an error. */
static bool is_mysql(struct bytes b)
{
	size_t length;

	if (b.len < 7 || b.data[3] != 0)
		return false;
	length = (size_t)b.data[0] | (size_t)b.data[1] << 8 | (size_t)b.data[2] << 16;
	if (length < 4 || length > 1024)
		return false;
	if (b.data[4] == 0xff)
		return b.data[6] >= 0x03 &&
		       b.data[6] <= 0x05; /* error 1000 to 1500: too many ... */
	return b.data[4] == 10 && b.data[5] >= '0' && b.data[5] <= '9';
}

enum { POSTGRES_SSL_REQUEST = 80877103, POSTGRES_ERROR_MAX = 4096 };

static bool is_postgres(struct bytes server, struct bytes client)
{
	if (client.len >= 8 && be32(client, 0) == 8 && be32(client, 4) == POSTGRES_SSL_REQUEST)
		return true;
	/* ErrorResponse: 'E', length, and fields of which the first is the severity */
	return server.len >= 7 && server.data[0] == 'E' && be32(server, 1) < POSTGRES_ERROR_MAX &&
	       server.data[5] == 'S';
}

/* RFC 1928: version 5 and methods, answered by version and method; version 4 has one request. */
static bool is_socks(struct bytes server, struct bytes client)
{
	if (client.len >= 3 && client.data[0] == 5 && client.data[1] != 0 && client.data[1] <= 8 &&
		client.data[2] <= 9)
		return true;
	if (client.len >= 9 && client.data[0] == 4 && client.data[1] == 1)
		return true;
	return client.len == 0 && server.len >= 2 && server.data[0] == 5 && server.len <= 12 &&
	       (server.data[1] <= 2 || server.data[1] == 0xff);
}

/* RFC 1006: TPKT version 3 around an X.224 connection request or confirm. */
static bool is_rdp(struct bytes b)
{
	return b.len >= 7 && b.data[0] == 3 && b.data[1] == 0 &&
	       ((b.data[5] & 0xf0) == 0xe0 || (b.data[5] & 0xf0) == 0xd0);
}

static bool is_mqtt(struct bytes server, struct bytes client)
{
	if (client.len >= 8 && client.data[0] == 0x10 && says(bytes_slice(client, 0, 12), "mq"))
		return true;
	return server.len >= 4 && server.data[0] == 0x20 && server.data[1] == server.len - 2 &&
	       server.data[2] <= 1;
}

/* RFC 854: IAC WILL, WONT, DO or DONT. */
static bool is_telnet(struct bytes b)
{
	return b.len >= 3 && b.data[0] == 0xff && b.data[1] >= 0xfb && b.data[1] <= 0xfe;
}

/* Version 2 of the header that a proxy puts before a connection begins with twelve fixed bytes. */
static bool is_proxy(struct bytes client)
{
	static const uint8_t signature[] = { '\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I',
		'T', '\n' };

	return client.len >= sizeof signature &&
	       memcmp(client.data, signature, sizeof signature) == 0;
}

static enum plain_protocol by_bytes(struct bytes client, struct bytes server)
{
	if (is_proxy(client))
		return PLAIN_PROXY;
	if (is_postgres(server, client))
		return PLAIN_POSTGRES;
	if (is_mysql(server))
		return PLAIN_MYSQL;
	if (is_rdp(client) || is_rdp(server))
		return PLAIN_RDP;
	if (is_socks(server, client))
		return PLAIN_SOCKS;
	if (is_ldap(client) || is_ldap(server))
		return PLAIN_LDAP;
	if (is_mqtt(server, client))
		return PLAIN_MQTT;
	if (is_telnet(server))
		return PLAIN_TELNET;
	return PLAIN_NONE;
}

enum plain_protocol plain_guess(struct bytes client, struct bytes server)
{
	enum plain_protocol p;

	if (client.len == 0 && server.len == 0)
		return PLAIN_NONE;
	p = by_opening(client, client_openings, COUNT(client_openings));
	if (p == PLAIN_NONE)
		p = by_opening(server, server_openings, COUNT(server_openings));
	if (p == PLAIN_NONE)
		p = by_greeting(server, client);
	if (p == PLAIN_NONE || p == PLAIN_UNKNOWN) {
		enum plain_protocol binary = by_bytes(client, server);

		if (binary != PLAIN_NONE)
			p = binary;
	}
	return p != PLAIN_NONE ? p : PLAIN_UNKNOWN;
}
