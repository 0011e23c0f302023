/* A private key of 1, 2, 3 ... is what a generator that returns zeros or counts leads to. */
#include "diagnose/handshakes.h"

static const enum check_id explains[] = { CHECK_ephemeral_fresh, CHECK_ske_point_on_curve,
	CHECK_cke_point_on_curve, N_CHECKS };

/* RFC 7748 6.1: whatever the other side does, the secret is zero. A buffer that nothing was written to is so. */
static bool is_zero(const struct handshake *hs, enum side side)
{
	return hs->side[side].point == POINT_LOW_ORDER;
}

static bool shows(const struct handshake_view *v)
{
	return is_zero(v->hs, SIDE_SERVER) || is_zero(v->hs, SIDE_CLIENT) ||
	       v->hs->side[SIDE_SERVER].repeats.public_multiple != 0 ||
	       v->hs->side[SIDE_CLIENT].repeats.public_multiple != 0;
}

static void prove_zero(const struct handshake_view *v, struct finding *f)
{
	bool server = is_zero(v->hs, SIDE_SERVER);

	finding_say(f, v->cf,
		"%s's ephemeral public key is none: every secret made with it is zero",
		server ? "The server" : "The client");
	finding_quote(
		f, v->cf, v->ex, server ? CHECK_ske_point_on_curve : CHECK_cke_point_on_curve);
	finding_step(f, v->cf,
		"was the key pair made before the message was written, and did making it fail?");
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	uint32_t server = v->hs->side[SIDE_SERVER].repeats.public_multiple;
	uint32_t client = v->hs->side[SIDE_CLIENT].repeats.public_multiple;

	if (server == 0 && client == 0) {
		prove_zero(v, f);
		return;
	}
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
