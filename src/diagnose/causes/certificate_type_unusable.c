/* RFC 5246 7.4.6: the CertificateRequest names the types and schemes that the client may use. */
#include "diagnose/story.h"

static const enum check_id explains[] = { CHECK_signature_scheme_offered, CHECK_no_fatal_alert,
	CHECK_closed_cleanly, CHECK_certificate_verify_signature, CHECK_scheme_fits_key, N_CHECKS };

static bool any_scheme_fits(const struct handshake *hs, enum key_kind key)
{
	const struct certificate_request *cr = &hs->certificate_request;

	if (!cr->has_schemes)
		return true;
	for (size_t i = 0; i < u16s_count(&cr->schemes); i++)
		if (key_makes(key, scheme_decode(u16s_at(&cr->schemes, i)).signature))
			return true;
	return false;
}

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0;

	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct examined *ex = cf->kept[i];
		const struct cert *cert = leaf(ex->hs, SIDE_CLIENT);
		struct ending_story st = story_of(ex->hs);

		if (!st.failed || st.by != SIDE_SERVER || cert == NULL ||
			!ex->hs->certificate_request.seen || any_scheme_fits(ex->hs, cert->key))
			continue;
		finding_add(f, ex, explains);
		if (n++ != 0)
			continue;
		finding_prove(f, cf, message_place(ex->hs, SIDE_CLIENT, HS_CERTIFICATE).packet,
			"the client's certificate has the key %s", cert->key_name);
		finding_prove(f, cf,
			message_place(ex->hs, SIDE_SERVER, HS_CERTIFICATE_REQUEST).packet,
			"none of the schemes in the CertificateRequest goes with it");
		finding_quote(f, cf, ex, CHECK_no_fatal_alert);
	}
	f->confidence = CONFIDENCE_CERTAIN;
	return n != 0;
}

static const char *const steps[] = {
	"give the client a certificate with a key of the type asked for",
	"or let the server accept the other type (OpenSSL: -client_sigalgs)",
	"restrict the client's suites to those its credential can serve",
	NULL,
};

const struct cause cause_certificate_type_unusable = {
	.id = "certificate-type-unusable",
	.origin = ORIGIN_CONFIG,
	.summary = "The client's certificate is of a type the server did not ask for",
	.run = run,
	.next_steps = steps,
};
