/* What one side offers and a build of mbedTLS could have, were it compiled in. Pure. */
#ifndef TLSDIAG_NEGOTIATE_WANTED_H
#define TLSDIAG_NEGOTIATE_WANTED_H

#include "negotiate/agree.h"

enum wanted_kind { WANTED_VERSION, WANTED_SUITE, WANTED_GROUP, WANTED_SCHEME };

struct wanted {
	enum wanted_kind kind;
	uint16_t value;
	const char *needs; /* of a configuration, as #if has it */
};

/* What a build of that release needs for it; NULL: the release has no such thing. */
const char *wanted_needs(const struct build *b, enum wanted_kind kind, uint16_t value);

/*
 * The first of the peer's list at which the two came to an end that is not compiled in, and worth having; false: none
 * is, or it is no list that ended them.
 */
bool wanted_of(const struct build *b, const struct config *c, const struct terms *peer,
	enum agreement_step step, struct wanted *out);

#endif
