/* RFC 8446 C.1: 28 or 32 random bytes never come twice. */
#include "diagnose/story.h"

static const enum check_id explains[] = { CHECK_random_fresh, CHECK_ephemeral_fresh, N_CHECKS };

/* One handshake captured twice (two interfaces, a merge) repeats everything. */
static bool same_capture(const struct repeats *r)
{
	return r->client_random != 0 && r->client_random == r->server_random;
}

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0;

	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct examined *ex = cf->kept[i];
		const struct repeats *r = &ex->hs->repeats;

		if ((r->client_random == 0 && r->server_random == 0) || same_capture(r))
			continue;
		finding_add(f, ex, explains);
		if (n++ != 0)
			continue;
		finding_say(f, cf, "%s sends the same random again: its generator repeats itself",
			r->server_random != 0 ? "The server" : "The client");
		finding_quote(f, cf, ex, CHECK_random_fresh);
		if (r->server_random != 0 && r->server_public != 0)
			finding_prove(f, cf, 0, "its ephemeral key comes back too");
	}
	f->confidence = CONFIDENCE_CERTAIN;
	return n != 0;
}

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
	.run = run,
	.next_steps = steps,
};
