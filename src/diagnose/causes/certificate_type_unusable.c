/*
 * RFC 5246 7.4.6: the CertificateRequest names the types and schemes that the client may use. The other
 * way round the ClientHello's suites name the types that the server may use (7.4.2).
 */
#include "diagnose/serving.h"

static const enum check_id explains[] = { CHECK_signature_scheme_offered, CHECK_no_fatal_alert,
	CHECK_closed_cleanly, CHECK_certificate_verify_signature, CHECK_scheme_fits_key, N_CHECKS };

static bool any_scheme_fits(const struct handshake *hs, enum key_kind key)
{
	const struct certificate_request *cr = &hs->certificate_request;

	if (!cr->has_schemes)
		return true;
	for (size_t i = 0; i < u16s_count(&cr->schemes); i++)
		if (crypto_key_makes(key, scheme_decode(u16s_at(&cr->schemes, i)).signature))
			return true;
	return false;
}

static bool shows(const struct handshake_view *v)
{
	const struct cert *cert = leaf(v->hs, SIDE_CLIENT);

	return v->st.failed && v->st.by == SIDE_SERVER && cert != NULL &&
	       v->hs->certificate_request.seen && !any_scheme_fits(v->hs, cert->key);
}

static const char *const clients_steps[] = {
	"give the client a certificate with a key of the type asked for",
	"or let the server accept the other type (OpenSSL: -client_sigalgs)",
	"restrict the client's suites to those its credential can serve",
	NULL,
};

static void prove(const struct handshake_view *v, struct finding *f)
{
	finding_prove(f, v->cf, message_place(v->hs, SIDE_CLIENT, HS_CERTIFICATE).packet,
		"the client's certificate has the key %s", leaf(v->hs, SIDE_CLIENT)->key_name);
	finding_prove(f, v->cf, message_place(v->hs, SIDE_SERVER, HS_CERTIFICATE_REQUEST).packet,
		"none of the schemes in the CertificateRequest goes with it");
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
	finding_say(f, v->cf, "The client's certificate is of a type the server did not ask for");
	for (size_t i = 0; clients_steps[i] != NULL; i++)
		finding_step(f, v->cf, "%s", clients_steps[i]);
	f->steps_done = true;
}

/* What a chain is refused with, too, before anybody looks at the key; or no word at all. */
static void take(const struct handshake_view *v, struct finding *f)
{
	int alert = v->st.alert;

	if (alert < 0 || (alert >= 44 && alert <= 46) || alert == 48 || alert == 49)
		LOWER_CONFIDENCE(f, CONFIDENCE_LIKELY);
}

static bool servers_shows(const struct handshake_view *v)
{
	return given_unserved(v, UNSERVED_SUITES);
}

static const char *const steps[] = {
	"give the server a certificate of the type that the client's suites are for: an EC key for "
	"ECDSA, an RSA key for RSA, or both besides each other",
	"or let the client offer suites and signature schemes for the key that the server has",
	NULL,
};

static void servers_prove(const struct handshake_view *v, struct finding *f)
{
	prove_given_unserved(v, f); /* advises another certificate */
	finding_step(f, v->cf, "%s", steps[1]);
	f->steps_done = true;
}

static const struct handshake_rule servers = {
	.shows = servers_shows,
	.prove = servers_prove,
	.explains = unserved_explains,
	.confidence = CONFIDENCE_CERTAIN,
};

static const struct handshake_rule rule = {
	.shows = shows,
	.take = take,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_CERTAIN,
	.otherwise = &servers,
};

const struct cause cause_certificate_type_unusable = {
	.id = "certificate-type-unusable",
	.origin = ORIGIN_CONFIG,
	.summary = "No client like this one can use the type of the server's key",
	.handshake = &rule,
	.next_steps = steps,
};
