/* Asked of what the peer offers, in its order, since that is what it would rather have. */
#include "negotiate/wanted.h"

const char *wanted_needs(const struct build *b, enum wanted_kind kind, uint16_t value)
{
	switch (kind) {
	case WANTED_VERSION:
		return build_version_needs(b, value);
	case WANTED_SUITE:
		return build_suite_needs(b, value);
	case WANTED_GROUP:
		return build_group_needs(b, value);
	case WANTED_SCHEME:
		return build_scheme_needs(b, value);
	}
	return NULL;
}

static bool is_wanted(const struct build *b, const struct config *c, enum wanted_kind kind,
	uint16_t value, struct wanted *out)
{
	*out = (struct wanted){ kind, value, wanted_needs(b, kind, value) };
	return out->needs != NULL && !config_holds(c, out->needs);
}

static bool of_list(const struct build *b, const struct config *c, enum wanted_kind kind,
	const struct terms_list *l, struct wanted *out)
{
	for (size_t i = 0; i < l->n; i++)
		if (is_wanted(b, c, kind, l->value[i], out))
			return true;
	return false;
}

/* No weak one, and none that a server could not sign for. */
static bool of_suites(
	const struct build *b, const struct config *c, const struct terms *peer, struct wanted *out)
{
	for (size_t i = 0; i < peer->n_suites; i++) {
		const struct suite *s = suite_find(peer->suites[i].value);

		if (s != NULL && !s->weak && s->auth != AUTH_NONE &&
			is_wanted(b, c, WANTED_SUITE, s->value, out))
			return true;
	}
	return false;
}

bool wanted_of(const struct build *b, const struct config *c, const struct terms *peer,
	enum agreement_step step, struct wanted *out)
{
	switch (step) {
	case STOPS_AT_VERSION:
		return of_list(b, c, WANTED_VERSION, &peer->versions, out);
	case STOPS_AT_SUITE:
	case STOPS_AT_KEY:
		return of_suites(b, c, peer, out);
	case STOPS_AT_GROUP:
		return of_list(b, c, WANTED_GROUP, &peer->groups, out);
	case STOPS_AT_SCHEME:
		return of_list(b, c, WANTED_SCHEME, &peer->schemes, out);
	case STOPS_AT_RECORD:
	case STOPS_AT_CURVE:
	case AGREED:
		break;
	}
	return false;
}
