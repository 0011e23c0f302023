/* RFC 6066 3 unrecognized_name, as a fatal alert. */
#include "diagnose/handshakes.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	return gave_up_with(&v->st, SIDE_SERVER, 112);
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	struct bytes name = v->hs->client_hello.ext.server_name;

	if (bytes_printable(name))
		finding_prove(f, v->cf, message_place(v->hs, SIDE_CLIENT, HS_CLIENT_HELLO).packet,
			"the client asks for server_name '%.*s'", (int)name.len,
			(const char *)name.data);
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_CERTAIN,
};

static const char *const steps[] = {
	"connect with a name the server is configured for (mbedtls_ssl_set_hostname)",
	"or add the name to the server's configuration",
	NULL,
};

const struct cause cause_sni_unknown = {
	.id = "sni-unknown",
	.origin = ORIGIN_CLIENT,
	.summary = "The server does not serve the name the client asked for",
	.handshake = &rule,
	.next_steps = steps,
};
