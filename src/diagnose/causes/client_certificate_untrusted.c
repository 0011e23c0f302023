/* RFC 5246 7.4.4: certificate_authorities tells which issuers the server accepts. */
#include "diagnose/handshakes.h"

static bool issuer_listed(const struct handshake *hs, bool *any)
{
	struct bytes rest = hs->certificate_request.authorities, name;

	*any = false;
	while (certificate_request_next_authority(&rest, &name)) {
		*any = true;
		for (size_t i = 0; i < hs->side[SIDE_CLIENT].n_certs; i++)
			if (bytes_equal(name, hs->side[SIDE_CLIENT].certs[i]->issuer_der))
				return true;
	}
	return false;
}

/* Reasons of the certificate itself, which have causes of their own. */
static bool other_reason(const struct examined *ex)
{
	const struct chain_judgement *j = &ex->hs->side[SIDE_CLIENT].chain;

	for (size_t i = 0; i < j->n_steps; i++)
		if (j->step[i].expired || j->step[i].not_yet)
			return true;
	return j->ext_usage_forbids || j->signature_bad ||
	       ex->answers[CHECK_certificate_verify_signature].status == FAIL;
}

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly,
	CHECK_chain_trusted, CHECK_chain_complete, CHECK_finished_accepted, N_CHECKS };

static bool about_trust(int alert)
{
	return alert < 0 || alert == 48 || alert == 46 || alert == 42 || alert == 49;
}

static bool shown(const struct handshake_view *v)
{
	bool any, listed;

	if (!certificate_refused(v->hs, SIDE_CLIENT) || other_reason(v->ex) ||
		!about_trust(v->st.alert))
		return false;
	listed = issuer_listed(v->hs, &any);
	if (any && listed && v->st.alert != 48)
		return false;
	return v->st.alert >= 0 || (any && !listed);
}

static void prove_shown(const struct handshake_view *v, struct finding *f)
{
	bool any, listed = issuer_listed(v->hs, &any);

	/* unknown_ca says what the list says; a close, and what is said of anything, do not */
	f->confidence =
		any && !listed && v->st.alert == 48 ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY;
	finding_prove(f, v->cf, message_place(v->hs, SIDE_CLIENT, HS_CERTIFICATE).packet,
		"the client's certificate is issued by '%s'",
		v->hs->side[SIDE_CLIENT].certs[0]->issuer);
	if (any)
		finding_prove(f, v->cf,
			message_place(v->hs, SIDE_SERVER, HS_CERTIFICATE_REQUEST).packet,
			listed ? "the CertificateRequest lists that name: it may mean another key"
			       : "the CertificateRequest does not list that issuer");
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
}

/* TLS 1.3 encrypts the client's certificate. But a server has no other to look for a CA of. */
static bool hidden(const struct handshake_view *v)
{
	return v->hs->tls13 && v->hs->side[SIDE_CLIENT].n_certs == 0 &&
	       v->hs->client_auth != CLIENT_AUTH_NOT_ASKED && v->st.stage >= STAGE_CLIENT_FLIGHT &&
	       gave_up_with(&v->st, SIDE_SERVER, 48);
}

static void prove_hidden(const struct handshake_view *v, struct finding *f)
{
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
	finding_prove(f, v->cf, 0, "of a client's certificate alone can a server say that");
}

static bool shows(const struct handshake_view *v)
{
	return shown(v) || hidden(v);
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	if (shown(v))
		prove_shown(v, f);
	else
		prove_hidden(v, f);
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_LIKELY,
};

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
	.handshake = &rule,
	.next_steps = steps,
};
