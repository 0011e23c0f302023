/*
 * What a cause is called and whose fault it is when a program of the other side says so: a server that has
 * no memory left is not the client, and a point that a server refuses is not the server's.
 */
#include "base/array.h"
#include "diagnose/claims.h"

static const struct side_words {
	enum cause_id cause;
	enum side by;
	enum saying saying;  /* SAYING_NONE: whatever it says */
	const char *summary; /* NULL: that of the cause */
	enum origin origin;
} words[] = {
	{ CAUSE_heap_exhausted, SIDE_CLIENT, SAYING_out_of_memory,
		"The client ran out of memory in the handshake", ORIGIN_MEMORY },
	{ CAUSE_heap_exhausted, SIDE_SERVER, SAYING_out_of_memory,
		"The server ran out of memory in the handshake", ORIGIN_MEMORY },
	{ CAUSE_heap_exhausted, SIDE_CLIENT, SAYING_heap_low,
		"The client ran out of memory in the handshake", ORIGIN_MEMORY },
	{ CAUSE_heap_exhausted, SIDE_SERVER, SAYING_heap_low,
		"The server ran out of memory in the handshake", ORIGIN_MEMORY },
	{ CAUSE_ec_arithmetic_broken, SIDE_SERVER, SAYING_peer_point,
		"The client computes elliptic curves wrongly", ORIGIN_DEVICE_CRYPTO },
	{ CAUSE_ec_arithmetic_broken, SIDE_SERVER, SAYING_peer_point_bad,
		"The client computes elliptic curves wrongly", ORIGIN_DEVICE_CRYPTO },
	{ CAUSE_ec_arithmetic_broken, SIDE_CLIENT, SAYING_own_arithmetic,
		"The client computes elliptic curves wrongly", ORIGIN_DEVICE_CRYPTO },
	{ CAUSE_verifier_broken, SIDE_SERVER, SAYING_NONE,
		"The server refuses a signature that is valid: it verifies wrongly",
		ORIGIN_DEVICE_CRYPTO },
	{ CAUSE_weak_key, SIDE_CLIENT, SAYING_peer_weak_group,
		"The server's Diffie-Hellman group is too small for the client", ORIGIN_CONFIG },
	{ CAUSE_wrong_private_key, SIDE_CLIENT, SAYING_own_key_mismatch,
		"The private key and the certificate that the program was given do not belong "
		"together",
		ORIGIN_KEY },
	{ CAUSE_wrong_private_key, SIDE_SERVER, SAYING_own_key_mismatch,
		"The private key and the certificate that the program was given do not belong "
		"together",
		ORIGIN_KEY },
	{ CAUSE_no_trust_anchor, SIDE_CLIENT, SAYING_NONE,
		"The client has nothing to verify against: no CA was given to it", ORIGIN_CONFIG },
	{ CAUSE_no_trust_anchor, SIDE_SERVER, SAYING_NONE,
		"The server has nothing to verify against: no CA was given to it", ORIGIN_CONFIG },
	{ CAUSE_parameter_not_offered, SIDE_SERVER, SAYING_NONE,
		"The client uses something that the server did not ask for", ORIGIN_CLIENT },
	{ CAUSE_message_malformed, SIDE_SERVER, SAYING_NONE, NULL, ORIGIN_CLIENT },
	{ CAUSE_unexpected_message, SIDE_SERVER, SAYING_NONE, NULL, ORIGIN_CLIENT },
};

void claims_accuse(const struct claim *s, struct finding *f)
{
	for (size_t i = 0; i < COUNT(words); i++) {
		if (causes[words[i].cause] != f->cause || words[i].by != s->by ||
			(words[i].saying != SAYING_NONE && words[i].saying != s->saying))
			continue;
		if (words[i].summary != NULL)
			f->summary = words[i].summary;
		f->origin = words[i].origin;
		return;
	}
}

bool claims_own_files(const struct claim *s)
{
	static const enum saying files[] = { SAYING_key_unreadable, SAYING_key_encrypted,
		SAYING_certificate_unreadable, SAYING_pem_not_terminated,
		SAYING_psa_not_initialised, SAYING_own_key_mismatch, SAYING_own_weak_key,
		SAYING_own_weak_hash };

	for (size_t i = 0; i < COUNT(files); i++)
		if (files[i] == s->saying)
			return true;
	return false;
}
