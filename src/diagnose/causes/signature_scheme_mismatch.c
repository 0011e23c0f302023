/* RFC 5246 7.4.3: the algorithm must fit the key. The curve is no part of it before TLS 1.3. */
#include "diagnose/signatures.h"

static const enum check_id explains[] = { CHECK_scheme_fits_key, CHECK_ske_signature,
	CHECK_certificate_verify_signature, CHECK_ske_signature_size_fits_key, CHECK_no_fatal_alert,
	CHECK_closed_cleanly, CHECK_cipher_suite_offered, N_CHECKS };

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0;

	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct examined *ex = cf->kept[i];

		if (!failed_check(ex, CHECK_scheme_fits_key) || client_answers_wrong_type(ex))
			continue;
		finding_add(f, ex, explains);
		if (ex->hs->outcome != OUTCOME_FAILED)
			f->severity = SEVERITY_WARNING;
		if (n++ == 0)
			finding_quote(f, cf, ex, CHECK_scheme_fits_key);
	}
	f->confidence = CONFIDENCE_CERTAIN;
	return n != 0;
}

static bool innocent(const struct case_file *cf, const char **because)
{
	bool any = false;

	for (size_t i = 0; i < cf->n_kept; i++) {
		if (failed_check(cf->kept[i], CHECK_scheme_fits_key))
			return false;
		any |= passed_check(cf->kept[i], CHECK_scheme_fits_key);
		if (cf->kept[i]->hs->ske.has_scheme && cf->kept[i]->hs->ske.scheme == 0x0603)
			*because = "0x0603 is SHA-512 with ECDSA on any curve in TLS 1.2: "
				   "secp521r1 is not involved";
	}
	if (*because == NULL)
		*because = "the scheme fits the certificate's key";
	return any;
}

static const char *const steps[] = {
	"send the scheme of the key that signs: ECDSA for an EC key, RSA for an RSA key",
	"mbedTLS takes the algorithm from the key it was given; a label that differs comes from a "
	"patched or mixed build",
	NULL,
};

const struct cause cause_signature_scheme_mismatch = {
	.id = "signature-scheme-mismatch",
	.origin = ORIGIN_SERVER,
	.summary = "The signature's scheme contradicts the certificate's key",
	.run = run,
	.innocent = innocent,
	.next_steps = steps,
};
