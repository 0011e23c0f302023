/* RFC 8446 C.1. */
#include "diagnose/handshakes.h"

static const enum check_id explains[] = { CHECK_random_fresh, N_CHECKS };

static bool shows(const struct handshake_view *v)
{
	return v->hs->side[SIDE_CLIENT].repeats.pattern != NULL ||
	       v->hs->side[SIDE_SERVER].repeats.pattern != NULL;
}

static void prove(const struct handshake_view *v, struct finding *f)
{
	finding_say(f, v->cf, "%s's random is not random: its generator does not work",
		v->hs->side[SIDE_SERVER].repeats.pattern != NULL ? "The server" : "The client");
	finding_quote(f, v->cf, v->ex, CHECK_random_fresh);
}

static const struct handshake_rule rule = {
	.shows = shows,
	.prove = prove,
	.explains = explains,
	.confidence = CONFIDENCE_CERTAIN,
};

static const char *const steps[] = {
	"look for a stub: rand(), a vendor example that counts, a test generator left in",
	"connect mbedtls_hardware_poll to the hardware generator and check its error bits",
	"replace keys made on this device: they may be guessable",
	NULL,
};

const struct cause cause_random_not_random = {
	.id = "random-not-random",
	.origin = ORIGIN_ENTROPY,
	.summary = "A hello random shows a pattern: the random number generator does not work",
	.handshake = &rule,
	.next_steps = steps,
};
