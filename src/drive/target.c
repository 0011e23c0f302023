/* A colon is a port only where it cannot be part of an address. */
#include "drive/target.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

static bool is_ipv6(const char *host)
{
	struct in6_addr ignored;
	char copy[TARGET_HOST_MAX];

	(void)snprintf(copy, sizeof copy, "%s", host);
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

/* What a host name or address is made of; "https://host" and "host/path" are not. */
static bool plausible_host(const char *host)
{
	for (const char *p = host; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || *p == '/' || *p == '[' || *p == ']' || *p == '@')
			return false;
	return host[0] != '\0' && (strchr(host, ':') == NULL || is_ipv6(host));
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

bool target_parse(const char *text, uint16_t default_port, struct target *out, struct err *e)
{
	*out = (struct target){ .port = default_port };
	if (split(text, out) && plausible_host(out->host))
		return true;
	if (strstr(text, "://") != NULL)
		return err_set(e, ERR_USAGE, 0,
			"a target is HOST or HOST:PORT, not an address of a page: '%s'", text);
	return err_set(e, ERR_USAGE, 0,
		"a target is HOST, HOST:PORT or [IPV6]:PORT, with a port from 1 to 65535, not '%s'",
		text);
}

void target_text(const struct target *t, char out[static TARGET_TEXT])
{
	(void)snprintf(out, TARGET_TEXT, strchr(t->host, ':') != NULL ? "[%s]:%u" : "%s:%u",
		t->host, (unsigned)t->port);
}
