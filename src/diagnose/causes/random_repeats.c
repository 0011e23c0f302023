/* RFC 8446 C.1: 28 or 32 random bytes never come twice. */
#include "diagnose/handshakes.h"

static const enum check_id explains[] = { CHECK_random_fresh, CHECK_ephemeral_fresh, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	return (v->hs->side[SIDE_CLIENT].repeats.random != 0 ||
		       v->hs->side[SIDE_SERVER].repeats.random != 0) &&
	       !captured_twice(v->hs);
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	const struct repeats *server = &v->hs->side[SIDE_SERVER].repeats;

	finding_say(f, v->cf, "%s sends the same random again: its generator repeats itself",
		server->random != 0 ? "The server" : "The client");
	finding_quote(f, v->cf, v->ex, CHECK_random_fresh);
	if (server->random != 0 && server->public_key != 0)
		finding_prove(f, v->cf, 0, "its ephemeral key comes back too");
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_CERTAIN,
};

static const char *const steps[] = {
	"look at the entropy source: a mbedtls_hardware_poll that returns constant data is not "
	"noticed by mbedTLS",
	"seed the DRBG from the hardware generator after it is clocked and ready, at every boot",
	"replace keys made on this device: they may be guessable",
	NULL,
};

const struct cause cause_random_repeats = {
	.id = "random-repeats",
	.origin = ORIGIN_ENTROPY,
	.summary = "A hello random comes back: the random number generator repeats itself",
	.handshake = &rule,
	.next_steps = steps,
};
