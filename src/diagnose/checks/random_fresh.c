/* RFC 8446 4.1.2 and 4.1.3: 32 bytes from a secure generator, new each time. */
#include "diagnose/rule.h"

static enum status judge(const struct handshake *hs, struct answer *a, enum side s)
{
	uint64_t same_as = hs->side[s].repeats.random;
	const char *pattern = hs->side[s].repeats.pattern;
	uint8_t type = s == SIDE_CLIENT ? HS_CLIENT_HELLO : HS_SERVER_HELLO;

	if (same_as == 0 && pattern == NULL)
		return PASS;
	answer_show(a, handshake_place(hs, s, type, 2, 32), "random");
	if (pattern != NULL)
		return fail(a, "%s's random is not random: %s", side_name(s), pattern);
	return fail(a, "%s's random is the same as in handshake %llu", side_name(s),
		(unsigned long long)same_as);
}

static enum status run(const struct handshake *hs, struct answer *a)
{
	if (!hs->client_hello.has_random && !hs->server_hello.has_random)
		return not_applicable(a, "no hello was seen");
	if (judge(hs, a, SIDE_SERVER) == FAIL || judge(hs, a, SIDE_CLIENT) == FAIL)
		return FAIL;
	return pass(a, "neither random was seen before, and neither shows a pattern");
}

const struct check check_random_fresh = {
	.id = "random-fresh",
	.rfc = "RFC 8446 4.1.2 and C.1",
	.question = "Are the hello randoms new and random?",
	.run = run,
};
