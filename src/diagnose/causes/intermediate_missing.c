/* The issuer of the last certificate sent is neither sent nor in the CA file, and is no root of it. */
#include "diagnose/chains.h"

static bool shows(const struct chain_view *v, struct finding *f)
{
	const struct path_step *last;

	if (v->side != SIDE_SERVER || !v->judgement->intermediate_missing ||
		v->judgement->n_steps == 0 || message_cut(v->hs, v->side, HS_CERTIFICATE))
		return false;
	last = &v->judgement->step[v->judgement->n_steps - 1];
	if (f == NULL)
		return true;
	finding_say(f, v->cf, "The server sent its certificate without the intermediate '%s'",
		last->cert->issuer);
	finding_prove(f, v->cf, message_place(v->hs, v->side, HS_CERTIFICATE).packet,
		"%zu sent; the last is issued by '%s'", v->hs->side[v->side].n_certs,
		last->cert->issuer);
	finding_prove(f, v->cf, 0, "that issuer is neither in the message nor in the CA file");
	if (last->cert->ca_issuers_uri.len != 0 && bytes_printable(last->cert->ca_issuers_uri))
		finding_step(f, v->cf, "the missing certificate is published at %.*s",
			(int)last->cert->ca_issuers_uri.len,
			(const char *)last->cert->ca_issuers_uri.data);
	return true;
}

static const enum check_id explains[] = { CHECK_chain_complete, CHECK_chain_trusted, N_CHECKS };

static const struct chain_rule rule = { shows, explains, { 48 }, SEVERITY_WARNING, 0 };

static bool innocent(const struct case_file *cf, const char **because)
{
	*because = "nothing between the leaf and its root is missing";
	return chains_pass(cf, CHECK_chain_complete);
}

static const char *const steps[] = {
	"send leaf and intermediate together: one file, leaf first (in mbedTLS "
	"mbedtls_x509_crt_parse the intermediate into the same chain before "
	"mbedtls_ssl_conf_own_cert)",
	"as a stop-gap, add the intermediate to the client's CA file",
	"check again, with the same CA file: tlsdiag probe --ca ca.pem HOST:PORT",
	NULL,
};

const struct cause cause_intermediate_missing = {
	.id = "intermediate-missing",
	.origin = ORIGIN_SERVER,
	.summary = "The chain was sent without the intermediate that issued it",
	.chain = &rule,
	.innocent = innocent,
	.next_steps = steps,
};
