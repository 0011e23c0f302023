/* RFC 8446 C.1. */
#include "diagnose/story.h"

static const enum check_id explains[] = { CHECK_random_fresh, N_CHECKS };

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0;

	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct examined *ex = cf->kept[i];
		const struct repeats *r = &ex->hs->repeats;

		if (!r->client_random_patterned && !r->server_random_patterned)
			continue;
		finding_add(f, ex, explains);
		if (n++ != 0)
			continue;
		finding_say(f, cf, "%s's random is not random: its generator does not work",
			r->server_random_patterned ? "The server" : "The client");
		finding_quote(f, cf, ex, CHECK_random_fresh);
	}
	f->confidence = CONFIDENCE_CERTAIN;
	return n != 0;
}

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
	.run = run,
	.next_steps = steps,
};
