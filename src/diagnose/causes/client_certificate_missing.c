/* RFC 5246 7.4.6: an empty Certificate; the server may go on or give up. */
#include "diagnose/story.h"

static const enum check_id explains[] = { CHECK_no_fatal_alert, CHECK_closed_cleanly,
	CHECK_finished_accepted, N_CHECKS };

/* An alert 116 says it outright, also in TLS 1.3 where the Certificate is not in the clear. */
static bool shows(const struct handshake *hs)
{
	struct ending_story st = story_of(hs);

	if (!st.failed || st.by != SIDE_SERVER)
		return false;
	if (st.alert == 116)
		return true;
	return hs->certificate_request.seen && hs->certificate[SIDE_CLIENT].seen &&
	       hs->certificate[SIDE_CLIENT].n == 0 && hs->certificate[SIDE_CLIENT].context.len == 0;
}

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0;

	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct handshake *hs = cf->kept[i]->hs;

		if (!shows(hs))
			continue;
		finding_add(f, cf->kept[i], explains);
		if (n++ != 0)
			continue;
		finding_prove(f, cf, message_place(hs, SIDE_SERVER, HS_CERTIFICATE_REQUEST).packet,
			"the server sends a CertificateRequest");
		finding_prove(f, cf, message_place(hs, SIDE_CLIENT, HS_CERTIFICATE).packet,
			"the client answers with an empty Certificate");
		finding_quote(f, cf, cf->kept[i], CHECK_no_fatal_alert);
	}
	f->confidence = CONFIDENCE_CERTAIN;
	return n != 0;
}

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
	.run = run,
	.next_steps = steps,
};
