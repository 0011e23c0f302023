/* A private key of 1, 2, 3 ... is what a generator that returns zeros or counts leads to. */
#include "diagnose/handshakes.h"

static const enum check_id explains[] = { CHECK_ephemeral_fresh, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	return v->hs->side[SIDE_SERVER].repeats.public_multiple != 0 ||
	       v->hs->side[SIDE_CLIENT].repeats.public_multiple != 0;
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	uint32_t server = v->hs->side[SIDE_SERVER].repeats.public_multiple;
	uint32_t client = v->hs->side[SIDE_CLIENT].repeats.public_multiple;

	finding_say(f, v->cf, "%s's ephemeral private key is %u: anybody can read the session",
		server != 0 ? "The server" : "The client", server != 0 ? server : client);
	finding_quote(f, v->cf, v->ex, CHECK_ephemeral_fresh);
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_CERTAIN,
};

static const char *const steps[] = {
	"look at the generator that f_rng points to: a stub that returns 0 or 1 leads here",
	"let mbedtls_ecp_gen_keypair draw from a seeded CTR_DRBG",
	NULL,
};

const struct cause cause_ephemeral_key_trivial = {
	.id = "ephemeral-key-trivial",
	.origin = ORIGIN_ENTROPY,
	.summary =
		"An ephemeral key is a small multiple of the generator: its private key is known",
	.handshake = &rule,
	.next_steps = steps,
};
