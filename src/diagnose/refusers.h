/*
 * Who refuses a chain: what each verifier that was measured (names/verifiers.h) answers to the
 * properties that it has (pki/properties.h). A chain is refused by whoever refuses one of them; where
 * several properties are refused with different alerts, any of these may come. Pure.
 */
#ifndef TLSDIAG_DIAGNOSE_REFUSERS_H
#define TLSDIAG_DIAGNOSE_REFUSERS_H

#include "pki/properties.h"

enum verdict_of_verifier { VERDICT_UNKNOWN, VERDICT_ACCEPTS, VERDICT_REFUSES };
const char *verdict_text(enum verdict_of_verifier v); /* "accepts" */

enum { REFUSALS_MAX = 8 };

struct refusal {
	enum property property;
	struct verifier_answer answer;
};

struct judged_by {
	enum verdict_of_verifier verdict;
	struct refusal refusal[REFUSALS_MAX]; /* the first ones, in the order of the properties */
	size_t n_refusals;
};

/* False: verifier i was not measured in that role. */
bool refusers_ask(const struct properties *p, size_t verifier, enum verifier_role role,
	struct judged_by *out);

/* The nine stacks that a report names; the other verifiers are built on one of them, or stricter by an
 * option. */
enum { NINE_STACKS = 9 };
bool refusers_is_one_of_nine(const struct verifier *v);

/* How many of the nine refuse it, in any version, in one of these roles (1 << enum verifier_role). */
size_t refusers_count(const struct properties *p, unsigned roles);

#endif
