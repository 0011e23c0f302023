/* With a PSK suite the first protected record is also the proof of the key (RFC 4279 2). */
#include "diagnose/handshakes.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly,
	CHECK_finished_accepted, N_CHECKS };

static bool psk_suite(const struct handshake *hs)
{
	return hs->suite != NULL &&
	       (hs->suite->kx == KX_PSK || hs->suite->kx == KX_DHE_PSK ||
		       hs->suite->kx == KX_ECDHE_PSK || hs->suite->kx == KX_RSA_PSK);
}

/* TLS 1.3: the binder in the ClientHello is checked before anything is answered (RFC 8446
 * 4.2.11.2): 51, or 47 from OpenSSL. A resumption ticket is a PSK too, but those are dropped, not
 * refused. */
static bool binder_refused(const struct handshake *hs, const struct ending_story *st)
{
	return hs->client_hello.ext.has_pre_shared_key && st->by == SIDE_SERVER &&
	       st->stage == STAGE_CLIENT_HELLO && (st->alert == 51 || st->alert == 47);
}

static bool shows(const struct handshake_view *v)
{
	const struct ending_story *st = &v->st;

	if (!st->failed)
		return false;
	return binder_refused(v->hs, st) ||
	       (psk_suite(v->hs) && st->stage == STAGE_FINISHED &&
		       (st->alert == 20 || st->alert == 51)) ||
	       (psk_suite(v->hs) && st->stage >= STAGE_CLIENT_FLIGHT && st->closed &&
		       st->by == SIDE_SERVER);
}

static void take(const struct handshake_view *v, struct finding *f)
{
	f->confidence = v->st.closed ? CONFIDENCE_POSSIBLE : CONFIDENCE_LIKELY;
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	if (v->hs->suite != NULL)
		finding_prove(f, v->cf, message_place(v->hs, SIDE_SERVER, HS_SERVER_HELLO).packet,
			"the suite is %s: the keys come from the PSK", v->hs->suite->name);
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
	finding_prove(f, v->cf, 0,
		"the server does not say that the identity is unknown (115): what the two sides "
		"make of it differs, or it hides that (RFC 4279 2)");
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.take = take,
	.explains = explains,
	.confidence = CONFIDENCE_LIKELY,
};

static const char *const steps[] = {
	"compare the PSK on both sides byte for byte: hex against text is the usual slip",
	"mbedtls_ssl_conf_psk takes raw bytes, openssl s_client -psk takes hex",
	NULL,
};

const struct cause cause_psk_mismatch = {
	.id = "psk-mismatch",
	.origin = ORIGIN_CONFIG,
	.summary = "Client and server hold different pre-shared keys",
	.handshake = &rule,
	.next_steps = steps,
};
