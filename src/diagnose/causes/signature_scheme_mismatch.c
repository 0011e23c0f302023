/* RFC 5246 7.4.3: the algorithm must fit the key. The curve is no part of it before TLS 1.3. */
#include "diagnose/handshakes.h"
#include "diagnose/signatures.h"

static const enum check_id explains[] = { CHECK_scheme_fits_key, CHECK_ske_signature,
	CHECK_certificate_verify_signature, CHECK_ske_signature_size_fits_key, CHECK_no_fatal_alert,
	CHECK_closed_cleanly, CHECK_cipher_suite_offered, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	/* a number that nobody knows is first of all one that nobody offered, seen or not */
	return failed_check(v->ex, CHECK_scheme_fits_key) && !client_answers_wrong_type(v->ex) &&
	       (passed_check(v->ex, CHECK_signature_scheme_offered) ||
		       scheme_decode(v->hs->ske.scheme).signature != SIG_OTHER);
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	finding_quote(f, v->cf, v->ex, CHECK_scheme_fits_key);
}

static bool label_misread(const struct handshake_view *v)
{
	return v->hs->ske.has_scheme && v->hs->ske.scheme == 0x0603;
}

/* Of one of which bytes are missing: the size of its signature is that of P-256 (RFC 3279 2.2.3). */
static bool label_misread_in_outline(const struct handshake_view *v)
{
	enum { LONGEST_OF_P256 = 72 };
	const struct server_key_outline *o = &v->hs->outline;

	return o->seen && o->has_scheme && o->scheme == 0x0603 &&
	       o->signature_length <= LONGEST_OF_P256;
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.take = warn_unless_failed,
	.explains = explains,
	.confidence = CONFIDENCE_CERTAIN,
};

static bool innocent(const struct case_file *cf, const char **because)
{
	if (find_handshake(cf, label_misread_in_outline) != NULL) {
		*because = "0x0603 is SHA-512 with ECDSA on any curve in TLS 1.2, and the "
			   "signature has the size of one of P-256: secp521r1 is not involved";
		return find_handshake(cf, shows) == NULL;
	}
	*because = find_handshake(cf, label_misread) != NULL
			   ? "0x0603 is SHA-512 with ECDSA on any curve in TLS 1.2: "
			     "secp521r1 is not involved"
			   : "the scheme fits the certificate's key";
	return never_failed(cf, CHECK_scheme_fits_key);
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
	.handshake = &rule,
	.innocent = innocent,
	.next_steps = steps,
};
