/* RFC 4279 2 unknown_psk_identity. */
#include "diagnose/handshakes.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly, N_CHECKS };

/* A key that people gave a name; a ticket is bytes. */
static bool names_key(const struct handshake *hs)
{
	return hs->client_hello.ext.has_pre_shared_key &&
	       hs->client_hello.ext.psk_identity.len != 0 &&
	       bytes_printable(hs->client_hello.ext.psk_identity);
}

/*
 * In TLS 1.3 a server that does not know the name goes on without the key (RFC 8446 4.2.11). One that has nothing
 * else to prove itself with fails: 40 from OpenSSL, 109 from mbedTLS 3.6 (measured).
 */
static bool goes_on_without(const struct handshake_view *v)
{
	return names_key(v->hs) && v->st.stage == STAGE_CLIENT_HELLO &&
	       (gave_up_with(&v->st, SIDE_SERVER, 40) || gave_up_with(&v->st, SIDE_SERVER, 109));
}

/* What every server of TLS 1.3 has (RFC 8446 9.1): that nothing is in common is far-fetched then. */
static bool offers_what_all_have(const struct client_hello *hello)
{
	return u16s_has(&hello->suites, 0x1301) &&
	       (u16s_has(&hello->ext.groups, 0x0017) || u16s_has(&hello->ext.groups, 0x001d));
}

/* It has a certificate, and goes on with that: nothing has failed, but the key was not used. */
static bool went_on_without(const struct handshake_view *v)
{
	const struct handshake *hs = v->hs;

	return hs->outcome == OUTCOME_COMPLETED && hs->tls13 && names_key(hs) &&
	       hs->server_hello.seen && !hs->server_hello.ext.has_pre_shared_key;
}

static bool shows(const struct handshake_view *v)
{
	return gave_up_with(&v->st, SIDE_SERVER, 115) || goes_on_without(v) || went_on_without(v);
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	const struct handshake *hs = v->hs;
	struct bytes name =
		hs->cke.has_psk_identity ? hs->cke.psk_identity : hs->client_hello.ext.psk_identity;

	if (bytes_printable(name))
		finding_prove(f, v->cf,
			message_place(hs, SIDE_CLIENT,
				hs->cke.has_psk_identity ? HS_CLIENT_KEY_EXCHANGE : HS_CLIENT_HELLO)
				.packet,
			"the client names the identity '%.*s'", (int)name.len,
			(const char *)name.data);
	if (went_on_without(v)) {
		f->severity = SEVERITY_NOTE;
		finding_say(f, v->cf,
			"The server did not take the pre-shared key, and went on with its "
			"certificate");
		return;
	}
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
	if (goes_on_without(v))
		finding_prove(f, v->cf, 0,
			"so answers a server that does not know the name, and has no certificate "
			"to "
			"go on with");
}

/* The alert of a server that was given no identity says something else. */
static void take(const struct handshake_view *v, struct finding *f)
{
	const struct handshake *hs = v->hs;

	if (hs->client_hello.seen && !hs->cke.has_psk_identity &&
		hs->client_hello.ext.psk_identity.len == 0)
		LOWER_CONFIDENCE(f, CONFIDENCE_POSSIBLE);
	if (goes_on_without(v))
		LOWER_CONFIDENCE(f, offers_what_all_have(&hs->client_hello) ? CONFIDENCE_LIKELY
									    : CONFIDENCE_POSSIBLE);
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
