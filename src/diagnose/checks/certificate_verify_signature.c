/* RFC 5246 7.4.8: the client proves that it has the key of its certificate. */
#include "diagnose/rule.h"

/* It was due, and bytes of the client's are missing. */
static bool was_lost(const struct handshake *hs)
{
	const struct party *client = &hs->side[SIDE_CLIENT];
	bool due =
		client->n_certs != 0 || (hs->certificate_request.seen && !client->certificate.seen);

	return !hs->tls13 && due && gap_hides(hs, SIDE_CLIENT, HS_CERTIFICATE_VERIFY) != NULL;
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	const struct verdict *v = &hs->side[SIDE_CLIENT].proof.signature;

	if (!hs->side[SIDE_CLIENT].verify.seen && was_lost(hs))
		return unknown(a, "the client's CertificateVerify: %s",
			why_unseen(hs, SIDE_CLIENT, HS_CERTIFICATE_VERIFY));
	if (!hs->side[SIDE_CLIENT].verify.seen)
		return not_applicable(a, "there is no CertificateVerify in the clear");
	answer_show(a,
		handshake_place(hs, SIDE_CLIENT, HS_CERTIFICATE_VERIFY,
			hs->side[SIDE_CLIENT].verify.signature_at,
			hs->side[SIDE_CLIENT].verify.signature.len),
		"signature");
	switch (v->state) {
	case PROOF_VALID:
		return pass(a, "the client's signature over the handshake verifies");
	case PROOF_INVALID:
		return fail(a,
			"the client's signature does not verify under its certificate's key%s%s",
			v->why != NULL ? ": " : "", v->why != NULL ? v->why : "");
	case PROOF_UNVERIFIABLE:
		return unknown(a, "the client's signature cannot be verified: %s", v->why);
	case PROOF_NONE:
		break;
	}
	return unknown(a, "the client's signature was not verified: %s",
		hs->not_proved_why != NULL ? hs->not_proved_why : "not asked for");
}

const struct check check_certificate_verify_signature = {
	.id = "certificate-verify-signature",
	.rfc = "RFC 5246 7.4.8, RFC 8446 4.4.3",
	.question = "Does the client's CertificateVerify verify under its certificate's key?",
	.run = run,
};
