/* RFC 7301 3.2 no_application_protocol. */
#include "diagnose/handshakes.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, N_CHECKS };

static void prove(const struct handshake_view *v, struct finding *f)
{
	const struct extensions *ext = &v->hs->client_hello.ext;
	uint64_t packet = message_place(v->hs, SIDE_CLIENT, HS_CLIENT_HELLO).packet;

	for (size_t i = 0; i < ext->n_alpn && i < 4; i++)
		if (bytes_printable(ext->alpn[i]))
			finding_prove(f, v->cf, packet, "the client offers '%.*s'",
				(int)ext->alpn[i].len, (const char *)ext->alpn[i].data);
	if (v->hs->client_hello.seen && ext->n_alpn == 0)
		finding_prove(f, v->cf, packet, "the client offers no protocol");
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
}

static bool shows(const struct handshake_view *v)
{
	return gave_up_with(&v->st, SIDE_SERVER, 120);
}

/* The alert of a server that was asked for no protocol says something else. */
static void take(const struct handshake_view *v, struct finding *f)
{
	if (v->hs->client_hello.seen && v->hs->client_hello.ext.n_alpn == 0)
		LOWER_CONFIDENCE(f, CONFIDENCE_POSSIBLE);
}

static const struct handshake_rule rule = {
	.shows = shows,
	.take = take,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_CERTAIN,
};

static const char *const steps[] = {
	"offer a protocol the server has (mbedtls_ssl_conf_alpn_protocols)",
	"AWS IoT on port 443 wants 'x-amzn-mqtt-ca'; on 8883 none",
	NULL,
};

const struct cause cause_alpn_mismatch = {
	.id = "alpn-mismatch",
	.origin = ORIGIN_CLIENT,
	.summary = "Client and server have no application protocol in common (ALPN)",
	.handshake = &rule,
	.next_steps = steps,
};
