/* RFC 9325 7.4: some servers keep a key for a while on purpose; a device that cannot make a new one is worse. */
#include "diagnose/story.h"

static const enum check_id explains[] = { CHECK_ephemeral_fresh, N_CHECKS };

static bool run(const struct case_file *cf, struct finding *f)
{
	size_t n = 0, random_too = 0;

	for (size_t i = 0; i < cf->n_kept; i++) {
		const struct examined *ex = cf->kept[i];
		const struct repeats *r = &ex->hs->repeats;

		if (r->server_public == 0 ||
			(r->client_random != 0 && r->client_random == r->server_random))
			continue;
		random_too += r->server_random != 0;
		finding_add(f, ex, explains);
		if (n++ == 0)
			finding_quote(f, cf, ex, CHECK_ephemeral_fresh);
	}
	if (n != 0 && random_too == 0)
		finding_prove(f, cf, 0,
			"its randoms are new each time, so the key may be kept on purpose");
	f->severity = random_too != 0 ? SEVERITY_ERROR : SEVERITY_WARNING;
	f->confidence = CONFIDENCE_CERTAIN;
	return n != 0;
}

static const char *const steps[] = {
	"if the server keeps its key on purpose (OpenSSL before 1.1, some accelerators), let it "
	"make a new one for each handshake",
	"if not: look at the generator behind mbedtls_ecdh_make_params, and at a context that is "
	"never renewed",
	NULL,
};

const struct cause cause_ephemeral_key_repeats = {
	.id = "ephemeral-key-repeats",
	.origin = ORIGIN_ENTROPY,
	.summary = "The server uses one ephemeral key for several handshakes",
	.run = run,
	.next_steps = steps,
};
