/* A private key of 1, 2, 3 ... is what a generator that returns zeros or counts leads to. */
#include "diagnose/story.h"

static const enum check_id explains[] = { CHECK_ephemeral_fresh, N_CHECKS };

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0;

	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct examined *ex = cf->kept[i];
		const struct repeats *r = &ex->hs->repeats;

		if (r->server_public_multiple == 0 && r->client_public_multiple == 0)
			continue;
		finding_add(f, ex, explains);
		if (n++ != 0)
			continue;
		finding_say(f, cf, "%s's ephemeral private key is %u: anybody can read the session",
			r->server_public_multiple != 0 ? "The server" : "The client",
			r->server_public_multiple != 0 ? r->server_public_multiple
						       : r->client_public_multiple);
		finding_quote(f, cf, ex, CHECK_ephemeral_fresh);
	}
	f->confidence = CONFIDENCE_CERTAIN;
	return n != 0;
}

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
	.run = run,
	.next_steps = steps,
};
