/* Properties of one chain against the verifiers measured. */
#include "diagnose/refusers.h"

#include "base/array.h"

#include <string.h>

const char *verdict_text(enum verdict_of_verifier v)
{
	static const char *const texts[] = { [VERDICT_UNKNOWN] = "unknown",
		[VERDICT_ACCEPTS] = "accepts",
		[VERDICT_REFUSES] = "refuses" };

	return texts[v];
}

bool refusers_ask(
	const struct properties *p, size_t verifier, enum verifier_role role, struct judged_by *out)
{
	const struct verifier *v = verifier_at(verifier);
	bool unknown = false;

	*out = (struct judged_by){ .verdict = VERDICT_ACCEPTS };
	if (v == NULL || (v->roles >> role & 1) == 0)
		return false;
	for (size_t i = 0; i < p->n; i++) {
		enum property id = (enum property)p->list[i];
		struct verifier_answer a = verifier_answer(id, verifier, role);

		unknown |= a.result == VERIFIER_UNMEASURED;
		if (verifier_refuses(&a) && out->n_refusals < REFUSALS_MAX)
			out->refusal[out->n_refusals++] = (struct refusal){ id, a };
	}
	if (out->n_refusals != 0)
		out->verdict = VERDICT_REFUSES;
	else if (unknown)
		out->verdict = VERDICT_UNKNOWN;
	return true;
}

static const char *const nine[NINE_STACKS] = { "OpenSSL", "GnuTLS", "mbedTLS", "Go", "Java", "NSS",
	"wolfSSL", "rustls", "Chromium" };

static size_t place_of(const struct verifier *v)
{
	size_t i = 0;

	while (i < NINE_STACKS && strcmp(nine[i], v->stack) != 0)
		i++;
	return i;
}

bool refusers_is_one_of_nine(const struct verifier *v)
{
	return place_of(v) < NINE_STACKS;
}

static bool refuses_in(const struct properties *p, size_t verifier, unsigned roles)
{
	struct judged_by j;

	for (int r = 0; r < N_VERIFIER_ROLES; r++)
		if ((roles >> r & 1) != 0 && refusers_ask(p, verifier, (enum verifier_role)r, &j) &&
			j.verdict == VERDICT_REFUSES)
			return true;
	return false;
}

size_t refusers_count(const struct properties *p, unsigned roles)
{
	bool refuses[NINE_STACKS + 1] = { false };
	size_t n = 0;

	for (size_t i = 0; i < verifier_count(); i++)
		refuses[place_of(verifier_at(i))] |= refuses_in(p, i, roles);
	for (size_t i = 0; i < NINE_STACKS; i++)
		n += refuses[i];
	return n;
}
