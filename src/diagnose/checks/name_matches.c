/* RFC 9525 6: the name asked for must be one of the certificate's. */
#include "diagnose/checks/both_chains.h"

static const char *why_no_name(const struct handshake *hs)
{
	if (!hs->client_hello.seen)
		return "the ClientHello was not seen";
	return hs->client_hello.ext.has_server_name ? "what was sent as server_name is no name,"
						    : "no server_name was sent";
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	const struct chain_judgement *j = &hs->side[SIDE_SERVER].chain;
	const struct cert *cert = leaf(hs, SIDE_SERVER);

	if (!j->judged || cert == NULL)
		return not_applicable(a, "no server certificate was seen");
	if (j->name != NAME_MATCHES && j->name != NAME_UNCHECKED && j->n_steps != 0)
		show_step(hs, SIDE_SERVER, &j->step[0], a, "the leaf");
	switch (j->name) {
	case NAME_UNCHECKED:
		return unknown(a, "no name to look for: %s and no --name given", why_no_name(hs));
	case NAME_MATCHES:
		return pass(a, "the certificate is for the name asked for");
	case NAME_MATCHES_CN_ONLY:
		return pass(a, "only the common name fits; strict clients want a subjectAltName");
	case NAME_IP_SAN_ONLY:
		return warn(a, "only an iPAddress entry fits, and mbedTLS before 3.5 does not "
			       "look at those");
	case NAME_CN_IGNORED:
		return fail(a,
			"the common name '%s' fits, but a subjectAltName is there, and then only "
			"that counts",
			cert->common_name);
	case NAME_DIFFERS:
		break;
	}
	return fail(a, "the certificate of '%s' is not for the name asked for", cert->subject);
}

const struct check check_name_matches = {
	.id = "name-matches",
	.rfc = "RFC 9525 6",
	.question = "Is the certificate for the name the client asked for?",
	.run = run,
};
