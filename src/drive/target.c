/* A colon is a port only where it cannot be part of an address. */
#include "drive/target.h"

#include "base/array.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

static bool is_ipv6(const char *host)
{
	struct in6_addr ignored;
	char copy[TARGET_HOST_MAX];

	(void)snprintf(copy, sizeof copy, "%.*s", (int)sizeof copy - 1, host);
	copy[strcspn(copy, "%")] = '\0'; /* "fe80::1%eth0" */
	return inet_pton(AF_INET6, copy, &ignored) == 1;
}

bool target_is_address(const struct target *t)
{
	struct in_addr ignored;

	return inet_pton(AF_INET, t->host, &ignored) == 1 || is_ipv6(t->host);
}

static bool parse_port(const char *text, uint16_t *port)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (*text < '0' || *text > '9' || *end != '\0' || value < 1 || value > UINT16_MAX)
		return false;
	*port = (uint16_t)value;
	return true;
}

/* What a host name or address is made of: no label of a name is empty, but for that of the root at its end. */
static bool plausible_host(const char *host)
{
	for (const char *p = host; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || strchr("/[]@*\"'<>(){},;\\|!?#&=", *p) != NULL)
			return false;
	if (strchr(host, ':') != NULL)
		return is_ipv6(host);
	return host[0] != '\0' && host[0] != '.' && strstr(host, "..") == NULL;
}

static bool take_host(const char *from, size_t len, struct target *out)
{
	if (len >= sizeof out->host)
		return false;
	memcpy(out->host, from, len);
	out->host[len] = '\0';
	return true;
}

/* Splits at the colon before the port: the one behind a bracket, or the only one. */
static bool split(const char *text, struct target *out)
{
	const char *close = text[0] == '[' ? strchr(text, ']') : NULL;
	const char *colon = strchr(text, ':');

	if (close != NULL)
		return take_host(text + 1, (size_t)(close - text - 1), out) && is_ipv6(out->host) &&
		       (close[1] == '\0' || (close[1] == ':' && parse_port(close + 2, &out->port)));
	if (colon == NULL || strchr(colon + 1, ':') != NULL)
		return take_host(text, strlen(text), out);
	return take_host(text, (size_t)(colon - text), out) && parse_port(colon + 1, &out->port);
}

/* ---- other ways to write it ---- */

/* Schemes of addresses that begin with a TLS handshake, and their ports; 0: that of the command. */
static const struct {
	const char *name;
	uint16_t port;
} schemes[] = {
	{ "https", 443 },
	{ "wss", 443 },
	{ "tls", 0 },
	{ "ssl", 0 },
	{ "ldaps", 636 },
	{ "smtps", 465 },
	{ "imaps", 993 },
	{ "pop3s", 995 },
	{ "ftps", 990 },
	{ "mqtts", 8883 },
	{ "amqps", 5671 },
	{ "sips", 5061 },
	{ "rediss", 6379 },
};

/* RFC 6874 2: in an address of a page the '%' before a zone is written as "%25". */
static void unescape_zone(char *host)
{
	char *escape = strchr(host, ':') != NULL ? strstr(host, "%25") : NULL;

	if (escape != NULL)
		memmove(escape + 1, escape + 3, strlen(escape + 3) + 1);
}

/* "user:word@host:port": the host and port alone; the word may hold an '@' too. */
static const char *skip_user(const char *authority, size_t *len)
{
	for (size_t i = *len; i-- > 0;)
		if (authority[i] == '@') {
			*len -= i + 1;
			return authority + i + 1;
		}
	return authority;
}

/* The address of a page, a mailbox, a broker: what it says of the host and the port is taken. */
static bool take_address(const char *text, size_t scheme, struct target *out, struct err *e)
{
	const char *host = text + scheme + 3;
	size_t i = 0, len = strcspn(host, "/?#");
	char part[TARGET_TEXT];

	while (i < COUNT(schemes) && (strlen(schemes[i].name) != scheme ||
					     strncasecmp(text, schemes[i].name, scheme) != 0))
		i++;
	if (i == COUNT(schemes))
		return err_set(e, ERR_USAGE, 0,
			"'%.*s://' does not begin with TLS; a target is HOST, HOST:PORT, or an "
			"address such as https://HOST:PORT/, not '%s'",
			(int)scheme, text, text);
	host = skip_user(host, &len);
	if (schemes[i].port != 0)
		out->port = schemes[i].port;
	(void)snprintf(part, sizeof part, "%.*s", (int)len, host);
	if (len >= sizeof part || !split(part, out))
		return false;
	unescape_zone(out->host);
	return true;
}

/*
 * "host:443/path", "user@host": the address of a page without its scheme, where what is before the path is no
 * name of a folder.
 */
static bool take_part(const char *text, struct target *out)
{
	size_t len = strcspn(text, "/?#");
	const char *host = skip_user(text, &len);
	char part[TARGET_TEXT];

	(void)snprintf(part, sizeof part, "%.*s", (int)len, host);
	if (len >= sizeof part ||
		(host[len] != '\0' && strpbrk(part + (*part == '.'), ".:") == NULL))
		return false;
	return split(part, out);
}

