/* An IPv6 address may hold what looks like a port, so brackets decide. */
#include "door/address.h"

#include <arpa/inet.h>
#include <stdio.h>

enum { PORT_DIGITS = 5 };

static bool parse_port(const char *text, uint16_t *port)
{
	unsigned value = 0;
	size_t n = strspn(text, "0123456789");

	if (n == 0 || n > PORT_DIGITS || text[n] != '\0')
		return false;
	for (; *text != '\0'; text++)
		value = 10 * value + (unsigned)(*text - '0');
	*port = (uint16_t)value;
	return value >= 1 && value <= UINT16_MAX;
}

static bool parse_host(const char *host, struct endpoint *out)
{
	if (inet_pton(AF_INET, host, out->addr) == 1)
		out->family = 4;
	else if (inet_pton(AF_INET6, host, out->addr) == 1)
		out->family = 6;
	return out->family != 0;
}

/* Splits at the colon before the port: the only one, or the one behind a bracket. */
static bool split(char *text, char **host, char **port)
{
	char *colon = strchr(text, ':');

	*host = text;
	*port = NULL;
	if (text[0] == '[') {
		char *close = strchr(text, ']');

		if (close == NULL || (close[1] != ':' && close[1] != '\0'))
			return false;
		*host = text + 1;
		*port = close[1] == ':' ? close + 2 : NULL;
		*close = '\0';
	} else if (colon != NULL && strchr(colon + 1, ':') == NULL) {
		*colon = '\0';
		*port = colon + 1;
	}
	return true;
}

bool address_parse(const char *text, const char *option, struct endpoint *out, struct err *e)
{
	char copy[ENDPOINT_TEXT], *host, *port;

	memset(out, 0, sizeof *out);
	if (text == NULL)
		return true;
	if (strlen(text) < sizeof copy && text[0] != '\0') {
		(void)snprintf(copy, sizeof copy, "%s", text);
		if (split(copy, &host, &port) && (port == NULL || parse_port(port, &out->port)) &&
			(parse_host(host, out) || (host[0] == '\0' && port != NULL)))
			return true;
	}
	return err_set(e, ERR_USAGE, 0,
		"%s takes ADDRESS, ADDRESS:PORT, [IPV6]:PORT or :PORT, not '%s'", option, text);
}
