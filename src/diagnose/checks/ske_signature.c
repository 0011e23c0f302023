/* RFC 5246 7.4.3: over client_random + server_random + params; RFC 8446 4.4.3: over all messages before it. */
#include "diagnose/rule.h"

static enum status run(const struct handshake *hs, struct answer *a)
{
	const struct cert *cert = leaf(hs, SIDE_SERVER);
	const struct verdict *v = &hs->side[SIDE_SERVER].proof.signature;
	struct shown_signature shown;

	if (!handshake_signature(hs, SIDE_SERVER, &shown))
		return not_applicable(a, "the server signed nothing in the clear");
	answer_show(a,
		handshake_place(
			hs, SIDE_SERVER, shown.message, shown.signature_at, shown.signature.len),
		"signature");
	if (!hs->tls13)
		answer_show(a,
			handshake_place(
				hs, SIDE_SERVER, HS_SERVER_KEY_EXCHANGE, 0, hs->ske.params.len),
			"signed parameters");
	switch (v->state) {
	case PROOF_VALID:
		return pass(a, "the signature verifies under the key of %s", cert->subject);
	case PROOF_INVALID:
		return fail(a, "the signature does not verify under the certificate's key%s%s",
			v->why != NULL ? ": " : "", v->why != NULL ? v->why : "");
	case PROOF_UNVERIFIABLE:
		return unknown(a, "the signature cannot be verified: %s", v->why);
	case PROOF_NONE:
		break;
	}
	return unknown(a, "the signature was not verified: %s",
		hs->not_proved_why != NULL ? hs->not_proved_why : "not asked for");
}

const struct check check_ske_signature = {
	.id = "ske-signature",
	.rfc = "RFC 5246 7.4.3, RFC 8446 4.4.3",
	.question = "Does the server's signature verify under the certificate's key?",
	.run = run,
};
