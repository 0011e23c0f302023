/* Rows of data/verifier-atlas.tsv, which lists refusals: what is not there was accepted. */
#include "names/verifiers.h"

#include "base/array.h"

#include <string.h>

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

const char *verifier_role_id(enum verifier_role role)
{
	static const char *const ids[N_VERIFIER_ROLES] = { "client-tls12", "client-tls13",
		"server" };

	return ids[role];
}

size_t verifier_count(void)
{
	return COUNT(verifier_table);
}

const struct verifier *verifier_at(size_t i)
{
	return i < COUNT(verifier_table) ? &verifier_table[i] : NULL;
}

struct kin {
	enum stack stack;
	const char *verifier; /* the one it is; NULL: all of the family */
	const char *family;   /* as in verifiers.tsv */
};

static const struct kin kins[] = {
	{ STACK_OPENSSL, NULL, "OpenSSL" },
	{ STACK_MBEDTLS_2, "mbedtls28", "mbedTLS" },
	{ STACK_MBEDTLS_3, "mbedtls36", "mbedTLS" },
	{ STACK_GNUTLS, NULL, "GnuTLS" },
	{ STACK_WOLFSSL, NULL, "wolfSSL" },
	{ STACK_NSS, NULL, "NSS" },
	{ STACK_BOTAN, NULL, "Botan" },
	{ STACK_GO, NULL, "Go" },
	{ STACK_RUSTLS, NULL, "rustls" },
	{ STACK_BORINGSSL, NULL, "Chromium" },
	{ STACK_JSSE, NULL, "Java" },
};

bool verifier_is_of(size_t i, enum stack stack)
{
	const struct verifier *v = verifier_at(i);

	for (size_t k = 0; v != NULL && k < COUNT(kins); k++)
		if (kins[k].stack == stack)
			return strcmp(v->stack, kins[k].family) == 0 &&
			       (kins[k].verifier == NULL || strcmp(v->id, kins[k].verifier) == 0);
	return false;
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
