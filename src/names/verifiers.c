/* Rows of data/verifier-atlas.tsv, which lists refusals: what is not there was accepted. */
#include "names/verifiers.h"

#include "base/array.h"

/* Who gave one answer to one property: a bit for each verifier, by role. */
struct refusal_row {
	uint32_t who[N_VERIFIER_ROLES];
	uint16_t property, code;
	uint8_t result; /* an alert's number, or one of those below */
};

/* Above all numbers of alerts. */
enum { RESULT_NOTIFY = 250, RESULT_NONE, RESULT_STORE, RESULT_UNJUDGED };

enum {
	ROLE_C = 1 << VERIFIER_CLIENT_12,
	ROLE_T = 1 << VERIFIER_CLIENT_13,
	ROLE_S = 1 << VERIFIER_SERVER,
};

#define NAMES_VERIFIERS
#include "names.inc"

const char *verifier_role_text(enum verifier_role role)
{
	static const char *const texts[N_VERIFIER_ROLES] = { "client, TLS 1.2", "client, TLS 1.3",
		"server" };

	return texts[role];
}

size_t verifier_count(void)
{
	return COUNT(verifier_table);
}

const struct verifier *verifier_at(size_t i)
{
	return i < COUNT(verifier_table) ? &verifier_table[i] : NULL;
}

const struct property_info *property_info(enum property p)
{
	return &property_table[p];
}

static struct verifier_answer answer_of(const struct refusal_row *row)
{
	const char *code = refusal_codes[row->code];

	switch (row->result) {
	case RESULT_NOTIFY:
		return (struct verifier_answer){ VERIFIER_CLOSE_NOTIFY, -1, code };
	case RESULT_NONE:
		return (struct verifier_answer){ VERIFIER_CLOSES, -1, code };
	case RESULT_STORE:
		return (struct verifier_answer){ VERIFIER_STORE, -1, code };
	case RESULT_UNJUDGED:
		return (struct verifier_answer){ VERIFIER_UNMEASURED, -1, code };
	default:
		return (struct verifier_answer){ VERIFIER_ALERT, row->result, code };
	}
}

struct verifier_answer verifier_answer(enum property p, size_t i, enum verifier_role role)
{
	unsigned bit = 1u << role;

	if ((property_table[p].roles & bit) == 0)
		p = property_table[p].like;
	if (i >= COUNT(verifier_table) || (verifier_table[i].roles & bit) == 0 ||
		(property_table[p].roles & bit) == 0)
		return (struct verifier_answer){ VERIFIER_UNMEASURED, -1, "" };
	for (size_t r = first_refusal[p]; r < first_refusal[p + 1]; r++)
		if ((refusal_table[r].who[role] >> i & 1) != 0)
			return answer_of(&refusal_table[r]);
	return (struct verifier_answer){ VERIFIER_ACCEPTS, -1, "" };
}
