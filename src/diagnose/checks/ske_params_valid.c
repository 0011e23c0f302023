/* RFC 8422 5.4, RFC 7919, RFC 5246 7.4.3: what kind of parameters the server sent. */
#include "diagnose/rule.h"

static enum status dhe(const struct handshake *hs, struct answer *a)
{
	const struct dh_check *dh = &hs->dh;

	answer_show(a,
		handshake_place(
			hs, SIDE_SERVER, HS_SERVER_KEY_EXCHANGE, hs->ske.dh_p_at, hs->ske.dh_p.len),
		"dh_p");
	if (!dh->checked && !hs->dh_left_out)
		return unknown(a, "the DH parameters were not examined");
	if (dh->checked && !dh->prime)
		return fail(a, "dh_p (%u bits) is not prime", dh->prime_bits);
	if (!dh->generator_ok)
		return fail(a, "dh_g is not between 1 and p-1");
	if (!dh->public_ok)
		return fail(a, "dh_Ys is not between 1 and p-1");
	if (dh->prime_bits < 2048)
		return warn(a, "dh_p has %u bits; today's clients want 2048", dh->prime_bits);
	if (!dh->checked)
		return unknown(a,
			"it was not tested whether dh_p (%u bits) is a prime: the run's ration of "
			"arithmetic was used up (--verify=all has none)",
			dh->prime_bits);
	return pass(a, "a prime of %u bits%s", dh->prime_bits,
		dh->named_group != 0 || dh->well_known ? ", a published group" : "");
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	const struct server_key_exchange *ske = &hs->ske;
	const struct group *group;

	if (!ske->seen)
		return not_applicable(a, "there is no ServerKeyExchange");
	if (ske->dh_p.len != 0)
		return dhe(hs, a);
	if (!ske->has_curve_type)
		return not_applicable(a, "this key exchange has no such parameters");
	answer_show(a, handshake_place(hs, SIDE_SERVER, HS_SERVER_KEY_EXCHANGE, 0, 3),
		"curve_type and named curve");
	if (ske->curve_type != 3)
		return fail(
			a, "curve_type is %u, only named_curve (3) is allowed", ske->curve_type);
	group = group_find(ske->group);
	if (group == NULL)
		return fail(a, "0x%04x is not a registered group", ske->group);
	if (group->kind != GROUP_EC && group->kind != GROUP_MONTGOMERY)
		return fail(a, "%s is not an elliptic curve", group->name);
	return pass(a, "named_curve %s", group->name);
}

const struct check check_ske_params_valid = {
	.id = "ske-params-valid",
	.rfc = "RFC 8422 5.4, RFC 5246 7.4.3",
	.question = "Are the server's key exchange parameters sound?",
	.run = run,
};
