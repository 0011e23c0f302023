/* RFC 5246 7.4.4: certificate_authorities tells which issuers the server accepts. */
#include "diagnose/story.h"

static bool issuer_listed(const struct handshake *hs, bool *any)
{
	struct bytes rest = hs->certificate_request.authorities, name;

	*any = false;
	while (certificate_request_next_authority(&rest, &name)) {
		*any = true;
		for (size_t i = 0; i < hs->n_certs[SIDE_CLIENT]; i++)
			if (bytes_equal(name, hs->certs[SIDE_CLIENT][i]->issuer_der))
				return true;
	}
	return false;
}

/* Reasons of the certificate itself, which have causes of their own. */
static bool other_reason(const struct examined *ex)
{
	const struct chain_judgement *j = &ex->hs->chain[SIDE_CLIENT];

	for (size_t i = 0; i < j->n_steps; i++)
		if (j->step[i].expired || j->step[i].not_yet)
			return true;
	return j->ext_usage_forbids || j->signature_bad ||
	       ex->answers[CHECK_certificate_verify_signature].status == FAIL;
}

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly,
	CHECK_chain_trusted, CHECK_chain_complete, CHECK_finished_accepted, N_CHECKS };

static bool shows(
	const struct case_file *cf, const struct examined *ex, struct finding *f, bool first)
{
	const struct handshake *hs = ex->hs;
	struct ending_story st = story_of(hs);
	bool any, listed;

	if (!certificate_refused(hs, SIDE_CLIENT) || other_reason(ex) ||
		(st.alert >= 0 && st.alert != 48 && st.alert != 46 && st.alert != 42 &&
			st.alert != 49))
		return false;
	listed = issuer_listed(hs, &any);
	if (any && listed && st.alert != 48)
		return false;
	if (st.alert < 0 && (listed || !any))
		return false;
	finding_add(f, ex, explains);
	if (!first)
		return true;
	f->confidence = any && !listed ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY;
	finding_prove(f, cf, message_place(hs, SIDE_CLIENT, HS_CERTIFICATE).packet,
		"the client's certificate is issued by '%s'", hs->certs[SIDE_CLIENT][0]->issuer);
	if (any)
		finding_prove(f, cf, message_place(hs, SIDE_SERVER, HS_CERTIFICATE_REQUEST).packet,
			listed ? "the CertificateRequest lists that name, so it means another key"
			       : "the CertificateRequest does not list that issuer");
	finding_quote(f, cf, ex, CHECK_no_fatal_alert);
	return true;
}

/* TLS 1.3 encrypts the client's certificate. But a server has no other to look for a CA of. */
static bool shows_hidden(
	const struct case_file *cf, const struct examined *ex, struct finding *f, bool first)
{
	struct ending_story st = story_of(ex->hs);

	if (!ex->hs->tls13 || ex->hs->n_certs[SIDE_CLIENT] != 0 || st.stage < STAGE_CLIENT_FLIGHT ||
		!gave_up_with(&st, SIDE_SERVER, 48))
		return false;
	finding_add(f, ex, explains);
	if (!first)
		return true;
	f->confidence = CONFIDENCE_LIKELY;
	finding_quote(f, cf, ex, CHECK_no_fatal_alert);
	finding_prove(f, cf, 0, "of a client's certificate alone can a server say that");
	return true;
}

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0;

	for (size_t i = 0; i < cf->n_kept; i++)
		n += shows(cf, cf->kept[i], f, n == 0) || shows_hidden(cf, cf->kept[i], f, n == 0);
	return n != 0;
}

static const char *const steps[] = {
	"install the CA that issued the client's certificate on the server",
	"or give the client a certificate of a CA that the server lists",
	"if an intermediate issued it, the client must send that too",
	NULL,
};

const struct cause cause_client_certificate_untrusted = {
	.id = "client-certificate-untrusted",
	.origin = ORIGIN_CLIENT,
	.summary = "The server does not trust the issuer of the client's certificate",
	.run = run,
	.next_steps = steps,
};
