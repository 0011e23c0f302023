/* FIPS 186-5 A.3: one r under one key, and both signatures give the key away. */
#include "diagnose/handshakes.h"

static const enum check_id explains[] = { CHECK_nonce_fresh, CHECK_random_fresh, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	return v->hs->side[SIDE_SERVER].repeats.nonce != 0 && !captured_twice(v->hs) &&
	       v->hs->side[SIDE_SERVER].proof.out_of_range == NULL;
}

/* A signature that does not verify need not have been made with a nonce at all. */
static void take(const struct handshake_view *v, struct finding *f)
{
	if (v->hs->side[SIDE_SERVER].proof.signature.state == PROOF_INVALID &&
		!v->ex->autopsy.nonce_key_recovered)
		LOWER_CONFIDENCE(f, CONFIDENCE_LIKELY);
}

static bool recovered(const struct handshake_view *v)
{
	return shows(v) && v->ex->autopsy.nonce_key_recovered;
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	finding_quote(f, v->cf, v->ex, CHECK_nonce_fresh);
	if (find_handshake(v->cf, recovered) != NULL)
		finding_prove(f, v->cf, 0,
			"the private key computed from the two signatures belongs to the "
			"certificate (not shown)");
}

static const struct handshake_rule rule = {
	.shows = shows,
	.take = take,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_CERTAIN,
};

static const char *const steps[] = {
	"treat the key as stolen: revoke the certificate, make a new key on a machine with a good "
	"generator",
	"build with MBEDTLS_ECDSA_DETERMINISTIC (RFC 6979): it needs no random number for signing",
	"find out why the generator repeats: the same seed after every boot is usual",
	NULL,
};

const struct cause cause_nonce_reused = {
	.id = "nonce-reused",
	.origin = ORIGIN_ENTROPY,
	.summary = "Two ECDSA signatures share their nonce: the private key is public knowledge",
	.handshake = &rule,
	.next_steps = steps,
};
