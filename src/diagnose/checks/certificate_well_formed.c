/* RFC 5280 4.1: the DER of each certificate. */
#include "diagnose/rule.h"

static enum status judge(const struct handshake *hs, enum side s, struct answer *a)
{
	char where[200];

	for (size_t i = 0; i < hs->side[s].n_certs; i++) {
		const struct cert *c = hs->side[s].certs[i];
		size_t at = hs->side[s].certificate.at[i];

		if (c->parsed)
			continue;
		parse_err_text(&c->broken, where, sizeof where);
		answer_show(a,
			handshake_place(hs, s, HS_CERTIFICATE, at + c->broken.at,
				c->der.len > c->broken.at ? c->der.len - c->broken.at : 0),
			c->broken.field);
		return fail(a, "certificate %zu of %s, %s", i + 1, side_name(s), where);
	}
	return PASS;
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	if (hs->side[SIDE_SERVER].n_certs + hs->side[SIDE_CLIENT].n_certs == 0)
		return not_applicable(a, "no certificate was seen");
	if (judge(hs, SIDE_SERVER, a) == FAIL || judge(hs, SIDE_CLIENT, a) == FAIL)
		return FAIL;
	return pass(a, "every certificate reads to its last byte");
}

const struct check check_certificate_well_formed = {
	.id = "certificate-well-formed",
	.rfc = "RFC 5280 4.1",
	.question = "Is every certificate well-formed DER?",
	.run = run,
};
