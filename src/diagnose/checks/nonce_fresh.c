/* SEC 1 4.1.3: an ECDSA nonce used twice gives the private key away; r shows the nonce. */
#include "diagnose/rule.h"

static enum status run(const struct handshake *hs, struct answer *a)
{
	struct shown_signature shown;

	if (!handshake_signature(hs, SIDE_SERVER, &shown) ||
		!hs->side[SIDE_SERVER].proof.ecdsa.readable)
		return not_applicable(a, "the server made no ECDSA signature in the clear");
	if (hs->side[SIDE_SERVER].proof.out_of_range != NULL)
		return not_applicable(a,
			"no nonce gives these numbers: %s is not between 1 and the "
			"order of the curve",
			hs->side[SIDE_SERVER].proof.out_of_range);
	if (hs->side[SIDE_SERVER].repeats.nonce == 0)
		return pass(a, "r was not seen before under this key");
	answer_show(a,
		handshake_place(
			hs, SIDE_SERVER, shown.message, shown.signature_at, shown.signature.len),
		"signature");
	return fail(a, "r is the same as in handshake %llu under the same key",
		(unsigned long long)hs->side[SIDE_SERVER].repeats.nonce);
}

const struct check check_nonce_fresh = {
	.id = "nonce-fresh",
	.rfc = "RFC 6979 1, FIPS 186-5 A.3",
	.question = "Is the ECDSA signature's nonce used only once?",
	.run = run,
};
