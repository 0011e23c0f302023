/* RFC 6066 3: a server with several names may refuse a ClientHello without server_name. */
#include "diagnose/negotiation.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly,
	CHECK_hello_answered, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	return hello_refused_for(v, EMPTY_NAME);
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove_refused_hello,
	.explains = explains,
};

static const char *const steps[] = {
	"call mbedtls_ssl_set_hostname() with the server's name before the handshake",
	"mbedTLS: is MBEDTLS_SSL_SERVER_NAME_INDICATION on?",
	NULL,
};

const struct cause cause_sni_missing = {
	.id = "sni-missing",
	.origin = ORIGIN_CLIENT,
	.summary = "The client sends no server name, and this server needs one",
	.handshake = &rule,
	.next_steps = steps,
};
