/* RFC 4279 2 unknown_psk_identity. */
#include "diagnose/handshakes.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	return gave_up_with(&v->st, SIDE_SERVER, 115);
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	const struct handshake *hs = v->hs;
	struct bytes name =
		hs->cke.has_psk_identity ? hs->cke.psk_identity : hs->client_hello.ext.psk_identity;

	if (bytes_printable(name))
		finding_prove(f, v->cf,
			message_place(hs, SIDE_CLIENT, HS_CLIENT_KEY_EXCHANGE).packet,
			"the client names the identity '%.*s'", (int)name.len,
			(const char *)name.data);
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
}

/* The alert of a server that was given no identity says something else. */
static void take(const struct handshake_view *v, struct finding *f)
{
	const struct handshake *hs = v->hs;

	if (hs->client_hello.seen && !hs->cke.has_psk_identity &&
		hs->client_hello.ext.psk_identity.len == 0)
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
	"enter the identity on the server exactly as the client sends it: case, spaces, a NUL at "
	"the end",
	"mbedtls_ssl_conf_psk takes the identity with its length: do not count the terminating NUL",
	NULL,
};

const struct cause cause_psk_unknown_identity = {
	.id = "psk-unknown-identity",
	.origin = ORIGIN_CONFIG,
	.summary = "The server does not know the PSK identity the client names",
	.handshake = &rule,
	.next_steps = steps,
};