/* "host 4433": what two arguments or a line of a table say. */
static bool take_pair(const char *text, struct target *out)
{
	size_t len = strcspn(text, " \t"), blanks = strspn(text + len, " \t");

	return blanks != 0 && len != 0 && take_host(text, len, out) &&
	       (strchr(out->host, ':') == NULL || is_ipv6(out->host)) &&
	       parse_port(text + len + blanks, &out->port);
}

/*
 * What inet_aton() takes for an address although its last part is a number, so that it is no name
 * (RFC 1123 2.1): "4433" is 0.0.17.81 to it, "10.1" is 10.0.0.1.
 */
static bool is_number(const char *host)
{
	const char *dot = strrchr(host, '.'), *last = dot != NULL ? dot + 1 : host;
	struct in_addr ignored;
	char *end;

	if (*last < '0' || *last > '9' || inet_pton(AF_INET, host, &ignored) == 1 || is_ipv6(host))
		return false;
	(void)strtoull(last, &end, strncasecmp(last, "0x", 2) == 0 ? 16 : 10);
	return *end == '\0';
}

static bool refuse_number(const char *text, const struct target *t, struct err *e)
{
	uint16_t port;

	if (parse_port(t->host, &port))
		return err_set(e, ERR_USAGE, 0,
			"'%s' is a number, not a host; a port stands behind its host: "
			"'localhost:%u'",
			text, (unsigned)port);
	return err_set(e, ERR_USAGE, 0,
		"'%s' is no host: an address has four numbers, and no name ends in one", text);
}

/*
 * "::1:4433" is an address as it stands, and hardly meant as one: what is before its last colon is
 * an address too, and what is behind it reads as a port.
 */
static bool reads_as_port(const char *text, struct err *e)
{
	const char *colon = strrchr(text, ':');
	char before[TARGET_HOST_MAX];
	uint16_t port;

	if (text[0] == '[' || colon == NULL || strlen(colon + 1) < 2 ||
		!parse_port(colon + 1, &port))
		return false;
	(void)snprintf(before, sizeof before, "%.*s", (int)(colon - text), text);
	if (strchr(before, ':') == NULL || !is_ipv6(before))
		return false;
	if (is_ipv6(text))
		(void)err_set(e, ERR_USAGE, 0,
			"'%s' can be an address or one with a port: write '[%s]:%u' or '[%s]'",
			text, before, (unsigned)port, text);
	else
		(void)err_set(e, ERR_USAGE, 0,
			"an address with a port has brackets: write '[%s]:%u', not '%s'", before,
			(unsigned)port, text);
	return true;
}

static bool take(const char *text, struct target *out, struct err *e)
{
	const char *scheme = strstr(text, "://");

	if (scheme != NULL)
		return take_address(text, (size_t)(scheme - text), out, e);
	if (reads_as_port(text, e))
		return false;
	return text[strcspn(text, " \t")] != '\0' ? take_pair(text, out) : take_part(text, out);
}

/* A certificate and a server_name hold names in ASCII (RFC 5890 2.3.2.1); resolvers differ in what they do. */
static bool is_ascii(const char *host, struct err *e)
{
	for (const char *p = host; *p != '\0'; p++)
		if ((unsigned char)*p >= 0x80)
			return err_set(e, ERR_USAGE, 0,
				"'%s' is not ASCII: write the form that begins with 'xn--', as "
				"'idn2 %s' prints it",
				host, host);
	return true;
}

bool target_parse(const char *given, uint16_t default_port, struct target *out, struct err *e)
{
	char text[2 * TARGET_TEXT];
	size_t len = strlen(given += strspn(given, " \t"));

	while (len != 0 && (given[len - 1] == ' ' || given[len - 1] == '\t'))
		len--;
	(void)snprintf(
		text, sizeof text, "%.*s", (int)(len < sizeof text ? len : sizeof text), given);
	*out = (struct target){ .port = default_port };
	e->code = ERR_NONE;
	if (take(text, out, e) && plausible_host(out->host) && is_ascii(out->host, e))
		return !is_number(out->host) || refuse_number(text, out, e);
	if (e->code != ERR_NONE)
		return false;
	return err_set(e, ERR_USAGE, 0,
		"a target is HOST, HOST:PORT, [IPV6]:PORT or https://HOST:PORT/, with a port from "
		"1 to 65535, not '%s'",
		text);
}

bool target_is_port(const char *text)
{
	uint16_t ignored;

	return parse_port(text, &ignored);
}

void target_text(const struct target *t, char out[static TARGET_TEXT])
{
	(void)snprintf(out, TARGET_TEXT, strchr(t->host, ':') != NULL ? "[%s]:%u" : "%s:%u",
		t->host, (unsigned)t->port);
}
