/* A private key of 1, 2, 3 ... is what a generator that returns zeros or counts leads to. */
#include "diagnose/handshakes.h"

static const enum check_id explains[] = { CHECK_ephemeral_fresh, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	const struct repeats *r = &v->hs->repeats;

	return r->server_public_multiple != 0 || r->client_public_multiple != 0;
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	const struct repeats *r = &v->hs->repeats;

	finding_say(f, v->cf, "%s's ephemeral private key is %u: anybody can read the session",
		r->server_public_multiple != 0 ? "The server" : "The client",
		r->server_public_multiple != 0 ? r->server_public_multiple
					       : r->client_public_multiple);
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
