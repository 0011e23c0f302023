/* Endpoints as text (RFC 5952 for IPv6), and compared; sources in words. */
#include "session/source.h"

#include <arpa/inet.h>
#include <stdio.h>

void endpoint_address_text(const struct endpoint *e, char out[static ENDPOINT_TEXT])
{
	if (e->family == 0 ||
		inet_ntop(e->family == 6 ? AF_INET6 : AF_INET, e->addr, out, ENDPOINT_TEXT) == NULL)
		(void)snprintf(out, ENDPOINT_TEXT, "unknown");
}

void endpoint_text(const struct endpoint *e, char out[static ENDPOINT_TEXT])
{
	char address[ENDPOINT_TEXT];

	endpoint_address_text(e, address);
	if (e->family == 0 || e->port == 0) /* a log may not tell the port */
		(void)snprintf(out, ENDPOINT_TEXT, "%s", address);
	else
		(void)snprintf(out, ENDPOINT_TEXT, e->family == 6 ? "[%.46s]:%u" : "%.46s:%u",
			address, (unsigned)e->port);
}

const struct source_words *source_words(bool logged)
{
	static const struct source_words capture = { "capture", "packet", "#" },
					 log = { "log", "line", "L" };

	return logged ? &log : &capture;
}

bool endpoint_equal(const struct endpoint *a, const struct endpoint *b)
{
	size_t length = a->family == 6 ? 16 : 4;

	return a->family == b->family && a->port == b->port &&
	       memcmp(a->addr, b->addr, length) == 0;
}
