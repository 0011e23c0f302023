/* What tells a connection of a server from all others in its log; one reader for each kind of program. */
#include "log/server_line.h"

#include "base/array.h"
#include "log/scan.h"

/* FNV-1a, as in peers.c: what is equal by accident is read as one connection, and no harm is done. */
static uint64_t hash(uint64_t h, struct bytes b)
{
	h = h != 0 ? h : 14695981039346656037u;
	for (size_t i = 0; i < b.len; i++)
		h = (h ^ b.data[i]) * 1099511628211u;
	return h != 0 ? h : 1;
}

static struct bytes text_of(const char *text)
{
	return bytes_of(text, strlen(text));
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* "192.0.2.10:51432", "[2001:db8::1]:443", and in the scanner the same without a port. */
static bool endpoint(struct scan *s, struct bytes *address, uint16_t *port)
{
	struct scan t = *s;
	bool bracket = scan_char(&t, '[');
	uint64_t n;

	if (!scan_name(&t, bracket ? ".:%" : ".", address) || address->len < 3)
		return false;
	if (bracket && !scan_char(&t, ']'))
		return false;
	*port = 0;
	if (scan_char(&t, ':') && scan_decimal(&t, &n) && n <= UINT16_MAX)
		*port = (uint16_t)n;
	*s = t;
	return true;
}

static bool is_address(struct bytes b)
{
	size_t dots = 0, colons = 0;

	for (size_t i = 0; i < b.len; i++) {
		dots += b.data[i] == '.';
		colons += b.data[i] == ':';
	}
	return (dots == 3 && is_digit(b.data[0])) || colons >= 2;
}

/* What stands behind the words, an address with a port or without. */
static bool endpoint_behind(
	struct bytes text, const char *words, struct bytes *address, uint16_t *port)
{
	size_t at = text_find(text, words);
	struct scan s;

