/* r and s make a valid signature once they are read another way (RFC 3279 2.2.3 wants DER). */
#include "diagnose/signatures.h"
#include "diagnose/story.h"

static bool found(const struct signature_view *v)
{
	return v->autopsy->found == FIND_OTHER_ENCODING;
}

/*
 * Where the hello that a signature covers was not seen it cannot be verified; that r and s stand there with
 * nothing around them, each as long as the curve's order, shows all the same.
 */
static bool is_raw(const struct examined *ex)
{
	const struct handshake *hs = ex->hs;
	const struct cert *cert = leaf(hs, SIDE_SERVER);
	struct shown_signature shown;

	return handshake_signature(hs, SIDE_SERVER, &shown) &&
	       failed_check(ex, CHECK_ske_signature_size_fits_key) &&
	       !failed_check(ex, CHECK_ske_signature) && !passed_check(ex, CHECK_ske_signature) &&
	       cert != NULL && cert->key == KEY_EC &&
	       shown.signature.len == 2 * (((size_t)cert->key_bits + 7) / 8);
}

/* A whole message with no byte of signature in it: there is nothing to verify, and the client minded. */
static bool is_empty(const struct examined *ex)
{
	struct ending_story st = story_of(ex->hs);
	struct shown_signature shown;

	return handshake_signature(ex->hs, SIDE_SERVER, &shown) && shown.signature.len == 0 &&
	       failed_check(ex, CHECK_ske_signature_size_fits_key) &&
	       !failed_check(ex, CHECK_messages_well_formed) && st.failed && st.by == SIDE_CLIENT &&
	       st.stage == STAGE_SERVER_FLIGHT;
}

/* What shows by the size alone. */
static bool find_by_size(const struct case_file *cf, struct finding *f,
	bool (*is)(const struct examined *ex), enum confidence confidence)
{
	size_t n = 0;

	for (size_t i = 0; i < cf->n_kept; i++) {
		if (!is(cf->kept[i]))
			continue;
		finding_add(f, cf->kept[i], signature_explains);
		if (n++ == 0)
			finding_quote(f, cf, cf->kept[i], CHECK_ske_signature_size_fits_key);
	}
	f->severity = SEVERITY_ERROR;
	f->confidence = confidence;
	return n != 0;
}

/* It is cut, empty, or something else: there are no two numbers in it to be wrong. */
static bool run(const struct case_file *cf, struct finding *f)
{
	if (signature_cause(cf, f, found) || find_by_size(cf, f, is_raw, CONFIDENCE_LIKELY))
		return true;
	if (find_by_size(cf, f, is_empty, CONFIDENCE_CERTAIN)) {
		finding_say(f, cf, "The server sends a signature without a byte in it");
		return true;
	}
	if (!signature_cause(cf, f, no_signature_at_all))
		return false;
	finding_say(
		f, cf, "What is sent as an ECDSA signature is none: cut, empty, or other bytes");
	return true;
}

static const char *const steps[] = {
	"encode r and s as a DER SEQUENCE of two INTEGERs: big-endian, 00 in front where the high "
	"bit is set, no other padding",
	"mbedTLS: let mbedtls_ecdsa_write_signature do it; an ALT driver or PSA gives raw r||s "
	"and must convert",
	NULL,
};

const struct cause cause_signature_encoding = {
	.id = "signature-encoding",
	.origin = ORIGIN_DEVICE_CRYPTO,
	.summary = "The signature is right but encoded wrongly",
	.run = run,
	.next_steps = steps,
};
