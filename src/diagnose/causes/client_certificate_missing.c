/* RFC 5246 7.4.6: an empty Certificate; the server may go on or give up. */
#include "diagnose/handshakes.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly,
	CHECK_finished_accepted, N_CHECKS };

/*
 * Up to TLS 1.2 a server that wants one asks in the clear, and in any version only after its hello: one that
 * never did means something else.
 */
static bool never_asked(const struct handshake *hs)
{
	bool in_clear = hs->server_hello_done || !hs->server_hello.seen;

	if (hs->client_auth == CLIENT_AUTH_NOT_ASKED)
		return true;
	return !hs->tls13 && in_clear && !hs->certificate_request.seen && hs->n_gaps == 0 &&
	       !hs->midway && !handshake_began(hs, SIDE_SERVER, HS_CERTIFICATE_REQUEST);
}

enum { CERTIFICATE_REQUIRED = 116 };

/* The alert of this end, told by the client where it is encrypted; -1: none is known. */
static int alert_of(const struct handshake_view *v)
{
	const struct library_word *w = &v->hs->side[SIDE_CLIENT].word;

	return v->st.alert < 0 && w->got_alert ? w->alert : v->st.alert;
}

/*
 * What servers say who miss one: handshake_failure (OpenSSL), no_certificate, bad_certificate (Go, Java),
 * certificate_required. Other words about certificates, and those of a program that failed, may mean that.
 * What is about records, keys, versions, names or protocols does not.
 */
static bool names_it(int alert)
{
	return alert == 40 || alert == 41 || alert == 42 || alert == CERTIFICATE_REQUIRED;
}

static bool may_mean_it(int alert)
{
	return alert < 0 || (alert >= 40 && alert <= 50) || alert == 10 || alert == 71 ||
	       alert == 80 || alert == CERTIFICATE_REQUIRED;
}

/* An alert 116 says it outright, also in TLS 1.3 where the Certificate is not in the clear. */
static bool shows(const struct handshake_view *v)
{
	const struct handshake *hs = v->hs;

	if (!v->st.failed || v->st.by != SIDE_SERVER || never_asked(hs) ||
		!may_mean_it(alert_of(v)))
		return false;
	if (alert_of(v) == CERTIFICATE_REQUIRED || hs->client_auth == CLIENT_AUTH_NONE)
		return true;
	return hs->certificate_request.seen && hs->side[SIDE_CLIENT].certificate.seen &&
	       hs->side[SIDE_CLIENT].certificate.n == 0 &&
	       hs->side[SIDE_CLIENT].certificate.context.len == 0;
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	if (v->hs->client_auth == CLIENT_AUTH_NONE && !v->hs->certificate_request.seen) {
		finding_prove(f, v->cf, 0,
			"this client was asked for a certificate and sent an empty list");
		finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
		return;
	}
	if (v->hs->certificate_request.seen)
		finding_prove(f, v->cf,
			message_place(v->hs, SIDE_SERVER, HS_CERTIFICATE_REQUEST).packet,
			"the server sends a CertificateRequest");
	if (v->hs->side[SIDE_CLIENT].certificate.seen &&
		v->hs->side[SIDE_CLIENT].certificate.n == 0)
		finding_prove(f, v->cf, message_place(v->hs, SIDE_CLIENT, HS_CERTIFICATE).packet,
			"the client answers with an empty Certificate");
	finding_quote(f, v->cf, v->ex, CHECK_no_fatal_alert);
}

static void take(const struct handshake_view *v, struct finding *f)
{
	int alert = alert_of(v);

	if (!names_it(alert))
		LOWER_CONFIDENCE(f, alert < 0 || (alert >= 43 && alert <= 49)
					    ? CONFIDENCE_LIKELY
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
	"give the client a certificate and key that the server accepts (mbedtls_ssl_conf_own_cert)",
	"if it has one: is its key type among those the CertificateRequest asks for?",
	"an mbedTLS server logs -0x7480 and closes without an alert",
	NULL,
};

const struct cause cause_client_certificate_missing = {
	.id = "client-certificate-missing",
	.origin = ORIGIN_CLIENT,
	.summary = "The server asks for a client certificate and the client sends none",
	.handshake = &rule,
	.next_steps = steps,
};
