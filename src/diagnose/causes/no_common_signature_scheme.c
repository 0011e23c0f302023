/*
 * RFC 5246 7.4.1.4.1, RFC 8446 4.2.3: the schemes of the client meet nothing at the server, by the
 * certificate that the user gave, or by comparison; or a certificate of the chain is signed with one
 * that the client does not list, and it refuses the chain.
 */
#include "diagnose/negotiation.h"
#include "diagnose/serving.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	return hello_refused_for(v, EMPTY_SCHEMES);
}

static bool given_shows(const struct handshake_view *v)
{
	return given_unserved(v, UNSERVED_SCHEMES);
}

/* ---- signatures in the chain ---- */

static const enum check_id chain_explains[] = { CHECK_chain_schemes_offered, CHECK_no_fatal_alert,
	CHECK_closed_cleanly, N_CHECKS };

/* MD5 and SHA-1 are weak-signature's. */
static bool is_strong(const struct examined *ex)
{
	enum status s = ex->answers[CHECK_chain_strength].status;

	return s != WARN && s != FAIL;
}

/* unsupported_certificate says it; the others say so of much else. */
static bool chain_refused(const struct handshake_view *v)
{
	int alert = v->st.alert;

	return v->ex->answers[CHECK_chain_schemes_offered].status == WARN &&
	       certificate_refused(v->hs, SIDE_SERVER) &&
	       (alert == 43 || alert == 40 || alert == 42 || alert == 46 || alert == 47 ||
		       alert == 71) &&
	       nothing_else_failed(v->ex) && is_strong(v->ex);
}

static bool same_chain_taken(const struct handshake_view *v)
{
	return v->hs->outcome == OUTCOME_COMPLETED &&
	       v->ex->answers[CHECK_chain_schemes_offered].status == WARN;
}

static void prove_chain(const struct handshake_view *v, struct finding *f)
{
	finding_say(
		f, v->cf, "A certificate is signed with a scheme that the client does not offer");
	f->origin = ORIGIN_CERTIFICATE;
	finding_quote(f, v->cf, v->ex, CHECK_chain_schemes_offered);
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
	if (v->st.alert == 43 && find_handshake(v->cf, same_chain_taken) == NULL)
		f->confidence = CONFIDENCE_LIKELY;
	finding_step(f, v->cf,
		"have the certificate issued again with a signature that the client lists "
		"(SHA-256 with RSA or ECDSA)");
}

static const struct handshake_rule by_chain = {
	.shows = chain_refused,
	.prove = prove_chain,
	.explains = chain_explains,
	.confidence = CONFIDENCE_POSSIBLE,
};

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove_refused_hello,
	.explains = explains,
	.otherwise = &by_chain,
};

static const struct handshake_rule by_given = {
	.shows = given_shows,
	.prove = prove_given_unserved,
	.explains = unserved_explains,
	.confidence = CONFIDENCE_CERTAIN,
	.otherwise = &rule,
};

static bool innocent(const struct case_file *cf, const char **because)
{
	*because = "the scheme used was offered";
	return never_failed(cf, CHECK_signature_scheme_offered);
}

static const char *const steps[] = {
	"offer ECDSA or RSA with SHA-256 on both sides",
	"mbedTLS: mbedtls_ssl_conf_sig_hashes (2.x) or _sig_algs (3.x), and the hash compiled in",
	NULL,
};

const struct cause cause_no_common_signature_scheme = {
	.id = "no-common-signature-scheme",
	.origin = ORIGIN_CONFIG,
	.summary = "Client and server have no signature scheme in common",
	.handshake = &by_given,
	.innocent = innocent,
	.next_steps = steps,
};
