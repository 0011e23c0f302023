/* The files the user gave (--key, --cert) against the leaf that was sent. */
#include "diagnose/checks/both_chains.h"

static enum status run(const struct handshake *hs, struct answer *a)
{
	const struct cert *cert = leaf(hs, SIDE_SERVER);

	if (hs->key_given == LINK_UNCHECKED && hs->cert_given == LINK_UNCHECKED)
		return not_applicable(
			a, "no --key or --cert was given, or no certificate was seen");
	answer_show(a, message_place(hs, SIDE_SERVER, HS_CERTIFICATE), "Certificate");
	if (hs->key_given == LINK_BAD)
		return fail(a, "the given key is not that of the certificate sent (%s)",
			cert != NULL ? cert->key_name : "unreadable");
	if (hs->cert_given == LINK_BAD)
		return warn(a, "the certificate sent is not the one given");
	if (hs->key_given == LINK_UNVERIFIABLE)
		return unknown(a,
			"the given key cannot be compared with the certificate's: the public half "
			"of one of them is not known");
	return pass(a, "what was given belongs to the certificate sent");
}

const struct check check_key_matches_certificate = {
	.id = "key-matches-certificate",
	.rfc = "RFC 5246 7.4.2",
	.question = "Does the given key belong to the certificate that was sent?",
	.run = run,
};