	if (at == text.len)
		return false;
	s = scan_of(bytes_slice(text, at + strlen(words), text.len));
	return endpoint(&s, address, port) && is_address(*address);
}

/* The client's address is the connection's name. */
static void key_by_client(struct server_line *out)
{
	const uint8_t port[] = { (uint8_t)(out->client_port >> 8), (uint8_t)out->client_port };

	out->key = hash(
		hash(hash(0, text_of(out->program)), out->client), bytes_of(port, sizeof port));
}

/* "2026/11/30 22:51:41 [info] 17101#17101: *5 SSL_do_handshake() failed ... client: A, server: A:P" */
static bool nginx(struct bytes whole, struct server_line *out)
{
	size_t at = text_find(whole, ": *");
	struct scan s = scan_of(bytes_slice(whole, at, whole.len));
	const uint8_t *number;
	uint64_t n;

	if (at == 0 || at == whole.len || !is_digit(whole.data[at - 1]) || !scan_word(&s, ": *"))
		return false;
	number = s.at;
	if (!scan_decimal(&s, &n) || !scan_char(&s, ' '))
		return false;
	out->key = hash(hash(0, text_of(out->program)), bytes_of(number, (size_t)(s.at - number)));
	(void)endpoint_behind(scan_rest(&s), "client: ", &out->client, &out->client_port);
	(void)endpoint_behind(scan_rest(&s), ", server: ", &out->server, &out->server_port);
	out->as_client = text_has(scan_rest(&s), "to upstream");
	return true;
}

/* "[Mon Nov 30 ...] [ssl:info] [pid 17121:tid 17129] [client A:P] AH01964: ..."; a library's error has no client */
static bool apache(struct bytes whole, struct server_line *out)
{
	size_t at = text_find(whole, "[pid ");
	struct scan s = scan_of(bytes_slice(whole, at, whole.len));
	struct bytes process;

	if (at == whole.len || (!text_has(whole, "[ssl:") && !text_has(whole, "AH0")) ||
		!scan_word(&s, "[pid ") || !scan_until(&s, "]", &process))
		return false;
	out->key = hash(hash(0, text_of(out->program)), process);
	(void)endpoint_behind(scan_rest(&s), "[client ", &out->client, &out->client_port);
	out->as_client = text_has(scan_rest(&s), "[remote ");
	out->begins = text_has(scan_rest(&s), "AH01964: ");
	return out->client.len != 0 || text_has(scan_rest(&s), "SSL Library Error");
}

/* "2026.11.30 22:51:44 LOG5[1]: Service [mtls] accepted connection from A:P" */
static bool stunnel(struct bytes whole, struct server_line *out)
{
	size_t at = text_find(whole, "LOG");
	struct scan s = scan_of(bytes_slice(whole, at, whole.len));
	struct bytes id, rest;
	uint64_t level;

	if (at == whole.len || !scan_word(&s, "LOG") || !scan_decimal(&s, &level) || level > 7 ||
		!scan_char(&s, '[') || !scan_until(&s, "]: ", &id) || id.len == 0 ||
		!is_digit(id.data[0]))
		return false;
	rest = scan_rest(&s);
	out->key = hash(hash(0, text_of(out->program)), id);
	out->begins =
		endpoint_behind(rest, "accepted connection from ", &out->client, &out->client_port);
	out->done = text_begins(rest, "TLS accepted: ");
	out->as_client = text_begins(rest, "SSL_connect: ") || text_begins(rest, "TLS connected: ");
	return true;
}

/* "A:P [30/Nov/2026:22:52:17.457] mtls~ ...", each connection a line */
static bool haproxy(struct bytes whole, struct server_line *out)
{
	size_t at = text_find(whole, " [");
	struct scan s;

	while (at != 0 && at != whole.len && whole.data[at - 1] != ' ' &&
		whole.data[at - 1] != '\t')
		at--;
	s = scan_of(bytes_slice(whole, at, whole.len));
	if (at == whole.len || !endpoint(&s, &out->client, &out->client_port) ||
		out->client_port == 0 || !is_address(out->client) || !scan_word(&s, " [") ||
		scan_rest(&s).len < 24 || s.at[2] != '/' || s.at[6] != '/')
		return false;
	key_by_client(out);
	return true;
}

/* "http: TLS handshake error from A:P: ..." */
static bool go(struct bytes whole, struct server_line *out)
{
	if (!endpoint_behind(whole, "TLS handshake error from ", &out->client, &out->client_port))
		return false;
	key_by_client(out);
	return true;
}

/* "A:P TLS Error: ...", "A:P VERIFY ERROR: ...", "TLS: Initial packet from [AF_INET]A:P, sid=..." */
static bool openvpn(struct bytes whole, struct server_line *out)
{
	static const char *const words[] = { " TLS Error: ", " TLS_ERROR: ", " VERIFY ERROR: ",
		" OpenSSL: error:", " TLS: Initial packet from [AF_INET",
		" Control Channel: TLSv" };
	size_t at = whole.len;
	struct scan s;

	for (size_t i = 0; i < COUNT(words) && at == whole.len; i++)
		at = text_find(whole, words[i]);
	if (at == whole.len)
		return false;
	out->begins = text_has(whole, "Initial packet from");
	out->done = text_has(whole, "Control Channel: TLSv");
	while (at != 0 && whole.data[at - 1] != ' ' && whole.data[at - 1] != '/')
		at--;
	s = scan_of(bytes_slice(whole, at, whole.len));
	if (!endpoint(&s, &out->client, &out->client_port) || out->client_port == 0 ||
		!is_address(out->client))
		return false;
	key_by_client(out);
	return true;
}

/* "postfix/smtpd[1234]: ...", "postgres[99]: [4-1]", "dovecot: imap-login: ... session=<...>": a process each */
static bool process(struct bytes whole, const char *name, struct server_line *out)
{
	size_t at = text_find(whole, name);
	struct scan s = scan_of(bytes_slice(whole, at, whole.len));
	struct bytes id;
	uint64_t pid;

	if (at == whole.len || !scan_word(&s, name) || !scan_char(&s, '[') ||
		!scan_decimal(&s, &pid) || !scan_char(&s, ']'))
		return false;
	id = bytes_of(whole.data + at, (size_t)(s.at - (whole.data + at)));
	out->key = hash(hash(0, text_of(out->program)), id);
	return true;
}

/* "from mail.example[192.0.2.78]" */
static bool in_brackets(struct bytes whole, const char *words, struct bytes *address)
{
	size_t at = text_find(whole, words);
	struct scan s = scan_of(bytes_slice(whole, at, whole.len));
	struct bytes name, inside;

	if (at == whole.len || !scan_until(&s, "[", &name) || !scan_until(&s, "]", &inside) ||
		!is_address(inside))
		return false;
	*address = inside;
	return true;
}

static bool postfix(struct bytes whole, struct server_line *out)
{
	out->as_client = false;
	if (process(whole, "postfix/smtp", out)) {
		out->as_client = true;
		(void)in_brackets(whole, " to ", &out->server);
		return true;
	}
	if (!process(whole, "/smtpd", out))
		return false;
	(void)in_brackets(whole, " from ", &out->client);
	out->begins = text_has(whole, ": connect from ");
	out->done = text_has(whole, "TLS connection established from ");
	return true;
}

/* "... imap-login: Disconnected ...: rip=A, lip=A, TLS handshaking: ..., session=<q1w2>" */
static bool dovecot(struct bytes whole, struct server_line *out)
{
	size_t at = text_find(whole, "session=<");
	struct scan s = scan_of(bytes_slice(whole, at, whole.len));
	struct bytes id, before;

	if (at == whole.len || !text_has(whole, "-login: ") || !scan_until(&s, "<", &before) ||
		!scan_until(&s, ">", &id))
		return false;
	out->key = hash(hash(0, text_of(out->program)), id);
	(void)endpoint_behind(whole, "rip=", &out->client, &out->client_port);
	(void)endpoint_behind(whole, "lip=", &out->server, &out->server_port);
	return true;
}

/* "2026-11-30 22:51:42.123 UTC [4712] LOG:  could not accept SSL connection: ...", and the DETAIL behind it */
static bool postgres(struct bytes whole, struct server_line *out)
{
	static const char *const words[] = { "] LOG:  could not accept SSL",
		"] DETAIL:  Client certificate", "] FATAL:  connection requires a valid client" };
	size_t end = whole.len, at;

	for (size_t i = 0; i < COUNT(words) && end == whole.len; i++)
		end = text_find(whole, words[i]);
	for (at = end; at != 0 && end != whole.len && is_digit(whole.data[at - 1]);)
		at--;
	if (end == whole.len || at == end)
		return false;
	out->key = hash(hash(0, text_of(out->program)), bytes_slice(whole, at, end - at));
	return true;
}

static const struct {
	const char *program;
	const char *sign; /* without it the line is none of its */
	bool (*read)(struct bytes whole, struct server_line *out);
} programs[] = {
	{ "nginx", ": *", nginx },
	{ "Apache", "[pid ", apache },
	{ "stunnel", "LOG", stunnel },
	{ "Go", "TLS handshake error from ", go },
	{ "Postfix", "/smtp", postfix },
	{ "Dovecot", "session=<", dovecot },
	{ "HAProxy", "/20", haproxy },
	{ "OpenVPN", "TLS", openvpn },
	{ "OpenVPN", "VERIFY ERROR", openvpn },
	{ "OpenVPN", " OpenSSL: error:", openvpn },
	{ "PostgreSQL", "client", postgres },
	{ "PostgreSQL", "could not accept SSL", postgres },
};

bool server_line_read(struct bytes whole, struct server_line *out)
{
	for (size_t i = 0; i < COUNT(programs); i++) {
		if (!text_has(whole, programs[i].sign))
			continue;
		*out = (struct server_line){ .program = programs[i].program };
		if (programs[i].read(whole, out))
			return true;
	}
	return false;
}

bool server_line_begins(struct bytes whole)
{
	return text_has(whole, "accepted connection from ") || text_has(whole, "AH01964: ") ||
	       text_has(whole, "Initial packet from ") || text_has(whole, "smtpd[");
}
